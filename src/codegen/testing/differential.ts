/** Programs against the f64 evaluator: the same graph and inputs, compiled and run on a device, and evaluated. */
import { evaluate } from '../../graph/evaluate.ts';
import { uniform } from '../../graph/testing/uniform.ts';
import type { Graph, Value } from '../../graph/value.ts';
import { sizeOf } from '../../types/dim.ts';
import { roundToHalf } from '../../types/half.ts';
import { knownSize } from '../../types/size.ts';
import { at } from '../at.ts';
import { type CompileOptions, compile } from '../compile.ts';
import { type RunOptions, runProgram } from './runProgram.ts';

export interface DifferentialOptions extends RunOptions {
  readonly compile?: CompileOptions;
  /** Instead of numbers in -1 … 1. */
  readonly inputs?: readonly ArrayLike<number>[];
}

export function inputsFor(graph: Graph, symbols: Readonly<Record<string, number>> = {}): readonly ArrayLike<number>[] {
  return graph.inputs.map((value, i) => elementsFor(value, i + 1, symbols));
}

function elementsFor({ shape, dtype }: Value, seed: number, symbols: Readonly<Record<string, number>>): ArrayLike<number> {
  const count = shape.map(sizeOf).reduce<number>((product, size) => product * (knownSize(size, symbols) ?? 0), 1);
  const elements = uniform(count, seed);
  if (dtype === 'f32') return elements.map(Math.fround);
  if (dtype === 'f16') return elements.map(roundToHalf);
  if (dtype === 'bool') return elements.map((x) => (x > 0 ? 1 : 0));
  return elements.map((x) => Math.floor((dtype === 'u32' ? Math.abs(x) : x) * 100));
}

/**
 * The greatest error of any element, as a part of 1 + |expected|. Infinite where one is NaN and the other is not, or
 * infinities differ.
 */
export function errorOf(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (got.length !== expected.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < got.length; i++) {
    const [x, due] = [got[i] ?? Number.NaN, expected[i] ?? Number.NaN];
    // integers beyond 2^24 are exact, and no f32
    if (x === due) continue;
    const y = Math.fround(due);
    if (Object.is(x, y) || x === y) continue;
    const error = Math.abs(x - y) / (1 + Math.abs(y));
    worst = Math.max(worst, Number.isNaN(error) ? Number.POSITIVE_INFINITY : error);
  }
  return worst;
}

/** The greatest error of any output. */
export async function differenceFromOracle(device: GPUDevice, graph: Graph, options: DifferentialOptions = {}): Promise<number> {
  const inputs = options.inputs ?? inputsFor(graph, options.symbols);
  const expected = evaluate(graph, inputs, options.symbols);
  const outputs = await runProgram(device, compile(graph, options.compile), inputs, options);
  return Math.max(...outputs.map((output, i) => errorOf(output, at(expected, i))));
}
