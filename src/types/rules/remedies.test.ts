/** A fix in a sentence works when it is pasted: the refused call is replaced by the suggested one, and has the promised shape. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repeatedName, type Shape, showShape } from '../shape.ts';
import { broadcastProblem, broadcastShapes } from './broadcast.ts';
import { matmulProblem, matmulShape } from './matmul.ts';
import { renameProblem, renameShape } from './rename.ts';
import { matrixTranspose, transposeProblem } from './transpose.ts';

const dim = fc.constantFrom<string | number>('n=3', 'in=2', 'out=2', 'n2=3', 'n3', 'batch', 'n', 'n22', 2, 3, 1, 'row=batch', 'in=1');
const shape = (minLength: number) => fc.array(dim, { minLength, maxLength: 4 }).filter((dims) => repeatedName(dims) === undefined);
/** Pairs that share dims more often than not. */
const pair = shape(2).chain((a) =>
  fc.tuple(
    fc.constant(a),
    fc
      .tuple(fc.shuffledSubarray(a), shape(0))
      .map(([some, more]) => [...some, ...more].slice(0, 4))
      .filter((b) => repeatedName(b) === undefined),
  ),
);

/** The same, as batches of matrices that fit. */
const products = fc.oneof(
  pair,
  pair.map(
    ([a, b]) =>
      [
        [...a.slice(0, 2), 'q=6', 'k=5'],
        [...b.slice(0, 2), 'k=5', 'm=4'],
      ] as const,
  ),
);

const suggestion =
  /\(try (?<left>[ab])(?:\.(?<leftView>m?T))?\.(?<operation>\w+)\((?<right>[ab])(?:\.(?<rightView>m?T))?(?:\.rename\(\{ (?<from>\w+): '(?<to>\w+)' \}\))?\)(?:: (?<result>\[.*\]))?\)$/;

interface Call {
  readonly operation: string;
  readonly left: Shape;
  readonly right: Shape;
  readonly result: string | undefined;
}

/** The suggested call on the operands that were refused. */
function read(sentence: string, a: Shape, b: Shape): Call | undefined {
  const found = suggestion.exec(sentence)?.groups;
  if (found === undefined) return undefined;
  const view = (operand: Shape, how: string | undefined): Shape => {
    if (how !== 'T' && how !== 'mT') return operand;
    expect(transposeProblem(how, operand)).toBeUndefined();
    return matrixTranspose(operand) || operand;
  };
  const rename = (operand: Shape): Shape => {
    const { from, to } = found;
    if (from === undefined || to === undefined) return operand;
    expect(renameProblem(operand, { [from]: to })).toBeUndefined();
    return renameShape(operand, { [from]: to });
  };
  return {
    operation: found.operation ?? '',
    left: view(found.left === 'a' ? a : b, found.leftView),
    right: rename(view(found.right === 'a' ? a : b, found.rightView)),
    result: found.result,
  };
}

describe('a suggested fix', () => {
  it('of a product is a product, of the promised shape', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(products, ([a, b]) => {
        const sentence = matmulProblem(a, b);
        const call = sentence === undefined ? undefined : read(sentence, a, b);
        if (sentence?.includes('(try ')) expect(call, sentence).toBeDefined();
        if (call === undefined) return;
        seen.add(sentence?.replace(/^.*\(try (.*?)(?:: \[.*|\{.*)?\)$/, '$1') ?? '');
        expect(matmulProblem(call.left, call.right), sentence).toBeUndefined();
        if (call.result !== undefined) expect(showShape(matmulShape(call.left, call.right))).toBe(call.result);
      }),
      { seed: 3, numRuns: 3000 },
    );
    expect([...seen].length).toBeGreaterThanOrEqual(6);
  });

  it('of an element-wise operation broadcasts, to the promised shape', () => {
    let count = 0;
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const sentence = broadcastProblem('add', a, b);
        const call = sentence === undefined ? undefined : read(sentence, a, b);
        if (sentence?.includes('(try ')) expect(call, sentence).toBeDefined();
        if (call === undefined) return;
        count += 1;
        expect(broadcastProblem('add', call.left, call.right), sentence).toBeUndefined();
        expect(showShape(broadcastShapes(call.left, call.right) || [])).toBe(call.result);
      }),
      { seed: 3, numRuns: 3000 },
    );
    expect(count).toBeGreaterThan(50);
  });
});
