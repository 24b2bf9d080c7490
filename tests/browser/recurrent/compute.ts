/** What the layer gives and its gradients, from seeded inputs: in a browser, and under Node. Needs no compiler. */
import { randn } from 'adjoint/random';
import { tensor, vjp } from 'adjoint/runtime';
import type { recurrent } from './layers.ts';

/** Numbers of (-1, 1), by exact arithmetic. */
const numbers = (count: number, seed: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => (((i + 1) * seed * 7919) % 2003) / 1001.5 - 1);

export async function compute(layer: typeof recurrent): Promise<Readonly<Record<string, readonly number[]>>> {
  const x = tensor(numbers(90, 1), ['batch', 't=6', 'in=5']);
  const p = {
    x: randn(['in=5', 'gate=4', 'hidden=7'], { seed: 2 }),
    h: randn(['recurrent=7', 'gate=4', 'hidden=7'], { seed: 3 }),
    b: randn(['gate=4', 'hidden=7'], { seed: 4 }),
  };
  const state = (seed: number) => tensor(numbers(21, seed), ['batch', 'hidden=7']);
  const { y, backward } = vjp(layer)(x, p, { h: state(5), c: state(6) });
  const dy = tensor(numbers(126, 7), ['batch', 't=6', 'hidden=7']);
  const [dx, dp, dStart] = backward({ y: dy, h: state(8), c: state(9) });
  const results = { y: y.y, h: y.h, c: y.c, dx, dpx: dp.x, dph: dp.h, dpb: dp.b, dh: dStart.h, dc: dStart.c };
  const read = Object.entries(results).map(async ([name, result]) => [name, Array.from(await result.data())] as const);
  return Object.fromEntries(await Promise.all(read));
}
