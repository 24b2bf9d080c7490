/** What is computed again gives the same gradients, in f64 to the bit, in less memory: as planned, and as the device allocates it. */
import { describe, expect, it } from 'vitest';
import { compile } from '../codegen/compile.ts';
import { makeGraph } from '../graph/graph.ts';
import type { DescribedProgram } from '../program/program.ts';
import { openSession } from '../runtime/session.ts';
import { type Dim, sizeOf } from '../types/dim.ts';
import type { Tensor } from '../types/tensor/tensor.ts';
import { checkpoint } from './checkpoint.ts';
import { randn, tensor } from './creation.ts';
import { customVjp } from './customVjp.ts';
import { jit } from './jit.ts';
import { inF64 } from './testing/evaluateLanguage.ts';
import { traceFunction } from './traceFunction.ts';
import { grad, vjp } from './vjp.ts';

type X = Tensor<['n=64', 'd=16']>;
type W = Tensor<['d=16', 'e=16']>;

const block = (x: X, w: W): X => x.matmul(w).tanh().withNames('n', 'd') as never;
const layers = 16;

/** The gradients of a deep network; `wrap` is put around each run of `each` layers. */
function deep(each: number, wrap: typeof checkpoint) {
  const run = wrap((x: X, ...weights: W[]): X => weights.reduce(block, x));
  const loss = (weights: readonly W[], x: X): Tensor<[]> => {
    let y = x;
    for (let at = 0; at < weights.length; at += each) y = run(y, ...weights.slice(at, at + each));
    return y.mul(y).mean();
  };
  return grad(loss);
}
const asItIs: typeof checkpoint = (f) => f as never;

function programOf(f: (...args: never[]) => unknown): DescribedProgram {
  const w = { kind: 'tensor', type: { shape: ['d=16', 'e=16'], dtype: 'f32' } } as const;
  const x = { kind: 'tensor', type: { shape: ['n=64', 'd=16'], dtype: 'f32' } } as const;
  const args = { kind: 'tuple', items: [{ kind: 'tuple', items: Array.from({ length: layers }, () => w) }, x] } as const;
  const { inputs, outputs } = traceFunction('layer', f, args);
  return compile(makeGraph('deep', inputs, outputs));
}

describe('sixteen layers', () => {
  const [kept, again] = [programOf(deep(4, asItIs)), programOf(deep(4, checkpoint))];
  const activation = 4 * 64 * 16;

  it('need the memory of the activations between checkpoints, and of those within one', () => {
    expect(Number(kept.statistics.temporaryBytes)).toBeGreaterThanOrEqual(15 * activation);
    expect(Number(again.statistics.temporaryBytes)).toBeLessThanOrEqual(9 * activation);
  });

  it('cost one more forward pass of the checkpointed layers at most', () => {
    expect(again.kernels.length - kept.kernels.length).toBeLessThanOrEqual(layers);
    expect(again.kernels.length).toBeGreaterThan(kept.kernels.length);
    expect(again.statistics.barriers - kept.statistics.barriers).toBeLessThanOrEqual(layers);
  });

  it('give the same gradients, but for rounding, in less memory of the device', async () => {
    const results: (readonly number[])[][] = [];
    const bytes: number[] = [];
    for (const program of [kept, again]) {
      const session = await openSession({ device: 'software' });
      const tensors = program.inputs.map(({ shape, dtype }, i) => {
        const sizes = shape.map((dim) => Number(sizeOf(dim)));
        const values = Float32Array.from({ length: sizes.reduce((a, b) => a * b) }, (_, k) => Math.sin(k * 0.37 + i) * 0.3);
        return session.upload(values, shape, sizes, dtype);
      });
      const outputs = session.execute(program, tensors);
      results.push(await Promise.all(outputs.map(async (one) => [...((await one.data()) as Float32Array)])));
      bytes.push(session.statistics().bytesAllocated);
      session.close();
    }
    // Tiles are chosen for a product and what it carries, and tiles differ in the order of sums.
    const [plain = [], recomputed = []] = results;
    expect(recomputed.map((gradient) => gradient.length)).toEqual(plain.map((gradient) => gradient.length));
    plain.forEach((gradient, which) => {
      const largest = Math.max(...gradient.map(Math.abs));
      expect(largest).toBeGreaterThan(0);
      const differences = gradient.map((value, at) => Math.abs(value - (recomputed[which]?.[at] ?? Number.NaN)));
      expect(Math.max(...differences) / largest).toBeLessThan(1e-6);
    });
    const [before = 0, after = 0] = bytes;
    expect(before - after).toBe(Number(kept.statistics.temporaryBytes) - Number(again.statistics.temporaryBytes));
    expect(before - after).toBeGreaterThanOrEqual(6 * activation);
  });
});

describe('checkpoint', () => {
  type V = Tensor<['n=3']>;
  const f = (x: V, w: V): V => x.mul(w).tanh().mul(x).exp();
  const shapes = [['n=3'], ['n=3']];
  const data = [Float64Array.of(0.3, -0.7, 1.1), Float64Array.of(0.9, 0.2, -0.4)];
  const both = (wrap: typeof checkpoint, make: (g: typeof f) => (x: V, w: V) => unknown) => inF64(make(wrap(f)), shapes)(data);
  const same = (make: (g: typeof f) => (x: V, w: V) => unknown) => {
    const [plain, wrapped] = [both(asItIs, make), both(checkpoint, make)];
    expect(wrapped).toEqual(plain);
    for (const one of plain) expect(one.some((value) => value !== 0)).toBe(true);
  };

  it('is the function', () => same((g) => g));
  it('has its gradients', () => same((g) => (x, w) => vjp(g)(x, w).backward(x)));
  it('has its second derivatives', () =>
    same((g) =>
      grad((x: V, w: V) =>
        grad((v: V) => g(v, w).sum())(x)
          .mul(x)
          .sum(),
      ),
    ));
  it('nests', () => same((g) => grad((x: V, w: V) => checkpoint((v: V) => checkpoint(g)(v, w).mul(v))(x).sum())));

  it('reaches what the function reads from outside', () =>
    same((g) => (x, w) => grad((v: V) => checkpoint((u: V) => g(u, v).mul(v.exp()))(x).sum())(w)));

  it('reaches outside tensors that depend on one another, once each', () =>
    same(
      (g) => (x, w) =>
        grad((v: V) => {
          const outer = v.exp();
          const wrapped = checkpoint((u: V) => u.mul(outer).add(outer.mul(v)).add(v));
          return g(wrapped(x), v).sum();
        })(w),
    ));

  it('takes functions with hand-written gradients', () => {
    const cube = customVjp(
      (x: V) => ({ y: x.mul(x).mul(x), saved: { x } }),
      ({ x }, dy) => [dy.mul(x).mul(x).mul(3)],
    );
    const gradient = inF64(
      grad((x: V) => checkpoint((v: V) => cube(v.mul(2)).tanh())(x).sum()),
      [['n=3']],
    )([Float64Array.of(0.1, 0.2, 0.3)]);
    const expected = [0.1, 0.2, 0.3].map((x) => 24 * x * x * (1 - Math.tanh(8 * x ** 3) ** 2));
    expect(Array.from(gradient[0] ?? [], (value) => value.toFixed(12))).toEqual(expected.map((value) => value.toFixed(12)));
  });

  it('works in jit, outside of it, and on several results', async () => {
    const parts = checkpoint((x: V, p: { readonly w: V }) => ({ sum: x.add(p.w), product: x.mul(p.w) }));
    const loss = (x: V, w: V) => {
      const { sum, product } = parts(x, { w });
      return sum.mul(product).sum();
    };
    const [x, w] = [tensor([1, 2, 3], ['n']), tensor([2, 0, -1], ['n'])];
    const expected = [2 * 1 * 2 + 4, 0, 2 * 3 * -1 + 1]; // d/dx (x + w)xw = 2xw + w²
    expect(await jit(grad(loss))(x, w).array()).toEqual(expected);
    expect(await grad(loss)(x, w).array()).toEqual(expected);
    expect(await parts(x, { w }).sum.array()).toEqual([3, 2, 2]);
  });

  it('keeps generics', () => {
    const double = <N extends Dim>(x: Tensor<[N, 'in=2']>): Tensor<[N, 'in=2']> => x.add(x);
    const wrapped: <N extends Dim>(x: Tensor<[N, 'in=2']>) => Tensor<[N, 'in=2']> = checkpoint(double);
    expect(wrapped(randn(['n=3', 'in=2'])).shape).toEqual(['n=3', 'in=2']);
  });

  it('refuses a promise', () => {
    // @ts-expect-error checkpoint: the function is async
    expect(() => checkpoint(async (x: V) => x)(randn(['n=3']))).toThrow('checkpoint: the function is async');
  });
});
