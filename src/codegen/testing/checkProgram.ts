/**
 * One random program in every way it can run, held against the f64 evaluator and against itself.
 *
 * Invariant: a seed is a program; what a check says is a sentence that stands with the seed and the program's text for a report.
 */
import { vjp } from '../../graph/autodiff/vjp.ts';
import { constantLike, input } from '../../graph/build.ts';
import { evaluate } from '../../graph/evaluate.ts';
import { makeGraph } from '../../graph/graph.ts';
import { printGraph } from '../../graph/print.ts';
import { finiteDifferenceVjp } from '../../graph/testing/finiteDifference.ts';
import { uniform } from '../../graph/testing/uniform.ts';
import type { Graph, Value } from '../../graph/value.ts';
import { sizeOf } from '../../types/dim.ts';
import { at } from '../at.ts';
import { type CompileOptions, compile } from '../compile.ts';
import { errorOf } from './differential.ts';
import { exactInputs, randomProgram, type Step } from './randomProgram.ts';
import { runProgram } from './runProgram.ts';
import { throughModule } from './writtenModule.ts';

/** As a part of 1 + |expected|: see docs/numerics.md. */
export const bound = 2e-5;
/** Gradients have longer chains, and factors that are not of size 1. */
export const gradientBound = 2e-4;
const differenceBound = 1e-5;

export function stepsOf(seed: number): readonly Step[] {
  const numbers = Array.from(uniform(4 * 24, seed + 1, 0, 2 ** 20), Math.floor);
  const length = 4 + (at(numbers, 0) % 20);
  return Array.from(
    { length },
    (_, i): Step => [at(numbers, 4 * i), at(numbers, 4 * i + 1), at(numbers, 4 * i + 2), at(numbers, 4 * i + 3)],
  );
}

const nameOf = (value: Value): string => ('name' in value.params ? value.params.name : '');
const countOf = ({ shape }: Value): number => shape.reduce<number>((product, dim) => product * Number(sizeOf(dim)), 1);

/** Exact where the program takes it for exact. */
export function inputsOf(graph: Graph): readonly Float64Array[] {
  return graph.inputs.map((value, i) => {
    const elements = uniform(countOf(value), i + 1);
    if (value.dtype === 'bool') return elements.map((x) => (x > 0 ? 1 : 0));
    if (value.dtype !== 'f32') return elements.map((x) => Math.floor((value.dtype === 'u32' ? Math.abs(x) : x) * 100));
    return exactInputs.includes(nameOf(value)) ? elements.map((x) => Math.round(x * 64) / 64) : elements.map(Math.fround);
  });
}

type Compile = typeof compile;

const ways: readonly (readonly [name: string, options: CompileOptions])[] = [
  ['optimised', {}],
  ['not simplified', { simplify: false }],
  ['not fused', { fuse: false }],
  ['neither simplified nor fused', { simplify: false, fuse: false }],
];

function difference(
  graph: Graph,
  got: readonly ArrayLike<number>[],
  expected: readonly ArrayLike<number>[],
  most: number,
): string | undefined {
  for (const [i, output] of graph.outputs.entries()) {
    const error = errorOf(at(got, i), at(expected, i));
    if (error > (output.dtype === 'f32' ? most : 0)) return `output ${i}, ${output.dtype}, differs by ${error}`;
  }
  return undefined;
}

/** A sentence, or undefined where all is well. */
export async function checkProgram(device: GPUDevice, steps: readonly Step[], make: Compile = compile): Promise<string | undefined> {
  const { graph } = randomProgram(steps);
  const inputs = inputsOf(graph);
  const expected = evaluate(graph, inputs);
  for (const [name, options] of ways) {
    const program = make(graph, { ...options, verify: true });
    const got = await runProgram(device, program, inputs, { variant: 'quadSwap' });
    const problem = difference(graph, got, expected, bound);
    if (problem !== undefined) return `${name}: ${problem}`;
    if (name !== 'optimised') continue;
    const again = await runProgram(device, throughModule(program), inputs, { variant: 'quadSwap' });
    if (JSON.stringify(again) !== JSON.stringify(got)) return 'two runs, the second by the generated module, differ';
  }
  return checkGradient(device, graph, inputs, make);
}

/** Of a weighted sum of the outputs, with respect to the inputs of any value. */
async function checkGradient(device: GPUDevice, graph: Graph, inputs: readonly Float64Array[], make: Compile): Promise<string | undefined> {
  const outputs = graph.outputs.filter(({ dtype }) => dtype === 'f32');
  const moved = graph.inputs.filter((value) => value.dtype === 'f32' && !exactInputs.includes(nameOf(value)));
  if (outputs.length === 0) return undefined;
  const weights = outputs.map((value, i) => uniform(countOf(value), 100 + i).map(Math.fround));
  const cotangents = outputs.map((value, i) => input(`d${i}`, value.shape, 'f32'));
  const gradients = vjp(outputs, moved, cotangents).map((gradient, i) => gradient ?? constantLike(at(moved, i), 0));
  const backward = makeGraph('gradient', [...graph.inputs, ...cotangents], gradients);
  const found = evaluate(backward, [...inputs, ...weights]);
  const run = (xs: readonly ArrayLike<number>[]) =>
    evaluate(
      { ...graph, outputs },
      graph.inputs.map((value, i) => (moved.includes(value) ? at(xs, moved.indexOf(value)) : at(inputs, i))),
    );
  const points = moved.map((value) => at(inputs, graph.inputs.indexOf(value)));
  const [near, wide] = [1e-5, 1e-4].map((step) => finiteDifferenceVjp(run, points, weights, step)) as [Float64Array[], Float64Array[]];
  // at a corner the two steps see different slopes
  const isSmooth = near.every((elements, i) => errorOf(elements, at(wide, i)) < differenceBound);
  if (!isSmooth) return undefined;
  for (const [i, elements] of near.entries()) {
    const error = errorOf(at(found, i), elements);
    if (error > differenceBound) return `the gradient of ${nameOf(at(moved, i))} differs from finite differences by ${error}`;
  }
  const got = await runProgram(device, make(backward, { verify: true }), [...inputs, ...weights], { variant: 'quadSwap' });
  const problem = difference(backward, got, found, gradientBound);
  return problem === undefined ? undefined : `gradient: ${problem}`;
}

/** The fewest steps that still fail. */
async function shrink(steps: readonly Step[], check: (some: readonly Step[]) => Promise<string | undefined>): Promise<readonly Step[]> {
  let now = steps;
  for (let i = now.length - 1; i >= 0; i--) {
    const fewer = now.toSpliced(i, 1);
    if ((await check(fewer)) !== undefined) now = fewer;
  }
  return now;
}

/** What failed, and the smallest program that fails. Undefined where nothing does. */
export async function reportOf(device: GPUDevice, seed: number, make: Compile = compile): Promise<string | undefined> {
  const steps = stepsOf(seed);
  const check = (some: readonly Step[]) => checkProgram(device, some, make).catch((error: unknown) => `${error}`);
  const problem = await check(steps);
  if (problem === undefined) return undefined;
  const fewest = await shrink(steps, check);
  const { graph } = randomProgram(fewest);
  return [`seed ${seed}: ${problem}`, `shrunk to ${fewest.length} steps: ${await check(fewest)}`, printGraph(graph)].join('\n');
}
