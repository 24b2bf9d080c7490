/**
 * What every layer must pass: its result and its gradients are the stored ones of PyTorch, its gradients are those written by hand and
 * those of finite differences. All of it in f64, without a device.
 *
 * Invariant: a check without a stored case, without a gradient by hand, or of another number of elements fails.
 */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { evaluate } from '../../graph/evaluate.ts';
import { makeGraph } from '../../graph/graph.ts';
import { finiteDifferenceVjp, innerProduct } from '../../graph/testing/finiteDifference.ts';
import { uniform } from '../../graph/testing/uniform.ts';
import type { Tensor } from '../../index.ts';
import { traceFunction } from '../../language/traceFunction.ts';
import { vjp } from '../../language/vjp.ts';
import type { Structure } from '../../program/structure.ts';
import type { Dim } from '../../types/dim.ts';
import type { DType } from '../../types/dtype.ts';

export interface Check {
  /** Of the case in tests/references/nn.json. */
  readonly name: string;
  /** Of the arguments that have a gradient, in order. */
  readonly shapes: readonly (readonly Dim[])[];
  /** Of those that follow and have none. */
  readonly fixed?: readonly (readonly [shape: readonly Dim[], dtype: DType])[];
  readonly result: readonly Dim[];
  readonly f: (...tensors: never[]) => unknown;
  /** The gradients, given the cotangent and the arguments. */
  readonly byHand: (dy: never, ...tensors: never[]) => readonly unknown[];
}

interface Stored {
  readonly inputs: readonly (readonly number[])[];
  readonly cotangent: readonly number[];
  readonly y: readonly number[];
  readonly gradients: readonly (readonly number[])[];
}

export interface References {
  readonly layers: Readonly<Record<string, Stored>>;
  readonly optimizers: {
    readonly start: readonly number[];
    readonly gradients: readonly (readonly number[])[];
    readonly paths: Readonly<Record<string, readonly (readonly number[])[]>>;
    readonly clipped: Readonly<Record<'gradients' | 'byGlobalNorm' | 'byValue', readonly (readonly number[])[]>>;
  };
  readonly schedules: Readonly<Record<string, readonly number[]>>;
}

export const references = JSON.parse(readFileSync(new URL('../../../tests/references/nn.json', import.meta.url), 'utf8')) as References;

type Run = (inputs: readonly ArrayLike<number>[]) => Float64Array[];
type Typed = readonly [shape: readonly Dim[], dtype: DType];
type AnyFunction = (...tensors: never[]) => unknown;

/** A function of the language, run in f64. */
export function inF64(f: AnyFunction, given: readonly Typed[]): Run {
  const items = given.map(([shape, dtype]): Structure => ({ kind: 'tensor', type: { shape, dtype } }));
  const { inputs, outputs } = traceFunction('layer', f, { kind: 'tuple', items });
  const graph = makeGraph('check', inputs, outputs);
  return (data) =>
    evaluate(
      graph,
      data.map((elements) => Float64Array.from(elements)),
      {},
    );
}

export function expectClose(got: ArrayLike<number> | undefined, expected: ArrayLike<number> | undefined, digits: number): void {
  expect(got?.length).toBe(expected?.length);
  for (let at = 0; at < (expected?.length ?? 0); at++) expect(got?.[at], `element ${at}`).toBeCloseTo(expected?.[at] ?? Number.NaN, digits);
}

export function checkLayer({ name, shapes, fixed = [], result, f, byHand }: Check): void {
  const stored = references.layers[name];
  if (stored === undefined) throw new Error(`there is no stored case '${name}'`);
  const floating = shapes.map((shape): Typed => [shape, 'f32']);
  const count = shapes.length;

  const forward = inF64(f, [...floating, ...fixed]);
  expectClose(forward(stored.inputs)[0], stored.y, 9);

  const both = inF64(
    (...given: never[]) => {
      const [dy] = given.slice(-1) as [never];
      const [moving, still] = [given.slice(0, count), given.slice(count, -1)];
      const pullback = vjp((...tensors: never[]) => f(...tensors, ...still) as Tensor<[]>)(...(moving as never[]));
      return [...(pullback.backward(dy) as unknown as unknown[]), ...byHand(dy, ...moving, ...still)];
    },
    [...floating, ...fixed, [result, 'f32']],
  );
  const gradients = both([...stored.inputs, stored.cotangent]);
  expect(gradients.length).toBe(2 * count);
  for (const [at, expected] of stored.gradients.entries()) {
    expectClose(gradients[at], expected, 9);
    expectClose(gradients[count + at], gradients[at], 9);
  }
  // Along one direction for each argument: the single elements are compared above.
  for (const at of stored.gradients.keys()) {
    const elements = Float64Array.from(stored.inputs[at] ?? []);
    const direction = uniform(elements.length, at + 1);
    const along = (step: ArrayLike<number>) =>
      forward(
        stored.inputs.map((input, index) => (index === at ? elements.map((x, i) => x + (step[0] ?? 0) * (direction[i] ?? 0)) : input)),
      );
    const [slope] = finiteDifferenceVjp(([step]) => along(step ?? []), [[0]], [stored.cotangent]);
    expectClose(slope, [innerProduct([gradients[at] ?? []], [direction])], 6);
  }
}
