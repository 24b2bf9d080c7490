/** Einsum against a loop over all letters, its gradients against differences, and its sentences at run time. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { input } from '../graph/build.ts';
import { makeGraph } from '../graph/graph.ts';
import { printGraph } from '../graph/print.ts';
import { finiteDifferenceVjp } from '../graph/testing/finiteDifference.ts';
import { uniform } from '../graph/testing/uniform.ts';
import type { Dim } from '../types/dim.ts';
import { type EinsumPattern, parseEinsum, writeEinsum } from '../types/rules/einsumPattern.ts';
import type { Tensor } from '../types/tensor/tensor.ts';
import { ones, tensor } from './creation.ts';
import { einsum, einsumOf } from './einsum.ts';
import type { LazyTensor } from './lazyTensor.ts';
import { inF64 } from './testing/evaluateLanguage.ts';
import { vjp } from './vjp.ts';

const sizes: Readonly<Record<string, number>> = { a: 2, b: 3, c: 2, d: 1, i: 3, j: 2, k: 4 };
const sizeOfLetter = (letter: string): number => sizes[letter] ?? 2;
const shapeOf = (letters: readonly string[]): Dim[] => letters.map((letter) => `${letter}=${sizeOfLetter(letter)}`);
const countOf = (letters: readonly string[]): number => letters.reduce((count, letter) => count * sizeOfLetter(letter), 1);

/** One loop over all the letters. */
function naive({ operands, result }: EinsumPattern, data: readonly ArrayLike<number>[]): Float64Array {
  const letters = [...new Set(operands.flat())];
  const out = new Float64Array(countOf(result));
  const offset = (of: readonly string[], at: ReadonlyMap<string, number>): number =>
    of.reduce((sum, letter) => sum * sizeOfLetter(letter) + (at.get(letter) ?? 0), 0);
  for (let index = 0; index < countOf(letters); index++) {
    let rest = index;
    const at = new Map<string, number>();
    for (const letter of letters) {
      at.set(letter, rest % sizeOfLetter(letter));
      rest = Math.floor(rest / sizeOfLetter(letter));
    }
    const product = operands.reduce((value, of, operand) => value * (data[operand]?.[offset(of, at)] ?? Number.NaN), 1);
    const to = offset(result, at);
    out[to] = (out[to] ?? Number.NaN) + product;
  }
  return out;
}

const letters = fc.shuffledSubarray(Object.keys(sizes), { maxLength: 3 });
const patterns = fc
  .array(letters, { minLength: 1, maxLength: 4 })
  .chain((operands) => fc.shuffledSubarray([...new Set(operands.flat())]).map((result): EinsumPattern => ({ operands, result })));

/** The language's einsum on values without static shapes. */
const call =
  (spec: string) =>
  (...x: LazyTensor[]) =>
    (einsum as unknown as (spec: string, ...x: LazyTensor[]) => LazyTensor)(spec, ...x);
const worst = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(0, ...Array.from(a, (x, i) => Math.abs(x - (b[i] ?? Number.NaN))));

describe('einsum', () => {
  it('computes what a loop over all letters computes, for 300 patterns', () => {
    fc.assert(
      fc.property(patterns, (pattern) => {
        const data = pattern.operands.map((of, i) => uniform(countOf(of), i + 1));
        const [y = new Float64Array()] = inF64(call(writeEinsum(pattern)) as never, pattern.operands.map(shapeOf))(data);
        const expected = naive(pattern, data);
        expect(y).toHaveLength(expected.length);
        expect(worst(y, expected)).toBeLessThan(1e-12);
      }),
      { seed: 20, numRuns: 300 },
    );
  });

  it('has the gradients that differences show, for 60 patterns', () => {
    fc.assert(
      fc.property(patterns, ({ operands, result }) => {
        const spec = writeEinsum({ operands, result });
        const inputs = operands.map((of, i) => uniform(countOf(of), i + 1));
        const dy = uniform(countOf(result), 7);
        const shapes = operands.map(shapeOf);
        const pullback = (...args: LazyTensor[]): unknown =>
          vjp(call(spec) as never as (...x: Tensor<[]>[]) => Tensor<[]>)(...(args.slice(0, -1) as never[])).backward(args.at(-1) as never);
        const gradients = inF64(pullback as never, [...shapes, shapeOf(result)])([...inputs, dy]);
        const expected = finiteDifferenceVjp((at) => inF64(call(spec) as never, shapes)(at), inputs, [dy]);
        expect(gradients).toHaveLength(expected.length);
        for (const [i, gradient] of gradients.entries()) expect(worst(gradient, expected[i] ?? [])).toBeLessThan(1e-7);
      }),
      { seed: 21, numRuns: 60 },
    );
  });

  it('orders an implicit result by the alphabet, without the letters that stand twice', () => {
    expect(parseEinsum('zb, bA')).toEqual({
      operands: [
        ['z', 'b'],
        ['b', 'A'],
      ],
      result: ['A', 'z'],
    });
    expect(parseEinsum('')).toEqual({ operands: [[]], result: [] });
  });

  it('is one contraction for a matrix product, and no permute', () => {
    const a = input('a', ['b=2', 'i=3', 'j=2'], 'f32');
    const b = input('b', ['b=2', 'j=2', 'k=4'], 'f32');
    const graph = makeGraph('product', [a, b], [einsumOf('bij,bjk->bik', [a, b])]);
    expect(
      printGraph(graph)
        .split('\n')
        .filter((line) => /contract|permute|reduce/.test(line)),
    ).toHaveLength(1);
  });

  it('sums a letter that only one operand has before it multiplies', () => {
    const a = input('a', ['i=3', 'q=9'], 'f32');
    const b = input('b', ['i=3'], 'f32');
    expect(printGraph(makeGraph('early', [a, b], [einsumOf('iq,i->i', [a, b])]))).toMatch(/reduceSum[\s\S]*contract/);
  });

  it('says in a sentence what does not fit', () => {
    const x = ones(['n=3', 'in=2']);
    const dy = ones(['n=3', 'out=4']);
    // @ts-expect-error: the sentence below, at the letters
    expect(() => einsum('ij,jk->ik', x, dy)).toThrow(
      "einsum: 'j' is in=2 in 'ij' [n=3, in=2] and n=3 in 'jk' [n=3, out=4]: 'ij,jk->ik' (try 'ji,jk->ik': [in=2, out=4])",
    );
    expect(einsum('ji,jk->ik', x, dy).shape).toEqual(['in=2', 'out=4']);
    expect(() => call('ij->')(4 as never)).toThrow(
      'einsum: the operand 1 is no tensor: it has type number (make a tensor of it, with tensor(…))',
    );
    expect(() => call('')()).toThrow("einsum: '' describes 1 operand, not 0 (give each operand a group of letters, with commas between)");
    expect(() => call(7 as never)()).toThrow("einsum: the letters are not known (write them as a literal, such as 'ij,jk->ik')");
    expect(() => call('i->')(ones(['i=3'], 'bool') as never)).toThrow('einsum: takes numbers, not bool[i=3] (make the tensor numbers)');
    expect(() => call('i,i->')(ones(['i=3']) as never, ones(['i=3'], 'i32') as never)).toThrow(
      'einsum: dtypes differ: f32[i=3] with i32[i=3] (make both the same dtype)',
    );
  });

  it('keeps symbolic axes, and refuses one axis of two sizes', () => {
    const x = tensor(new Float32Array(6), ['batch', 'in=2']);
    const y = einsum('bi->ib', x);
    expect(y.shape).toEqual(['in=2', 'batch']);
    expect(y.sizes).toEqual([2, 3]);
    expect(() => einsum('bi,bj->ij', x, tensor(new Float32Array(4), ['batch', 'out=2']))).toThrow("einsum: axis 'batch' has two sizes");
  });
});
