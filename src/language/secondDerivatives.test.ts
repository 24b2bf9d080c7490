/** Hessian-vector products: the gradient of the inner product of a gradient with a vector, against finite differences of the gradient. */
import { describe, expect, it } from 'vitest';
import { uniform } from '../graph/testing/uniform.ts';
import type { Dim } from '../types/dim.ts';
import type { Tensor } from '../types/tensor/tensor.ts';
import { checkpoint } from './checkpoint.ts';
import { arange, tensor } from './creation.ts';
import { customVjp } from './customVjp.ts';
import { jit } from './jit.ts';
import { inF64 } from './testing/evaluateLanguage.ts';
import { grad } from './vjp.ts';

type W = Tensor<['in=3', 'out=4']>;
type Loss = (w: W) => Tensor<[]>;

const shape: readonly Dim[] = ['in=3', 'out=4'];
/** H v, without H. */
const hessianVector =
  (loss: Loss) =>
  (w: W, v: W): W =>
    grad((at: W) => grad(loss)(at).mul(v).sum())(w) as W;

const tanhByHand = customVjp(
  (z: W) => {
    const y = z.tanh();
    return { y, saved: { y } };
  },
  (saved, dy) => [dy.mul(saved.y.mul(saved.y).neg().add(1))],
);

const losses: Readonly<Record<string, Loss>> = {
  'log-sum-exp of a layer': (w) =>
    w
      .matmul(w.T.rename({ in: 'in2' }))
      .tanh()
      .logSumExp(),
  'softmax, norm and variance': (w) => w.softmax('out').norm().mul(w.variance()).add(w.logSoftmax(0).square().mean()),
  'elementary functions': (w) =>
    w.sin().mul(w.cos()).add(w.erf()).add(w.square().log1p()).add(w.expm1()).add(w.square().add(1).pow(1.5)).sum(),
  'rows by index, and sums of them': (w) => w.take(0, arange('t=4', 'i32').rem(3)).tanh().square().sum(0).square().sum(),
  'through checkpoint': (w) =>
    checkpoint((z: W) => z.tanh().mul(z).exp())(w)
      .sum()
      .square(),
  'through a gradient by hand': (w) => tanhByHand(w.mul(w)).sum().square(),
};

describe('a Hessian-vector product', () => {
  it.each(Object.entries(losses))('%s', (_, loss) => {
    const [w, v] = [uniform(12, 1), uniform(12, 2)];
    const [product = new Float64Array()] = inF64(hessianVector(loss) as never, [shape, shape])([w, v]);
    const gradient = inF64(grad(loss) as never, [shape]);
    const step = 1e-5;
    const moved = (by: number): Float64Array => gradient([w.map((element, i) => element + by * (v[i] ?? 0))])[0] ?? new Float64Array();
    const [above, below] = [moved(step), moved(-step)];
    for (const [i, element] of product.entries()) {
      expect(element, `element ${i}`).toBeCloseTo(((above[i] ?? 0) - (below[i] ?? 0)) / (2 * step), 6);
    }
    expect(product.some((element) => Math.abs(element) > 1e-3)).toBe(true);
  });

  it('is symmetric', () => {
    const loss = losses['log-sum-exp of a layer'] as Loss;
    const run = inF64(hessianVector(loss) as never, [shape, shape]);
    const [w, u, v] = [uniform(12, 1), uniform(12, 2), uniform(12, 3)];
    const dot = (a: Float64Array, b: ArrayLike<number>): number => a.reduce((sum, element, i) => sum + element * (b[i] ?? 0), 0);
    expect(dot(u, run([w, v])[0] ?? [])).toBeCloseTo(dot(v, run([w, u])[0] ?? []), 12);
  });

  it('runs on a device, inside jit, as one program', async () => {
    const loss = losses['elementary functions'] as Loss;
    const [w, v] = [1, 2].map((seed) => uniform(12, seed).map(Math.fround));
    const f32 = (elements: Float64Array | undefined) => tensor(Float32Array.from(elements ?? []), ['in=3', 'out=4']);
    const got = await jit(hessianVector(loss))(f32(w), f32(v)).data();
    const [expected = new Float64Array()] = inF64(hessianVector(loss) as never, [shape, shape])([w as Float64Array, v as Float64Array]);
    for (const [i, element] of expected.entries()) expect(got[i]).toBeCloseTo(element, 4);
  });
});
