/**
 * Graphs from lists of numbers, for tests against the evaluator.
 *
 * Invariant: any list is a well-typed graph; nothing in it is an integer made from rounded numbers, which may differ in f64.
 */
import { vjp } from '../../graph/autodiff/vjp.ts';
import * as b from '../../graph/build.ts';
import { makeGraph } from '../../graph/graph.ts';
import type { Graph, Value } from '../../graph/value.ts';
import { at } from '../at.ts';
import { windows } from './convolution.ts';
import { matmul } from './mlp.ts';

/** Each number picks an operation and operands among the values so far: any list of numbers is a well-typed graph. */
export function randomGraph(choices: readonly (readonly [number, number, number])[]): Graph {
  const shape = ['n=3', 'c=4'];
  const [x, y, w, row, kernel, indices] = [
    b.input('x', shape, 'f32'),
    b.input('y', shape, 'f32'),
    b.input('w', ['c=4', 'c2=4'], 'f32'),
    b.input('r', ['c=4'], 'f32'),
    b.input('k', [3], 'f32'),
    b.input('i', ['n=3'], 'i32'),
  ] as const;
  const values: Value[] = [x, y];
  const half = (value: Value): Value => b.mul(value, b.constantLike(value, 0.5));
  const whole = (value: Value): Value => b.reshape(value, shape);
  const convolved = (value: Value): Value =>
    whole(b.contract(windows(value, 1, { width: 3, padding: 1 }), kernel, { left: [2], right: [0] }));
  const gradient = (of: Value, to: Value, cotangent: Value): Value => vjp([of], [to], [cotangent])[0] ?? b.constantLike(to, 0);
  const columns = (from: number, stride: number) => ({ starts: [0, from], limits: [undefined, undefined], strides: [1, stride] });
  const beside = (low: number, high: number, interior: number) => ({
    low: [0, low],
    high: [0, high],
    interior: [0, interior],
    value: 0,
    shape,
  });
  const alongRows = (of: Value): Value => b.broadcast(of, shape, [0]);
  const operations: readonly ((left: Value, right: Value) => Value)[] = [
    (left, right) => half(b.add(left, right)),
    (left, right) => b.sub(left, right),
    (left, right) => b.mul(b.tanh(left), right),
    (left) => b.sigmoid(left),
    (left) => b.relu(left),
    (left, right) => b.select(b.compare(left, right, 'lt'), left, right),
    () => b.broadcast(row, shape, [1]),
    (left) => b.sub(left, alongRows(b.reduceMax(left, [1]))),
    (left, right) => b.mul(right, alongRows(b.reduceSum(left, [1]))),
    (left) => half(b.broadcast(b.reduceSum(left, [0]), shape, [1])),
    (left) => b.reshape(b.permute(b.reshape(left, [4, 3]), [1, 0]), shape),
    (left) => half(b.reshape(matmul(left, w), shape)),
    (left, right) =>
      half(
        b.reshape(
          b.contract(b.reshape(b.contract(left, right, { left: [0], right: [0] }), ['a=4', 'c=4']), left, { left: [1], right: [1] }),
          shape,
        ),
      ),
    (left) => b.broadcast(b.reduceSum(left, [0, 1]), shape, []),
    (left, right) => b.maximum(left, b.identity(right)),
    (left, right) => b.add(right, b.pad(b.slice(left, { ...columns(1, 1), shape: ['n=3', 3] }), beside(1, 0, 0))),
    (left) => b.pad(b.slice(b.exp(b.tanh(left)), { ...columns(1, 2), shape: ['n=3', 2] }), beside(0, 1, 1)),
    (left) => half(whole(b.reduceSum(windows(left, 1, { width: 3, padding: 1 }), [2]))),
    (left) => whole(b.reduceMax(windows(left, 1, { width: 3, padding: 2, dilation: 2 }, -9), [2])),
    (left) => b.pad(b.reduceSum(windows(b.sigmoid(left), 1, { width: 2, stride: 2 }), [2]), beside(2, 0, 0)),
    (left) => convolved(left),
    (left, right) => half(gradient(convolved(left), left, right)),
    (left, right) => half(b.broadcast(b.reduceSum(gradient(convolved(left), kernel, right), [0]), shape, [])),
    (left) => b.gather(left, indices, 0),
    (left, right) => half(gradient(b.gather(b.tanh(left), indices, 0), left, right)),
  ];
  for (const [operation, left, right] of choices) {
    const [first, second] = [values[left % values.length], values[right % values.length]];
    const make = operations[operation % operations.length];
    if (first !== undefined && second !== undefined && make !== undefined) values.push(make(first, second));
  }
  const last = at(values, values.length - 1);
  const middle = values[Math.floor(values.length / 2)] ?? last;
  return makeGraph('random', [x, y, w, row, kernel, indices], [last, middle, b.reduceSum(last, [0]), b.permute(middle, [1, 0])]);
}
