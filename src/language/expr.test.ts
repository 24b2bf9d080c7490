/** Expressions against the same chains of methods, their gradients, and what they say. */
import { describe, expect, it } from 'vitest';
import { finiteDifferenceVjp } from '../graph/testing/finiteDifference.ts';
import { uniform } from '../graph/testing/uniform.ts';
import type { Tensor } from '../types/tensor/tensor.ts';
import { ones, tensor } from './creation.ts';
import { expr } from './expr.ts';
import type { LazyTensor } from './lazyTensor.ts';
import { inF64 } from './testing/evaluateLanguage.ts';
import { vjp } from './vjp.ts';

const shapes = [['n=3', 'in=2'], ['in=2', 'out=4'], ['out=4'], ['n=3', 'out=4']] as const;
const counts = [6, 8, 4, 12];
const names = ['X', 'W', 'b', 'dY'];
type Four = readonly [LazyTensor, LazyTensor, LazyTensor, LazyTensor];
const run = (text: string, ...x: LazyTensor[]): LazyTensor =>
  (expr as unknown as (text: string, operands: object) => LazyTensor)(text, {
    ...Object.fromEntries(x.map((value, at) => [names[at], value])),
    half: 0.5,
  });

/** The text, and the same with methods. */
const cases: readonly (readonly [text: string, methods: (...x: Four) => LazyTensor])[] = [
  ['X.T @ dY', (X, _W, _b, dY) => X.T.matmul(dY)],
  ['relu(X @ W + b)', (X, W, b) => X.matmul(W).add(b).relu()],
  ['X @ W - dY * half', (X, W, _b, dY) => X.matmul(W).sub(dY.mul(0.5))],
  ['-X @ W', (X, W) => X.neg().matmul(W)],
  ['-X.T @ dY', (X, _W, _b, dY) => X.T.neg().matmul(dY)],
  ['dY - b - b', (_X, _W, b, dY) => dY.sub(b).sub(b)],
  ['dY / (2 + b * b) / 4', (_X, _W, b, dY) => dY.div(b.mul(b).add(2)).div(4)],
  ['dY * 2 + b / 2 * 3', (_X, _W, b, dY) => dY.mul(2).add(b.div(2).mul(3))],
  ["sum(dY, 'n') + 3 - b", (_X, _W, b, dY) => dY.sum('n').add(3).sub(b)],
  ['exp(dY - max(dY)) / sum(exp(dY - max(dY)))', (_X, _W, _b, dY) => dY.sub(dY.max()).exp().div(dY.sub(dY.max()).exp().sum())],
  ['mean(dY * dY, 1)', (_X, _W, _b, dY) => dY.mul(dY).mean(1)],
  ['(X @ (W)).T.mT * --1', (X, W) => X.matmul(W).T.mT],
  ['1 / (1 + exp(-b))', (_X, _W, b) => b.sigmoid()],
  ['tanh(sqrt(exp(log(b * b + 0.5)))) * (1e-1 + 2) * sum(W, 0)', (_X, W, b) => b.mul(b).add(0.5).sqrt().tanh().mul(2.1).mul(W.sum(0))],
  ['-X ** 2 + 2 ** 3', (X) => X.mul(X).neg().add(8)],
  ['b ** 5 * b ** 1', (_X, _W, b) => b.mul(b).mul(b).mul(b).mul(b).mul(b)],
  ["dY - mean(dY, 'out', keepdims)", (_X, _W, _b, dY) => dY.sub(dY.mean('out', { keepdims: true }))],
  ['dY * sum(dY ** 2, 0, keepdims)', (_X, _W, _b, dY) => dY.mul(dY.mul(dY).sum(0, { keepdims: true }))],
  ['3 - 2 - 1 - sum(b)', (_X, _W, b) => b.sum().neg()],
];
const worst = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (x, i) => Math.abs(x - (b[i] ?? Number.NaN))));
const inputs = counts.map((count, i) => uniform(count, i + 1));

describe('expr', () => {
  it.each(cases)('%s is what the methods compute', (text, methods) => {
    const [y = new Float64Array()] = inF64(((...x: LazyTensor[]) => run(text, ...x)) as never, shapes)(inputs);
    const [expected = new Float64Array()] = inF64(((...x: LazyTensor[]) => methods(...(x as unknown as Four))) as never, shapes)(inputs);
    expect(y).toHaveLength(expected.length);
    expect(worst(y, expected)).toBeLessThan(1e-12);
  });

  it.each(cases.filter(([text]) => !/relu|max/.test(text)))('%s has the gradient that differences show', (text) => {
    const f = (...x: LazyTensor[]): LazyTensor => run(text, ...x);
    let shape: readonly (string | number)[] = [];
    const [y = new Float64Array()] = inF64(
      ((...x: LazyTensor[]) => {
        const result = f(...x);
        shape = result.shape;
        return result;
      }) as never,
      shapes,
    )(inputs);
    const dy = uniform(y.length, 9);
    const pullback = (...args: LazyTensor[]): unknown =>
      vjp(f as never as (...x: Tensor<[]>[]) => Tensor<[]>)(...(args.slice(0, -1) as never[])).backward(args.at(-1) as never);
    const gradients = inF64(pullback as never, [...shapes, shape])([...inputs, dy]);
    const expected = finiteDifferenceVjp((at) => inF64(f as never, shapes)(at), inputs, [dy]);
    for (const [i, gradient] of gradients.entries()) expect(worst(gradient, expected[i] ?? [])).toBeLessThan(1e-7);
  });

  it('says in a sentence what does not fit, with a fix that fits', () => {
    const X = ones(['n=3', 'in=2']);
    const W = ones(['in=2', 'out=4']);
    const dY = ones(['n=3', 'out=4']);
    // @ts-expect-error: the sentence below, at the text
    expect(() => expr('X @ dY', { X, dY })).toThrow(
      "expr: 'X @ dY': matmul: inner axes differ: [n=3, in=2] @ [n=3, out=4] contracts in=2 with n=3 (try X.T @ dY: [in=2, out=4])",
    );
    expect(expr('X.T @ dY', { X, dY }).shape).toEqual(['in=2', 'out=4']);
    // @ts-expect-error: a sentence
    expect(() => expr('dY @ (W + W) * 2', { W, dY })).toThrow('(try dY @ (W + W).T: [n=3, in=2])');
    expect(expr('dY @ (W + W).T * 2', { W, dY }).shape).toEqual(['n=3', 'in=2']);
    // @ts-expect-error: a sentence
    expect(() => expr('X @ Z', { X, dY })).toThrow("expr: there is no operand 'Z': 'X @ Z' (there are X, dY)");
    // @ts-expect-error: a sentence
    expect(() => expr('X @', { X, dY })).toThrow(
      "expr: at the end an operand is expected: 'X @' (an operand is a name, a number, a call or a part in parentheses)",
    );
    expect(() => run('X', 'no tensor' as never)).toThrow(
      "expr: the operand 'X' is no tensor: it has type string (make a tensor of it, with tensor(…))",
    );
    // @ts-expect-error: a sentence
    expect(() => expr('mask', { mask: ones(['n=3'], 'bool') })).toThrow('expr: takes numbers, not bool[n=3] (make the tensor numbers)');
    // @ts-expect-error: a sentence
    expect(() => expr('2 + rate', { rate: 3 })).toThrow(
      "expr: the result is a number, not a tensor: '2 + rate' (name at least one tensor)",
    );
  });

  it('reads texts of hundreds of characters', () => {
    const x = ones(['n=3']);
    const text = Array.from({ length: 60 }, (_, at) => `x * ${at}`).join(' + ');
    expect(run(text.replaceAll('x', 'X'), x as never).shape).toEqual(['n=3']);
  });

  it('keeps symbolic axes, and refuses one axis of two sizes', () => {
    const x = tensor(new Float32Array(6), ['batch', 'in=2']);
    const y = tensor(new Float32Array(8), ['batch', 'in=2']);
    expect(expr('x * 2 + 1', { x }).sizes).toEqual([3, 2]);
    expect(() => expr('x + y', { x, y })).toThrow("expr: axis 'batch' has two sizes");
  });
});
