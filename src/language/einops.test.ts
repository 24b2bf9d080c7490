/** rearrange, reduce and repeat against loops over the axes by name, their gradients, and what they say. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finiteDifferenceVjp } from '../graph/testing/finiteDifference.ts';
import { uniform } from '../graph/testing/uniform.ts';
import type { Dim } from '../types/dim.ts';
import type { PatternReduction } from '../types/rules/einopsPattern.ts';
import type { GivenSizes } from '../types/rules/einopsSizes.ts';
import type { Tensor } from '../types/tensor/tensor.ts';
import { ones, tensor } from './creation.ts';
import { rearrange, reduce, repeat } from './einops.ts';
import type { LazyTensor } from './lazyTensor.ts';
import { inF64 } from './testing/evaluateLanguage.ts';
import { vjp } from './vjp.ts';

const sizes: Readonly<Record<string, number>> = { a: 2, b: 3, c: 1, d: 4, e: 2 };
const sizeOfName = (name: string): number => sizes[name] ?? 1;
type Groups = readonly (readonly string[])[];
const count = (names: readonly string[]): number => names.reduce((product, name) => product * sizeOfName(name), 1);
const shapeOf = (groups: Groups): Dim[] => groups.map((names, at) => `axis${at}=${count(names)}`);
const write = (groups: Groups): string => groups.map((names) => `(${names.join(' ')})`).join(' ');

/** Element by element: every index of the names on both sides. */
function naive(left: Groups, right: Groups, data: ArrayLike<number>, reduction: PatternReduction): Float64Array {
  const [from, to] = [left.flat(), right.flat()];
  const all = [...new Set([...to, ...from])];
  const gathered = Array.from({ length: count(to) }, (): number[] => []);
  const offset = (names: readonly string[], at: ReadonlyMap<string, number>): number =>
    names.reduce((sum, name) => sum * sizeOfName(name) + (at.get(name) ?? 0), 0);
  for (let index = 0; index < count(all); index++) {
    let rest = index;
    const at = new Map<string, number>();
    for (const name of all) {
      at.set(name, rest % sizeOfName(name));
      rest = Math.floor(rest / sizeOfName(name));
    }
    gathered[offset(to, at)]?.push(data[offset(from, at)] ?? Number.NaN);
  }
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  const reducers = {
    sum,
    mean: (values: readonly number[]) => sum(values) / values.length,
    max: (values: readonly number[]) => Math.max(...values),
  };
  return Float64Array.from(gathered, reducers[reduction]);
}

/** Names cut into groups. */
const cut = (names: readonly string[]): fc.Arbitrary<Groups> =>
  fc.array(fc.boolean(), { minLength: names.length, maxLength: names.length }).map((breaks) => {
    const groups: string[][] = [];
    for (const [at, name] of names.entries()) {
      const last = groups.at(-1);
      if (last === undefined || breaks[at]) groups.push([name]);
      else last.push(name);
    }
    return groups;
  });
const names = Object.keys(sizes);
const pairOf = (
  left: fc.Arbitrary<string[]>,
  right: (names: string[]) => fc.Arbitrary<string[]>,
): fc.Arbitrary<readonly [Groups, Groups]> => left.chain((of) => fc.tuple(cut(of), right(of).chain(cut)));
const given = (groups: Groups): GivenSizes => Object.fromEntries(groups.flat().map((name) => [name, sizeOfName(name)]));
const worst = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(0, ...Array.from(a, (x, i) => Math.abs(x - (b[i] ?? Number.NaN))));

type Loose = (x: LazyTensor, pattern: string, ...rest: unknown[]) => LazyTensor;
const [looseRearrange, looseReduce, looseRepeat] = [rearrange, reduce, repeat] as unknown as [Loose, Loose, Loose];

describe.each([
  ['rearrange', pairOf(fc.shuffledSubarray(names), (of) => fc.shuffledSubarray(of, { minLength: of.length })), 'sum' as const],
  ['reduce', pairOf(fc.shuffledSubarray(names), (of) => fc.shuffledSubarray(of)), 'sum' as const],
  ['reduce', pairOf(fc.shuffledSubarray(names), (of) => fc.shuffledSubarray(of)), 'mean' as const],
  ['reduce', pairOf(fc.shuffledSubarray(names), (of) => fc.shuffledSubarray(of)), 'max' as const],
  [
    'repeat',
    pairOf(fc.shuffledSubarray(names, { maxLength: 3 }), (of) =>
      fc.shuffledSubarray(names).map((more) => [...more.filter((name) => !of.includes(name)), ...of]),
    ),
    'sum' as const,
  ],
] as const)('%s', (operation, pairs, reduction) => {
  const call =
    (left: Groups, right: Groups) =>
    (x: LazyTensor): LazyTensor => {
      const pattern = `${write(left)} -> ${write(right)}`;
      const all = given([...left, ...right]);
      if (operation === 'reduce') return looseReduce(x, pattern, reduction, all);
      return operation === 'repeat' ? looseRepeat(x, pattern, all) : looseRearrange(x, pattern, all);
    };

  it(`${reduction}: computes what a loop computes, for 150 patterns`, () => {
    fc.assert(
      fc.property(pairs, ([left, right]) => {
        const data = uniform(count(left.flat()), 3);
        const [y = new Float64Array()] = inF64(call(left, right) as never, [shapeOf(left)])([data]);
        const expected = naive(left, right, data, reduction);
        expect(y).toHaveLength(expected.length);
        expect(worst(y, expected)).toBeLessThan(1e-12);
      }),
      { seed: 23, numRuns: 150 },
    );
  });

  it(`${reduction}: has the gradient that differences show, for 30 patterns`, () => {
    fc.assert(
      fc.property(pairs, ([left, right]) => {
        const x = uniform(count(left.flat()), 3);
        const dy = uniform(count(right.flat()), 4);
        const f = call(left, right);
        const pullback = (...args: LazyTensor[]): unknown =>
          vjp(f as never as (...x: Tensor<[]>[]) => Tensor<[]>)(args[0] as never).backward(args[1] as never);
        let shape: readonly Dim[] = [];
        inF64(
          ((value: LazyTensor) => {
            const y = f(value);
            shape = y.shape;
            return y;
          }) as never,
          [shapeOf(left)],
        );
        const [gradient = new Float64Array()] = inF64(pullback as never, [shapeOf(left), shape])([x, dy]);
        const [expected = new Float64Array()] = finiteDifferenceVjp((at) => inF64(f as never, [shapeOf(left)])(at), [x], [dy]);
        expect(worst(gradient, expected)).toBeLessThan(1e-7);
      }),
      { seed: 24, numRuns: 30 },
    );
  });
});

describe('patterns', () => {
  const x = ones(['batch=2', 'hw=16', 'c=3']);

  it('keep whole axes, and name the parts of split ones', () => {
    expect(rearrange(x, 'b (h w) c -> b h w c', { h: 4 }).shape).toEqual(['batch=2', 'h=4', 'w=4', 'c=3']);
    expect(rearrange(x, 'b p c -> c (b p)').shape).toEqual(['c=3', 32]);
    expect(rearrange(x, 'b p c -> c bp=(b p)').shape).toEqual(['c=3', 'bp=32']);
    expect(rearrange(x, '... c -> c ... 1').shape).toEqual(['c=3', 'batch=2', 'hw=16', 1]);
    expect(repeat(x, '... -> ... k', { k: 2 }).shape).toEqual(['batch=2', 'hw=16', 'c=3', 'k=2']);
    expect(reduce(x, 'b (h h2) c -> b h c', 'max', { h2: 2 }).shape).toEqual(['batch=2', 'h=8', 'c=3']);
  });

  it('split and merge symbolic axes', () => {
    const y = tensor(new Float32Array(24), ['batch', 'e=12'], { batch: 2 });
    const merged = rearrange(y, 'b (h d) -> bh=(b h) d', { h: 3 });
    expect(merged.shape).toEqual(['bh=3*batch', 'd=4']);
    expect(merged.sizes).toEqual([6, 4]);
    expect(rearrange(merged, '(b h) d -> b h d', { h: 3 }).shape).toEqual(['b=batch', 'h=3', 'd=4']);
  });

  it('say in a sentence what does not fit', () => {
    // @ts-expect-error: the sentence below, at the pattern
    expect(() => rearrange(x, 'b (h w) c -> b h w c', { h: 3 })).toThrow(
      "rearrange: 3 does not divide hw=16: 'b (h w) c -> b h w c' (sizes of parts divide the size of their axis, for all values of symbols)",
    );
    // @ts-expect-error: a sentence
    expect(() => rearrange(x, 'c hw b -> b hw c')).toThrow(
      "rearrange: 'c' stands for another axis than c: [batch=2, hw=16, c=3] in 'c hw b -> b hw c' (name the axes in the tensor's order)",
    );
    expect(() => looseReduce(x as never, 'b p c -> b', 'median')).toThrow(
      "reduce: there is no reduction 'median' (there are sum, mean and max)",
    );
    expect(() => looseReduce(ones(['n=2'], 'i32') as never, 'n ->', 'mean')).toThrow(
      'reduce: mean takes f32, not i32[n=2] (make the tensor f32)',
    );
    expect(() => looseReduce(ones(['n=2'], 'bool') as never, 'n ->', 'sum')).toThrow(
      'reduce: takes numbers, not bool[n=2] (make the tensor numbers)',
    );
    expect(() => looseRearrange(x as never, 7 as never)).toThrow(
      "rearrange: the pattern is not known (write it as a literal, such as 'b (h w) -> b h w')",
    );
    expect(() => looseRearrange(5 as never, 'a -> a')).toThrow(
      'rearrange: the operand 1 is no tensor: it has type number (make a tensor of it, with tensor(…))',
    );
  });

  it('rearrange any dtype', () => {
    expect(rearrange(ones(['n=2', 'm=3'], 'bool'), 'n m -> m n').shape).toEqual(['m=3', 'n=2']);
  });
});
