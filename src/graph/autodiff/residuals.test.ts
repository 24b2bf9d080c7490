import { describe, expect, it } from 'vitest';
import * as b from '../build.ts';
import type { Value } from '../value.ts';
import { splitGradient } from './residuals.ts';
import { vjp } from './vjp.ts';

const x = b.input('x', ['n=3', 'in=2'], 'f32');
const w = b.input('w', ['in=2', 'out=4'], 'f32');
const up = b.input('up', ['in=2', 'out=4'], 'f32');
const matmul = (left: Value, right: Value): Value => b.contract(left, right, { left: [1], right: [0] });

function residualsOf(args: readonly Value[], y: Value): readonly Value[] {
  const dy = b.input('dy', y.shape, y.dtype);
  const gradients = vjp([y], args, [dy]).map((gradient, at) => gradient ?? args[at] ?? y);
  const { residuals, backward } = splitGradient('f', args, [y], [dy], gradients);
  expect(backward.outputs.map(({ shape }) => shape)).toEqual(args.map(({ shape }) => shape));
  return residuals;
}

describe('residuals', () => {
  it('are none where arguments and results suffice', () => {
    expect(residualsOf([x, w], matmul(x, w))).toEqual([]);
    expect(residualsOf([x], b.tanh(x))).toEqual([]);
    expect(residualsOf([x], b.mul(b.exp(x), b.sigmoid(x)))).toEqual([]);
  });

  it('are the two products of a gated layer, not the gate and its derivative as well', () => {
    const gate = matmul(x, w);
    const value = matmul(x, up);
    const kept = residualsOf([x, w, up], b.mul(b.mul(gate, b.sigmoid(gate)), value));
    expect(kept).toHaveLength(2);
    expect(new Set(kept)).toEqual(new Set([gate, value]));
  });

  it('are what is read, where that is no larger than what it is made of', () => {
    const product = matmul(x, w);
    const hidden = b.sigmoid(product);
    const v = b.input('v', ['out=4', 'o=5'], 'f32');
    expect(residualsOf([x, w, v], matmul(hidden, v))).toEqual([hidden]);
  });

  it('are what products read, too: backward would store it as well', () => {
    const [gate, value] = [matmul(x, w), matmul(x, up)];
    const hidden = b.mul(b.mul(gate, b.sigmoid(gate)), value);
    const down = b.input('down', ['out=4', 'o=5'], 'f32');
    expect(new Set(residualsOf([x, w, up, down], matmul(b.permute(b.permute(hidden, [1, 0]), [1, 0]), down)))).toEqual(
      new Set([gate, value, hidden]),
    );
  });

  it('are never what no argument leads to', () => {
    const count = b.reduceSum(b.constant(1, ['n=3'], 'f32'), [0]);
    expect(residualsOf([x], b.div(x, b.broadcast(count, x.shape, [])))).toEqual([]);
  });

  it('are sums, not the array that they are spread over', () => {
    const sums = b.reduceSum(b.mul(x, x), [1]);
    const kept = residualsOf([x], b.div(x, b.broadcast(sums, x.shape, [0])));
    expect(kept).toEqual([sums]);
  });

  it('are below a hand-written gradient, too, where its result is computed again', () => {
    const sums = b.reduceSum(x, [1]);
    const [y = x] = b.customGradient([b.exp(b.broadcast(sums, x.shape, [0]))], [x], ([dy = x]) => [dy]);
    expect(residualsOf([x], b.sigmoid(b.mul(b.sigmoid(y), y)))).toEqual([sums]);
  });
});
