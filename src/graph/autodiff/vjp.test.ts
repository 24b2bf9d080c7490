import { describe, expect, it } from 'vitest';
import * as build from '../build.ts';
import { evaluate } from '../evaluate.ts';
import { makeGraph, mapGraph, reachable } from '../graph.ts';
import type { Value } from '../value.ts';
import { vjp } from './vjp.ts';

const scalar = (name: string): Value => build.input(name, [], 'f32');
const literal = (value: number): Value => build.constant(value, [], 'f32');
const square = (x: Value): Value => build.mul(x, x);
/** The numbers that scalars come to, given their inputs. */
const numbers = (values: readonly (Value | undefined)[], at: ReadonlyMap<Value, number>): (number | undefined)[] => {
  const known = values.filter((value) => value !== undefined);
  const results = evaluate(
    makeGraph('f', [...at.keys()], known),
    [...at.values()].map((x) => [x]),
  );
  return values.map((value) => (value === undefined ? undefined : results[known.indexOf(value)]?.[0]));
};
const derivative = (y: Value, x: Value): Value => vjp([y], [x], [literal(1)])[0] ?? literal(0);

describe('vjp', () => {
  it('sums over the uses of a value', () => {
    const x = scalar('x');
    const y = build.add(build.mul(x, build.exp(x)), build.neg(x));
    expect(numbers([derivative(y, x)], new Map([[x, 0]]))).toEqual([0]);
  });

  it('adds up several outputs, and takes undefined for zeros', () => {
    const x = scalar('x');
    expect(numbers(vjp([square(x), build.neg(x), build.exp(x)], [x], [literal(1), literal(10), undefined]), new Map([[x, 3]]))).toEqual([
      -4,
    ]);
  });

  it('gives undefined where wrt is not reached', () => {
    const [x, y] = [scalar('x'), scalar('y')];
    expect(vjp([square(x)], [y], [literal(1)])).toEqual([undefined]);
  });

  it('gives an output that is wrt its own cotangent', () => {
    const [x, dy] = [scalar('x'), literal(5)];
    expect(vjp([x], [x], [dy])).toEqual([dy]);
  });

  it('differentiates with respect to values between, each in full', () => {
    const x = scalar('x');
    const y = square(x);
    const z = build.mul(y, x);
    expect(numbers(vjp([z], [x, y], [literal(1)]), new Map([[x, 2]]))).toEqual([12, 2]);
  });

  it('differentiates one use alone through an identity', () => {
    const x = scalar('x');
    const use = build.identity(x, { traced: true });
    expect(numbers([derivative(build.mul(use, x), use)], new Map([[x, 3]]))).toEqual([3]);
  });

  it('visits only what depends on wrt', () => {
    const [x, other] = [scalar('x'), scalar('y')];
    const z = build.mul(x, build.exp(build.log(other)));
    expect(reachable([derivative(z, x)]).map(({ primitive }) => primitive)).toEqual(['constant', 'input', 'log', 'exp', 'mul']);
  });

  it('takes derivatives of derivatives', () => {
    const x = scalar('x');
    const first = derivative(build.mul(square(x), square(x)), x);
    const second = derivative(first, x);
    const third = derivative(second, x);
    expect(numbers([first, second, third], new Map([[x, 2]]))).toEqual([32, 48, 48]);
    const bend = derivative(derivative(build.tanh(x), x), x);
    expect(numbers([bend], new Map([[x, 0.5]]))[0]).toBeCloseTo(-2 * Math.tanh(0.5) * (1 - Math.tanh(0.5) ** 2), 14);
  });

  it('goes as deep as the graph', () => {
    const x = scalar('x');
    let y = x;
    for (let i = 0; i < 10_001; i++) y = build.neg(y);
    expect(numbers([derivative(y, x)], new Map([[x, 1]]))).toEqual([-1]);
  });

  it('refuses cotangents that do not fit', () => {
    const x = build.input('x', ['n=3'], 'f32');
    expect(() => vjp([x], [x], [literal(1)])).toThrow('internal: vjp: the cotangent of a input f32[n=3] is f32[]');
    expect(() => vjp([x], [x], [])).toThrow('internal: vjp: 0 cotangents for 1 outputs');
  });
});

describe('vjp of customGradient', () => {
  /** (a + b, a * b), with gradients that are plainly not the true ones: 100 dSum + dProduct for a, none for b. */
  const call = (a: Value, b: Value, seen: Value[][] = []): readonly [Value, Value] => {
    const [sum, product] = build.customGradient([build.add(a, b), build.mul(square(a), b)], [a, b], (cotangents) => {
      seen.push([...cotangents]);
      const [dSum, dProduct] = cotangents;
      return [build.add(build.mul(dSum ?? a, literal(100)), dProduct ?? a), undefined];
    });
    return [sum ?? a, product ?? a];
  };

  it('uses the hand-written gradient, once for all results', () => {
    const [a, b] = [scalar('a'), scalar('b')];
    const seen: Value[][] = [];
    const [sum, product] = call(a, b, seen);
    expect(sum.level).toBe(product.level);
    const y = build.add(build.mul(sum, literal(2)), build.exp(build.neg(build.mul(product, literal(0)))));
    const found = vjp([y, product], [a, b], [literal(1), literal(7)]);
    expect(seen).toHaveLength(1);
    expect(found[1]).toBeUndefined();
    expect(
      numbers(
        [found[0]],
        new Map([
          [a, 3],
          [b, 5],
        ]),
      ),
    ).toEqual([207]);
  });

  it('gives zeros for a result that nothing reads', () => {
    const [a, b] = [scalar('a'), scalar('b')];
    const seen: Value[][] = [];
    const [sum] = call(a, b, seen);
    expect(
      numbers(
        [derivative(sum, a)],
        new Map([
          [a, 3],
          [b, 5],
        ]),
      ),
    ).toEqual([100]);
    expect(seen[0]?.[1]).toMatchObject({ primitive: 'constant', params: { value: 0 }, shape: [], dtype: 'f32' });
  });

  it('goes on from the arguments, and from one call to the next', () => {
    const [x, b] = [scalar('x'), scalar('b')];
    const [inner] = call(square(x), b);
    const [outer] = call(inner, inner);
    expect(
      numbers(
        [derivative(outer, x)],
        new Map([
          [x, 3],
          [b, 5],
        ]),
      ),
    ).toEqual([60_000]);
  });

  it('can be differentiated again, through what backward computes', () => {
    const x = scalar('x');
    const [y = x] = build.customGradient([build.exp(x)], [x], ([dy = x]) => [build.mul(dy, build.mul(square(x), x))]);
    const first = derivative(y, x);
    expect(numbers([first, derivative(first, x)], new Map([[x, 2]]))).toEqual([8, 12]);
  });

  it('refuses a backward of the wrong number of gradients', () => {
    const x = scalar('x');
    const [y = x] = build.customGradient([x], [x], () => []);
    expect(() => derivative(y, x)).toThrow('internal: vjp: a customGradient of 1 arguments gives 0 cotangents');
  });

  it('refuses results that a rewrite has torn apart', () => {
    const [a, b] = [scalar('a'), scalar('b')];
    const graph = makeGraph('f', [a, b], call(a, b));
    const torn = mapGraph(graph, (value) => (value.primitive === 'mul' ? a : value));
    expect(() => vjp(torn.outputs, [a], [literal(1), literal(1)])).toThrow('differ in level');
  });
});
