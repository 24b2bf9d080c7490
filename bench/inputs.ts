/** The elements that everybody computes with: seeded, so that a row's inputs are the same in every run and for every peer. */
import { uniform } from '../src/graph/testing/uniform.ts';
import type { Input, Task } from './tasks.ts';

const countOf = ({ axes }: Input): number => Object.values(axes).reduce((product, size) => product * size, 1);

function elementsOf(input: Input, seed: number): Float32Array {
  const count = countOf(input);
  const { axes, fill, scale = 1 } = input;
  if (fill === 'zeros') return new Float32Array(count);
  if (fill === 'ones') return new Float32Array(count).fill(1);
  if (fill === 'random') return Float32Array.from(uniform(count, seed, -Math.sqrt(3) * scale, Math.sqrt(3) * scale));
  const classes = Object.values(axes).at(-1) ?? 1;
  const chosen = uniform(count / classes, seed, 0, classes);
  return Float32Array.from({ length: count }, (_, index) =>
    index % classes === Math.floor(chosen[Math.floor(index / classes)] ?? 0) ? 1 : 0,
  );
}

export function inputsOf(task: Task): readonly Float32Array[] {
  return task.inputs.map((input, index) => elementsOf(input, index + 1));
}
