/**
 * The notations of einsum, expr and rearrange, reduce, repeat: the compiler and the run parse the same texts alike, find the same mistake
 * first and say the same sentence. Texts are generated, then damaged: a character left out, doubled or put in.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Dim, dimOf } from '../dim.ts';
import { type Shape, showShape } from '../shape.ts';
import { typeText as t } from '../testing/arbitraryShapes.ts';
import { testAgreement } from '../testing/twins.ts';
import { rearranged } from './einops.ts';
import { type EinopsOperation, parseEinops } from './einopsPattern.ts';
import type { GivenSizes } from './einopsSizes.ts';
import { einsumProblem, einsumShape } from './einsum.ts';
import { type EinsumPattern, parseEinsum } from './einsumPattern.ts';
import { exprProblem } from './expr.ts';
import { expression } from './expression/expression.ts';
import type { Term } from './expression/term.ts';
import { sortedList } from './sortedList.ts';

type Case = readonly [type: string, value: () => unknown];

/** Mostly the text itself. */
const damaged = (text: string, characters: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(text) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.nat(Math.max(0, text.length - 1)), fc.nat(1), fc.constantFrom('', ...characters))
        .map(([at, removed, added]) => text.slice(0, at) + added + text.slice(at + removed)),
    },
  );

// einsum

const letterDims: Readonly<Record<string, Dim>> = { i: 'n=3', j: 'in=2', k: 'out=4', b: 'batch', a: 5, z: 'n=4' };
const otherDims: readonly Dim[] = ['n=3', 'in=2', 'out=4', 'h=2', 'batch', 5, 1];
const group = fc.shuffledSubarray(Object.keys(letterDims), { maxLength: 3 });
const einsumCase = fc.array(group, { minLength: 1, maxLength: 3 }).chain((groups) =>
  fc
    .tuple(fc.shuffledSubarray([...new Set(groups.flat())]), fc.boolean(), fc.constantFrom(',', ', '), fc.constantFrom('->', ' -> '))
    .chain(([result, implicit, comma, arrow]) => {
      const spec = groups.map((letters) => letters.join('')).join(comma) + (implicit ? '' : arrow + result.join(''));
      const dims = groups.map((letters) =>
        fc.tuple(
          ...letters.map((letter) =>
            fc.oneof(
              { weight: 12, arbitrary: fc.constant(letterDims[letter] as Dim) },
              { weight: 1, arbitrary: fc.constantFrom(...otherDims) },
            ),
          ),
        ),
      );
      const shapes = fc.tuple(...dims).map((all) => all.map((shape): Shape => [...new Set(shape)]));
      return fc.tuple(
        damaged(spec, 'ijx.,->1 '),
        fc.oneof(
          { weight: 8, arbitrary: shapes },
          { weight: 1, arbitrary: fc.tuple(shapes, shapes).map(([one, two]) => [...one, ...two]) },
        ),
      );
    }),
);

// expr

const operands: Readonly<Record<string, Term | string>> = {
  X: term('X', ['n=3', 'in=2']),
  W: term('W', ['in=2', 'out=4']),
  b: term('b', ['out=4']),
  dY: term('dY', ['n=3', 'out=4']),
  S: term('S', ['in=2', 'n=4']),
  B: term('B', ['g=5', 'n=3', 'in=2']),
  k: term('k', ['n=3'], 'i32'),
  u: term('u', ['n=3'], 'u32'),
  s: term('s', []),
  one: term('one', ['n=3', 1]),
  rate: term('rate', [], 'number'),
  mask: 'expr: takes numbers, not bool[n=3] (make the tensor numbers)',
};
function term(text: string, shape: Shape, dtype: Term['dtype'] = 'f32'): Term {
  return { dtype, shape, text, form: 'atom', products: [] };
}
const termsText = `{ ${Object.entries(operands)
  .map(
    ([name, value]) =>
      `${name}: ${typeof value === 'string' ? t(value) : `[${t(value.dtype)}, ${t(value.shape)}, ${t(name)}, 'atom', []]`}`,
  )
  .join('; ')} }`;
const fitting = [
  'X @ W',
  'X @ W + b',
  'X.T @ dY',
  'dY @ W.T',
  'dY * b',
  'X * one',
  'B @ W',
  'B.mT',
  'dY',
  'W',
  'b',
  'X',
  's',
  '2',
  'rate',
  '1e-3',
  'k',
  'u',
];
const { text: expressionText } = fc.letrec<{ text: string }>((tie) => ({
  text: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom(...fitting, ...fitting, ...Object.keys(operands)),
    fc.tuple(tie('text'), fc.constantFrom(' + ', ' - ', '*', ' / ', ' @ '), tie('text')).map((parts) => parts.join('')),
    fc
      .tuple(fc.constantFrom('-', '(', '(', 'relu(', 'exp(', 'sum(', 'mean(', 'max('), tie('text'))
      .map(([open, text]) => (open === '-' ? `-${text}` : `${open}${text})`)),
    fc.tuple(tie('text'), fc.constantFrom('.T', '.mT', ' .T')).map(([text, suffix]) => `(${text})${suffix}`),
    fc
      .tuple(tie('text'), fc.constantFrom(' ** 2', '**3', ' ** 10 ** 2', ' ** 0', '**0.5', '**k', ' ** 100'))
      .map((parts) => parts.join('')),
    fc
      .tuple(
        fc.constantFrom('sum', 'mean', 'max'),
        tie('text'),
        fc.constantFrom("'n'", "'out'", '0', '1', "'zz'", '"in"', '7'),
        fc.constantFrom('', '', ', keepdims', ',keepdims', ', True', ', keepdims, 1'),
      )
      .map(([name, text, axis, kept]) => `${name}(${text}, ${axis}${kept})`),
  ),
}));
const exprCase = expressionText.filter((text) => text.length < 200).chain((text) => damaged(text, "()@.,'TXq1!+ *"));

// rearrange, reduce, repeat

const axisNames = ['b', 'h', 'w', 'c', 'x1', 't'];
const axisDims: readonly Dim[] = ['b=2', 'h=6', 'w=8', 'c=3', 'batch', 12, 1, 'e=12', 'f=2*batch', 'x=50257'];
const side = (names: readonly string[]): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(' ', ' ', ' ', '('), { minLength: names.length, maxLength: names.length }).chain((glue) =>
    fc.tuple(fc.constantFrom('', '', '', '1 ', '... ', 'hw='), fc.constantFrom('', '', '', ' 1', ' ...', ' ()')).map(([start, end]) => {
      let open = false;
      const words = names.map((name, at) => {
        const opens = glue[at] === '(';
        const text = `${open && opens ? ') ' : ''}${opens ? '(' : ''}${name}`;
        open = open || opens;
        return text;
      });
      const text = `${words.join(' ')}${open ? ')' : ''}`;
      return `${start === 'hw=' && !text.startsWith('(') ? '' : start}${text}${end}`;
    }),
  );
const einopsCase = fc.shuffledSubarray(axisNames, { minLength: 1, maxLength: 4 }).chain((names) =>
  fc
    .tuple(
      fc.constantFrom<EinopsOperation>('rearrange', 'rearrange', 'reduce', 'repeat'),
      side(names),
      fc
        .oneof(
          { weight: 4, arbitrary: fc.shuffledSubarray(names, { minLength: names.length }) },
          { weight: 2, arbitrary: fc.shuffledSubarray(axisNames, { maxLength: 4 }) },
        )
        .chain(side),
      fc.array(fc.constantFrom(...axisDims), { maxLength: 4 }).map((shape) => [...new Set(shape)]),
      fc.dictionary(
        fc.constantFrom(...names, ...names, 'zz', 't'),
        fc.constantFrom<number | string>(2, 3, 4, 6, 1, 0, -1, 2.5, 'batch', 'a b'),
        { maxKeys: 2, noNullPrototype: true },
      ),
    )
    .chain(([operation, left, right, shape, sizes]) =>
      damaged(`${left} -> ${right}`, '()-1. h').map((pattern): readonly [EinopsOperation, string, Shape, GivenSizes] => [
        operation,
        pattern,
        shape,
        sizes,
      ]),
    ),
);
/** Shapes and sizes made for the pattern; the sizes are sometimes others. */
const fittingCase = fc
  .constantFrom<readonly [EinopsOperation, string, Shape, GivenSizes]>(
    ['rearrange', 'b (h w) c -> b h w c', ['batch', 'hw=48', 'c=3'], { h: 6 }],
    ['rearrange', 'b (h w) c -> c hw=(h w) b', ['batch', 'p=48', 'k=3'], { w: 24, c: 3 }],
    ['rearrange', '... (h w) -> (w ...) h', ['batch', 5, 'e=24'], { h: 2, w: 12 }],
    ['rearrange', '(h w c) -> h w c', ['e=24*batch'], { h: 'batch', c: 8 }],
    ['rearrange', 'b h w -> w h b', ['h=2', 'w=3', 'c=4'], {}],
    ['rearrange', 'x y -> (y x)', ['h=2', 'w=3'], {}],
    ['rearrange', 'b t (h d) -> b h t d', ['batch', 'time', 'e=768'], { h: 12 }],
    ['rearrange', 'b t h d -> b t e=(h d)', ['batch', 'time', 'heads', 'q=d'], {}],
    ['rearrange', '1 b () ... -> b ... 1', [1, 'x=2', 'y=1', 7], {}],
    ['reduce', 'b (h h2) (w w2) c -> b h w c', ['b=2', 'y=32', 'x=32', 'c=3'], { h2: 2, w2: 8 }],
    ['reduce', '... (h w) -> ... h', ['n=2*batch', 'x=50257'], { w: 29 }],
    ['reduce', 'h w -> w', ['w=3', 'h=3'], {}],
    ['reduce', '... ->', ['w=3', 'h=3'], {}],
    ['repeat', 'h w -> (h h2) (w w2)', ['y=3', 'x=1000003'], { h2: 2, w2: 50257 }],
    ['repeat', 'b h w -> b h w w2', ['b=2', 3, 'batch'], { w2: 5 }],
    ['repeat', '... -> c ...', ['c=2', 'batch'], { c: 'batch' }],
  )
  .chain(([operation, pattern, shape, sizes]) =>
    fc
      .oneof(
        { weight: 3, arbitrary: fc.constant(sizes) },
        {
          weight: 1,
          arbitrary: fc.dictionary(
            fc.constantFrom('h', 'w', 'c', 'h2', 'w2', 'b'),
            fc.constantFrom<number | string>(2, 3, 6, 8, 24, 48, 'batch', 5),
            {
              maxKeys: 3,
              noNullPrototype: true,
            },
          ),
        },
      )
      .map((given): readonly [EinopsOperation, string, Shape, GivenSizes] => [operation, pattern, shape, given]),
  );
const einopsOutcome = (operation: EinopsOperation, pattern: string, shape: Shape, sizes: GivenSizes): string | Shape => {
  const parsed = parseEinops(operation, pattern);
  if (typeof parsed === 'string') return parsed;
  const plan = rearranged(operation, pattern, parsed, sizes, shape);
  return typeof plan === 'string' ? plan : plan.shape;
};
const einopsCases = fc.oneof({ weight: 1, arbitrary: einopsCase }, { weight: 1, arbitrary: fittingCase });

const twins: Readonly<Record<string, { readonly cases: fc.Arbitrary<Case>; readonly runs: number }>> = {
  einsumProblem: {
    cases: einsumCase.map(([spec, shapes]): Case => [`einsumProblem<${t(spec)}, ${t(shapes)}>`, () => einsumProblem(spec, shapes)]),
    runs: 300,
  },
  einsumShape: {
    cases: einsumCase
      .filter(([spec, shapes]) => einsumProblem(spec, shapes) === undefined)
      .map(
        ([spec, shapes]): Case => [
          `einsumShape<parseEinsum<${t(spec)}>, ${t(shapes)}>`,
          () => einsumShape(parseEinsum(spec) as Exclude<ReturnType<typeof parseEinsum>, string>, shapes),
        ],
      ),
    runs: 100,
  },
  exprProblem: { cases: exprCase.map((text): Case => [`exprProblem<${t(text)}, Operands>`, () => exprProblem(text, operands)]), runs: 500 },
  'expression, its shape': {
    cases: exprCase
      .filter((text) => exprProblem(text, operands) === undefined)
      .map(
        (text): Case => [
          `[expression<${t(text)}, Operands>[0], expression<${t(text)}, Operands>[1], expression<${t(text)}, Operands>[2]]`,
          () => {
            const { dtype, shape, text: written } = expression(text, operands) as Term;
            return [dtype, shape, written];
          },
        ],
      ),
    runs: 150,
  },
  einopsProblem: {
    cases: einopsCases.map(
      ([operation, pattern, shape, sizes]): Case => [
        `einopsProblem<'${operation}', ${t(pattern)}, ${JSON.stringify(sizes)}, ${t(shape)}>`,
        () => {
          const outcome = einopsOutcome(operation, pattern, shape, sizes);
          return typeof outcome === 'string' ? outcome : undefined;
        },
      ],
    ),
    runs: 500,
  },
  'einopsShape of the parts that fit': {
    cases: fittingCase
      .filter((one) => typeof einopsOutcome(...one) !== 'string')
      .map(
        ([operation, pattern, shape, sizes]): Case => [
          `einopsShape<parseEinops<'${operation}', ${t(pattern)}>, boundBy<parseEinops<'${operation}', ${t(pattern)}>, ${JSON.stringify(sizes)}, ${t(shape)}>>`,
          () => einopsOutcome(operation, pattern, shape, sizes),
        ],
      ),
    runs: 80,
  },
  sortedList: {
    cases: fc
      .uniqueArray(fc.constantFrom('X', 'dY', 'W', 'b', 'b2', '_x', 'Z', 'aa', 'ab', 'a'), { maxLength: 6 })
      .map((names): Case => [`sortedList<${names.map((name) => t(name)).join(' | ') || 'never'}>`, () => sortedList(names)]),
    runs: 60,
  },
};

const imports = `
import type { boundBy, einopsProblem, einopsShape } from '../rules/einops.ts';
import type { parseEinops } from '../rules/einopsPattern.ts';
import type { einsumProblem, einsumShape } from '../rules/einsum.ts';
import type { parseEinsum } from '../rules/einsumPattern.ts';
import type { exprProblem } from '../rules/expr.ts';
import type { expression } from '../rules/expression/expression.ts';
import type { sortedList } from '../rules/sortedList.ts';
interface Operands ${termsText}`;
const drawn = Object.entries(twins).map(([rule, { cases, runs }]) => ({ rule, cases: fc.sample(cases, { seed: 22, numRuns: runs }) }));
testAgreement(imports, drawn);

describe('the drawn cases', () => {
  it.each(drawn.filter(({ rule }) => rule.endsWith('Problem')))('$rule: some are refused, some are not, in many ways', ({ cases }) => {
    const sentences = cases.map(([, value]) => value()).filter((value) => value !== undefined);
    expect(sentences.length).toBeGreaterThan(cases.length / 10);
    expect(sentences.length).toBeLessThan((cases.length * 95) / 100);
    // what is wrong, without the texts and shapes
    const kinds = new Set(sentences.map((sentence) => `${sentence}`.replace(/'[^']*'|\[[^\]]*\]|\d+|\(.*/g, '')));
    expect(kinds.size).toBeGreaterThan(8);
  });

  it('keep their sentences short', () => {
    const longest = Math.max(
      ...drawn.flatMap(({ cases }) => cases.flatMap(([, value]) => (typeof value() === 'string' ? [`${value()}`.length] : []))),
    );
    expect(longest).toBeLessThan(600);
  });
});

it('computes dims from sizes as the types do', () => {
  expect([dimOf('3', ''), dimOf('3', 'h'), dimOf('batch', 'batch'), dimOf('2*batch', '')]).toEqual([3, 'h=3', 'batch', '2*batch']);
});

describe('a suggested fix fits, with the shape that it is said to give', () => {
  const suggested = /\(try (.*): (\[[^\]]*\])\)$/;

  it('of einsum', () => {
    // a product whose right operand lies transposed
    const transposed = fc
      .tuple(fc.shuffledSubarray(['b', 'a'], { maxLength: 1 }), fc.shuffledSubarray(['i', 'j', 'k'], { minLength: 3 }))
      .chain(([batch, [i, j, k]]) =>
        fc.boolean().map((left): readonly [string, readonly Shape[]] => {
          const shape = (...letters: (string | undefined)[]): Shape =>
            [...batch, ...letters].map((letter) => letterDims[letter ?? 'z'] as Dim);
          const lead = batch.join('');
          return [`${lead}${i}${j},${lead}${j}${k}->${lead}${i}${k}`, left ? [shape(j, i), shape(j, k)] : [shape(i, j), shape(k, j)]];
        }),
      );
    const fixed = fc.sample(transposed, { seed: 25, numRuns: 100 }).flatMap(([spec, shapes]) => {
      const [, fix, shape] = suggested.exec(einsumProblem(spec, shapes) ?? '') ?? [];
      return fix === undefined ? [] : [{ fix: fix.slice(1, -1), shape, shapes }];
    });
    expect(fixed).toHaveLength(100);
    for (const { fix, shape, shapes } of fixed) {
      expect(einsumProblem(fix, shapes)).toBeUndefined();
      expect(showShape(einsumShape(parseEinsum(fix) as EinsumPattern, shapes))).toBe(shape);
    }
  });

  it('of expr', () => {
    const fixed = fc.sample(exprCase, { seed: 26, numRuns: 10000 }).flatMap((text) => {
      const [, fix, shape] = suggested.exec(exprProblem(text, operands) ?? '') ?? [];
      return fix === undefined ? [] : [{ fix, shape }];
    });
    expect(fixed.length).toBeGreaterThan(100);
    for (const { fix, shape } of fixed) {
      const outcome = expression(fix, operands);
      expect(typeof outcome === 'string' ? `${fix}: ${outcome}` : showShape(outcome.shape)).toBe(shape);
    }
  });
});
