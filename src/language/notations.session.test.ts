/** The notations on a device, forward and backward, against the evaluator. */
import { describe, expect, it } from 'vitest';
import { uniform } from '../graph/testing/uniform.ts';
import type { Dim } from '../types/dim.ts';
import type { Tensor } from '../types/tensor/tensor.ts';
import { tensor } from './creation.ts';
import { rearrange, reduce, repeat } from './einops.ts';
import { einsum } from './einsum.ts';
import { expr } from './expr.ts';
import type { LazyTensor } from './lazyTensor.ts';
import { inF64 } from './testing/evaluateLanguage.ts';
import { vjp } from './vjp.ts';

type Loose = (...args: unknown[]) => LazyTensor;
const e = einsum as unknown as Loose;
const x = expr as unknown as Loose;
const r = rearrange as unknown as Loose;
const d = reduce as unknown as Loose;
const p = repeat as unknown as Loose;

interface Case {
  readonly shapes: readonly (readonly Dim[])[];
  readonly f: (...x: LazyTensor[]) => LazyTensor;
}

const cases: Readonly<Record<string, Case>> = {
  'einsum of attention scores': {
    shapes: [
      ['b=2', 'h=3', 'q=5', 'd=4'],
      ['b=2', 'h=3', 'k=7', 'd=4'],
    ],
    f: (q, k) => e('bhqd,bhkd->bhqk', q, k),
  },
  'einsum of four operands': {
    shapes: [['i=3', 'j=4'], ['j=4', 'k=5'], ['k=5'], ['i=3']],
    f: (a, b, c, w) => e('ij,jk,k,i->ji', a, b, c, w),
  },
  'a bilinear form': {
    shapes: [
      ['n=6', 'i=5'],
      ['i=5', 'o=4', 'j=3'],
      ['n=6', 'j=3'],
    ],
    f: (a, w, b) => e('ni,ioj,nj->no', a, w, b),
  },
  'a layer as an expression': {
    shapes: [['n=7', 'i=5'], ['i=5', 'o=3'], ['o=3']],
    f: (X, W, b) => x('tanh(X @ W + b) * 2 - sum(W, 0) / 5', { X, W, b }),
  },
  'a product whose batches stretch': {
    shapes: [
      ['b=2', 'h=1', 'm=4', 'k=5'],
      ['b=1', 'h=3', 'k=5', 'n=7'],
    ],
    f: (A, B) => x('A @ B', { A, B }),
  },
  'a norm as an expression': {
    shapes: [['n=4', 'i=5']],
    f: (X) => x("(X - mean(X, 'i', keepdims)) / sqrt(mean(X ** 2, 'i', keepdims) + 1)", { X }),
  },
  'heads split': { shapes: [['b=2', 't=5', 'e=12']], f: (a) => r(a, 'b t (h d) -> b h t d', { h: 3 }) },
  'a mean over patches': { shapes: [['b=2', 'y=6', 'x=8', 'c=3']], f: (a) => d(a, 'b (h u) (w v) c -> b h w c', 'mean', { u: 2, v: 4 }) },
  'pixels doubled': { shapes: [['y=3', 'x=5']], f: (a) => p(a, 'y x -> (y u) (x v)', { u: 2, v: 2 }) },
};

describe('on a device', () => {
  it.each(Object.entries(cases))('%s', async (_, { shapes, f }) => {
    const inputs = shapes.map((shape, i) =>
      uniform(
        shape.reduce<number>((count, dim) => count * Number(`${dim}`.split('=')[1]), 1),
        i + 1,
      ),
    );
    const tensors = shapes.map((shape, i) => tensor(Float32Array.from(inputs[i] ?? []), shape as never) as unknown as LazyTensor);
    const loss = (...args: LazyTensor[]): LazyTensor => x('sum(y * y)', { y: f(...args) });
    const pullback = (...args: LazyTensor[]): unknown =>
      vjp(loss as never as (...args: Tensor<[]>[]) => Tensor<[]>)(...(args as never[])).backward((tensor as unknown as Loose)(1) as never);
    const y = await f(...tensors).data();
    const gradients = await Promise.all((pullback(...tensors) as LazyTensor[]).map((gradient) => gradient.data()));
    const [expected = new Float64Array()] = inF64(f as never, shapes)(inputs);
    const expectedGradients = inF64(
      ((...args: LazyTensor[]) =>
        vjp(loss as never as (...args: Tensor<[]>[]) => Tensor<[]>)(...(args.slice(0, -1) as never[])).backward(
          args.at(-1) as never,
        )) as never,
      [...shapes, []],
    )([...inputs, Float64Array.of(1)]);
    const close = (a: ArrayLike<number>, b: ArrayLike<number>): void => {
      expect(a).toHaveLength(b.length);
      for (let i = 0; i < b.length; i++) expect(a[i]).toBeCloseTo(b[i] ?? Number.NaN, 4);
    };
    close(y, expected);
    for (const [i, gradient] of gradients.entries()) close(gradient, expectedGradients[i] ?? []);
  });
});
