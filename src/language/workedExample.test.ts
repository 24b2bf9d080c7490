/** The worked example: Y = XW + b and its gradients, in three dispatches and one submit. */
import { expect, it } from 'vitest';
import { expected, given } from '../../tests/fixtures/workedExample.ts';
import { defaultSession } from '../runtime/device.ts';
import type { Dim } from '../types/dim.ts';
import type { Tensor } from '../types/tensor/tensor.ts';
import { ones, tensor } from './creation.ts';
import { layer } from './layer.ts';
import { vjp } from './vjp.ts';

const linear = layer(<N extends Dim, I extends Dim, O extends Dim>(x: Tensor<[N, I]>, p: { w: Tensor<[I, O]>; b: Tensor<[O]> }) =>
  x.matmul(p.w).add(p.b),
);

const X = tensor(given.X, ['n', 'in']);
const W = tensor(given.W, ['in', 'out']);
const b = tensor(given.b, ['out']);

async function run() {
  const { y, backward } = vjp(linear)(X, { w: W, b });
  const [dX, { w: dW, b: db }] = backward(ones(['n=3', 'out=2']));
  return Promise.all([y.array(), dX.array(), dW.array(), db.array()]);
}

it('gives Y, and dX with rows of [3, 2]', async () => {
  const [Y, dX, dW, db] = await run();
  expect({ Y, dX, dW, db }).toEqual(expected);
});

it('takes three dispatches and one submit, and compiles nothing the second time', async () => {
  await run();
  const session = await defaultSession();
  const before = session.statistics();
  await run();
  const after = session.statistics();
  expect(after.dispatches - before.dispatches).toBe(3);
  expect(after.submits - before.submits).toBe(1);
  expect(after.computePasses - before.computePasses).toBe(1);
  expect(after.pipelinesCreated - before.pipelinesCreated).toBe(0);
});

it('refuses the forgotten transposes when it runs, in the words of the compiler', () => {
  const dY = ones(['n=3', 'out=2']);
  const untyped = (t: object): { matmul(other: unknown): unknown; mul(other: unknown): unknown } => t as never;
  expect(() => untyped(X).matmul(dY)).toThrow(
    'matmul: inner axes differ: [n=3, in=2] @ [n=3, out=2] contracts in=2 with n=3 (try a.T.matmul(b): [in=2, out=2])',
  );
  expect(() => untyped(dY).matmul(W)).toThrow(
    'matmul: inner axes differ: [n=3, out=2] @ [in=2, out=2] contracts out=2 with in=2 (try a.matmul(b.T): [n=3, in=2])',
  );
  expect(() => untyped(dY).mul(W.T)).toThrow('mul: shapes do not broadcast: [n=3, out=2] with [out=2, in=2]');
});
