import { expect, it } from 'vitest';
import { choose, grad, jit, ones, type Parameter, parameters, type Tensor, tensor, zeros } from '../index.ts';

const [p, q] = [parameters({ w: ones(['n=2']), b: zeros([]) }), parameters({ w: zeros(['n=2']), b: ones([]) })];

it('takes one structure or the other, whole, with its ties', async () => {
  const taken = jit((loss: Tensor<[]>) => choose(loss.lt(1), p, q));
  const [low, high] = [taken(tensor(0.5)), taken(tensor(2))];
  const typed: { w: Parameter<'w', ['n=2']> } = low;
  expect(await typed.w.array()).toEqual([1, 1]);
  expect([await low.b.item(), await high.b.item(), await high.w.array()]).toEqual([0, 1, [0, 0]]);
});

it('keeps plain values, and gives its gradient to the chosen', async () => {
  const g = grad((x: { a: Tensor<['n=2']>; k: number }) => choose(x.a.sum().gt(0), { y: x.a, k: 1 }, { y: x.a.mul(3), k: 1 }).y.sum());
  expect(await g({ a: ones(['n=2']), k: 1 }).a.array()).toEqual([1, 1]);
  expect(await g({ a: ones(['n=2']).neg(), k: 1 }).a.array()).toEqual([3, 3]);
});

it('refuses what does not fit, in a sentence', () => {
  const condition = tensor(true);
  expect(() => choose(condition, { a: ones([2]) }, { a: ones([3]) } as never)).toThrow(
    "choose: the second structure does not fit the first: 'a' is f32[3], not f32[2] (give both one structure and the same shapes)",
  );
  expect(() => choose(condition, { a: ones([2]), k: 1 }, { a: ones([2]), k: 2 })).toThrow("'k' is 2, not 1");
  expect(() => choose(tensor([true, false]) as never, p, p)).toThrow('choose: the condition is bool[2], not bool[] (compare scalars first');
  expect(() => choose(true as never, p, p)).toThrow('choose: the condition is a value of type boolean, not bool[]');
});
