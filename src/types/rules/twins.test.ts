/**
 * The core promise of the rules: the sentence that the compiler shows is the sentence that the run throws, and both compute
 * the same shapes. Each rule is asked about generated shapes, right and wrong ones, as a type and as a value.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameOf, symbolOf } from '../dim.ts';
import { dtypes } from '../dtype.ts';
import { namesOf, repeatedName, showShape } from '../shape.ts';
import { anyDim, dims, legalDim, legalShape, typeText } from '../testing/arbitraryShapes.ts';
import { testAgreement } from '../testing/twins.ts';
import { axesProblem, reduceShape, resolveAxes } from './axis.ts';
import { broadcastProblem, broadcastShapes } from './broadcast.ts';
import { type Division, dividesProblem, mergeByFact, mergeByFactProblem, splitByFact, splitByFactProblem } from './divides.ts';
import { dtypeProblem } from './dtype.ts';
import { kept, keptShape } from './kept.ts';
import { literalProblem, literalShape, type Nested, nestedSizes } from './literal.ts';
import { matmulProblem, matmulShape } from './matmul.ts';
import { flattenProblem, mergeProblem, mergeShape, product } from './merge.ts';
import { permuteProblem, permuteShape, swapProblem, swapShape } from './permute.ts';
import { namedShape, namesProblem, renameAxisProblem, renameAxisShape, renameProblem, renameShape } from './rename.ts';
import { reshapeProblem } from './reshape.ts';
import { matrixProblem, shapeProblem } from './shape.ts';
import { sizedProblem } from './sized.ts';
import { splitProblem, splitShape } from './split.ts';
import { matrixTranspose, transposeProblem } from './transpose.ts';

interface Twin {
  /** The type's text and the value's answer, for one drawn case. */
  readonly cases: fc.Arbitrary<readonly [type: string, value: () => unknown]>;
  readonly runs?: number;
}

const seed = 20;
const t = typeText;
const operation = fc.constantFrom('add', 'sub', 'mul', 'div');
const name = fc.constantFrom('n', 'in', 'out', 'h', 'batch', 'h2', 'n', 'a b', '', 'in=2', '2d');
const nested = (depth: number): fc.Arbitrary<Nested> =>
  depth === 0 ? fc.integer({ min: -3, max: 3 }) : fc.array(nested(depth - 1), { minLength: 0, maxLength: 3 });
const regular = (sizes: readonly number[]): Nested => {
  const [size, ...rest] = sizes;
  return size === undefined ? 1 : Array.from({ length: size }, () => regular(rest));
};
const literal: fc.Arbitrary<Nested> = fc.oneof(
  { weight: 3, arbitrary: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 }).map(regular) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 3 }).chain(nested) },
);
/** Shapes related to a first one: the same dims in another order, or with others between them. */
const related = (shape: readonly (string | number)[]): fc.Arbitrary<readonly (string | number)[]> =>
  fc.oneof(
    fc.shuffledSubarray([...shape]),
    fc.constant(shape.map((dim) => dim)),
    fc.tuple(fc.shuffledSubarray([...shape]), legalDim).map(([picked, dim]) => [...picked, dim]),
    legalShape(),
  );
const pair = legalShape().chain((left) =>
  fc.tuple(
    fc.constant(left),
    related(left).filter((right) => repeatedName(right) === undefined),
  ),
);
/** The same shapes, and those whose axes were kept. */
const stretching = legalShape().chain((left) =>
  fc
    .array(fc.constantFrom('whole', 'kept', 'one'), { minLength: 4, maxLength: 4 })
    .map((how) => left.map((dim, at) => (how[at] === 'kept' ? kept(dim) : how[at] === 'one' ? 1 : dim)))
    .chain((right) => fc.constantFrom([left, right] as const, [right, left] as const, [left, right.slice(1)] as const)),
);
/** Batches of matrices that fit each other, the batch axes the same, stretching, missing or named otherwise. */
const batches = fc
  .tuple(stretching, fc.constantFrom('k=5', 2), fc.constantFrom('k=5', 2), fc.constantFrom('m=4', 'n', 'batch'))
  .map(
    ([[a, b], k, k2, m]) =>
      [
        [...a.slice(0, 2), 'q=6', k],
        [...b.slice(0, 2), k2, m],
      ] as const,
  )
  .filter((both) => both.every((shape) => repeatedName(shape) === undefined));
const products = fc.oneof(pair, batches);
const operands = fc.oneof(pair, stretching);
const axes = (shape: readonly (string | number)[]): fc.Arbitrary<string | number> =>
  fc.oneof(
    fc.constantFrom<(string | number)[]>(...namesOf(shape), 'zz'),
    fc.integer({ min: 0, max: Math.max(0, shape.length - 1) }),
    fc.constantFrom(-1, 7, 0.5),
  );

const reductions = legalShape().chain((shape) =>
  fc
    .tuple(fc.constant(shape), fc.array(axes(shape), { maxLength: 3 }))
    .filter(([, picked]) => axesProblem('sum', shape, picked) === undefined),
);

const nestedDepth = (data: Nested): number => (typeof data === 'object' ? 1 + nestedDepth(data[0] ?? 0) : 0);
const bigShape = fc.shuffledSubarray([50257, 'v=768', 'h=12', 'd=64', 'batch', 1000003, 'q=1024', 100, 'r=25'], { maxLength: 4 });

const twins: Record<string, Twin> = {
  nameOf: { cases: legalDim.map((dim) => [`nameOf<${t(dim)}>`, () => nameOf(dim)]) },
  symbolOf: { cases: legalDim.map((dim) => [`symbolOf<${t(dim)}>`, () => symbolOf(dim)]) },
  showShape: { cases: dims().map((shape) => [`showShape<${t(shape)}>`, () => showShape(shape)]) },
  repeatedName: { cases: dims().map((shape) => [`repeatedName<${t(shape)}>`, () => repeatedName(shape)]) },
  shapeProblem: {
    cases: fc.array(anyDim, { maxLength: 4 }).map((shape) => [`shapeProblem<'ones', ${t(shape)}>`, () => shapeProblem('ones', shape)]),
    runs: 400,
  },
  matmulProblem: { cases: products.map(([a, b]) => [`matmulProblem<${t(a)}, ${t(b)}>`, () => matmulProblem(a, b)]), runs: 400 },
  matmulShape: {
    cases: products
      .filter(([a, b]) => matmulProblem(a, b) === undefined)
      .map(([a, b]) => [`matmulShape<${t(a)}, ${t(b)}>`, () => matmulShape(a, b)]),
  },
  matmulRepeats: {
    cases: pair.map(([a, b]) => [`matmulRepeats<${t(a)}, ${t(b)}>`, () => matmulProblem(a, b)?.includes('the result would name') ?? false]),
  },
  broadcastProblem: {
    cases: fc
      .tuple(operation, operands)
      .map(([op, [a, b]]) => [`broadcastProblem<'${op}', ${t(a)}, ${t(b)}>`, () => broadcastProblem(op, a, b)]),
    runs: 400,
  },
  broadcastShapes: { cases: operands.map(([a, b]) => [`broadcastShapes<${t(a)}, ${t(b)}>`, () => broadcastShapes(a, b)]) },
  transposeProblem: {
    cases: fc
      .tuple(fc.constantFrom('T' as const, 'mT' as const), legalShape())
      .map(([op, shape]) => [`transposeProblem<'${op}', ${t(shape)}>`, () => transposeProblem(op, shape)]),
  },
  matrixTranspose: { cases: legalShape().map((shape) => [`matrixTranspose<${t(shape)}>`, () => matrixTranspose(shape)]) },
};
Object.assign(twins, {
  axesProblem: {
    cases: legalShape(3).chain((shape) =>
      fc
        .tuple(fc.constantFrom('sum', 'mean', 'max'), fc.oneof(axes(shape), fc.array(axes(shape), { maxLength: 3 })))
        .map(([op, picked]) => [`axesProblem<'${op}', ${t(shape)}, ${t(picked)}>`, () => axesProblem(op, shape, picked)] as const),
    ),
    runs: 400,
  },
  reduceShape: {
    cases: reductions.map(([shape, picked]) => [
      `reduceShape<${t(shape)}, ${t(picked)}[number]>`,
      () => reduceShape(shape, resolveAxes('sum', shape, picked)),
    ]),
  },
  keptShape: {
    cases: reductions.map(([shape, picked]) => [
      `keptShape<${t(shape)}, ${t(picked)}[number]>`,
      () => keptShape(shape, resolveAxes('sum', shape, picked)),
    ]),
  },
  renameProblem: {
    cases: legalShape(3).chain((shape) =>
      fc
        .dictionary(fc.constantFrom(...namesOf(shape), 'n', 'zz', 'yy'), name, { maxKeys: 3, noNullPrototype: true })
        .map((names) => [`renameProblem<${t(shape)}, ${JSON.stringify(names)}>`, () => renameProblem(shape, names)] as const),
    ),
    runs: 300,
  },
  renameShape: {
    cases: legalShape(3).chain((shape) =>
      fc
        .dictionary(fc.constantFrom('x', ...namesOf(shape)), fc.constantFrom('n', 'h2', 'batch', 'time'), {
          maxKeys: 3,
          noNullPrototype: true,
        })
        .map((names) => [`renameShape<${t(shape)}, ${JSON.stringify(names)}>`, () => renameShape(shape, names)] as const),
    ),
  },
  namesProblem: {
    cases: fc
      .tuple(legalShape(3), fc.array(name, { maxLength: 3 }))
      .map(
        ([shape, names]) => [`namesProblem<'withNames', ${t(shape)}, ${t(names)}>`, () => namesProblem('withNames', shape, names)] as const,
      ),
    runs: 300,
  },
  namedShape: {
    cases: legalShape(3).chain((shape) =>
      fc
        .shuffledSubarray(['n', 'in', 'batch', 'time'], { minLength: shape.length, maxLength: shape.length })
        .map((names) => [`namedShape<${t(shape)}, ${t(names)}>`, () => namedShape(shape, names)] as const),
    ),
  },
  reshapeProblem: {
    cases: legalShape().chain((shape) =>
      fc
        .oneof(related(shape), fc.shuffledSubarray([...shape], { minLength: shape.length }), fc.array(anyDim, { maxLength: 3 }), bigShape)
        .map((to) => [`reshapeProblem<${t(shape)}, ${t(to)}>`, () => reshapeProblem(shape, to)] as const),
    ),
    runs: 400,
  },
  'reshapeProblem, large sizes': {
    cases: fc
      .tuple(bigShape, bigShape)
      .map(([from, to]) => [`reshapeProblem<${t(from)}, ${t(to)}>`, () => reshapeProblem(from, to)] as const),
  },
  matrixProblem: {
    cases: fc
      .array(anyDim, { maxLength: 3 })
      .map((shape) => [`matrixProblem<'eye', ${t(shape)}>`, () => matrixProblem('eye', shape)] as const),
  },
  sizedProblem: {
    cases: fc
      .array(anyDim, { maxLength: 3 })
      .map((shape) => [`sizedProblem<'randn', ${t(shape)}>`, () => sizedProblem('randn', shape)] as const),
  },
  dtypeProblem: {
    cases: fc
      .tuple(operation, fc.constantFrom(...dtypes), legalShape(2), fc.constantFrom(...dtypes), legalShape(2))
      .map(([op, d, a, e, b]) => [`dtypeProblem<'${op}', '${d}', ${t(a)}, '${e}', ${t(b)}>`, () => dtypeProblem(op, d, a, e, b)] as const),
  },
  literalProblem: {
    cases: fc
      .tuple(literal, fc.option(fc.array(name, { maxLength: 3 }), { nil: undefined }))
      .map(([data, names]) => [`literalProblem<${t(data)}, ${t(names)}>`, () => literalProblem(data, names)] as const),
    runs: 400,
  },
  nestedSizes: {
    cases: literal
      .filter((data) => literalProblem(data, undefined) === undefined)
      .map((data) => [`nestedSizes<${t(data)}>`, () => nestedSizes(data)] as const),
  },
  literalShape: {
    cases: literal
      .filter((data) => literalProblem(data, ['n', 'in', 'out'].slice(0, nestedDepth(data))) === undefined)
      .map((data) => {
        const names = ['n', 'in', 'out'].slice(0, nestedDepth(data));
        return [`literalShape<${t(data)}, ${t(names)}>`, () => literalShape(data, names)] as const;
      }),
  },
} satisfies Record<string, Twin>);

/** Every axis once, in any order; or any axes. */
const someAxes = (shape: readonly (string | number)[]): fc.Arbitrary<readonly (string | number)[]> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }) },
    { weight: 2, arbitrary: fc.shuffledSubarray([...namesOf(shape)]) },
    { weight: 1, arbitrary: fc.array(axes(shape), { maxLength: 4 }) },
  );
const runOf = (shape: readonly (string | number)[]): fc.Arbitrary<readonly (string | number)[]> =>
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 3 })).map(([first, last]) => [...shape.keys()].slice(first, first + last)),
    },
    { weight: 1, arbitrary: fc.array(axes(shape), { maxLength: 3 }) },
  );
const newName = fc.constantFrom('', 'rows', 'n', 'batch', 'zz');
const splittable = fc
  .tuple(fc.constantFrom<string | number>('d=24', 'd', 'd=2*batch', 24, 'd=batch*time', 'd=50257'), legalShape(2))
  .map(([dim, rest]) => [...rest, dim])
  .filter((shape) => repeatedName(shape) === undefined);
const parts = fc.array(fc.constantFrom<string | number>(2, 'x=3', 'y=4', 'rest', 'batch', 'time', 'n=12', 'z=2*batch', 29, 'x', 24), {
  maxLength: 3,
});
const fact: fc.Arbitrary<Division> = fc.record({
  divisor: fc.constantFrom<string | number>('h=3', 'heads', 2, 'x=batch', 'h=7', 'h=0', 'batch+1'),
  dividend: fc.constantFrom<string | number>('d=24', 'd', 24, 'd=2*batch', 'd=batch+1', 'd=0'),
});
const goodFact = fact.filter(({ divisor, dividend }) => dividesProblem(divisor, dividend) === undefined);
const factDims = ({ divisor, dividend }: Division): string => `${t(divisor)}, ${t(dividend)}`;
Object.assign(twins, {
  permuteProblem: {
    cases: legalShape(3).chain((shape) =>
      someAxes(shape).map((picked) => [`permuteProblem<${t(shape)}, ${t(picked)}>`, () => permuteProblem(shape, picked)] as const),
    ),
    runs: 300,
  },
  permuteShape: {
    cases: legalShape(3).chain((shape) =>
      fc
        .shuffledSubarray([...shape.keys()], { minLength: shape.length })
        .map((picked) => [`permuteShape<${t(shape)}, ${t(picked)}>`, () => permuteShape(shape, picked)] as const),
    ),
  },
  swapProblem: {
    cases: legalShape(3)
      .filter(({ length }) => length > 0)
      .chain((shape) =>
        fc
          .tuple(axes(shape), axes(shape))
          .map(([a, b]) => [`swapProblem<${t(shape)}, ${t(a)}, ${t(b)}>`, () => swapProblem(shape, a, b)] as const),
      ),
    runs: 300,
  },
  swapShape: {
    cases: legalShape(3)
      .filter(({ length }) => length > 1)
      .chain((shape) =>
        fc
          .shuffledSubarray([...shape.keys()], { minLength: 2, maxLength: 2 })
          .map(([a = 0, b = 0]) => [`swapShape<${t(shape)}, ${t(a)}, ${t(b)}>`, () => swapShape(shape, a, b)] as const),
      ),
  },
  flattenProblem: {
    cases: fc
      .constantFrom('n', 'in', 'a b', '', 'in=2', '2d', 'a*b', 'rows')
      .map((picked) => [`flattenProblem<${t(picked)}>`, () => flattenProblem(picked)] as const),
  },
  Product: {
    cases: fc
      .tuple(fc.oneof(legalShape(), bigShape), newName)
      .map(([shape, picked]) => [`Product<${t(shape)}, ${t(picked)}>`, () => product(shape, picked)] as const),
  },
  mergeProblem: {
    cases: legalShape(3).chain((shape) =>
      fc
        .tuple(runOf(shape), newName)
        .map(
          ([picked, called]) =>
            [`mergeProblem<${t(shape)}, ${t(picked)}, ${t(called)}>`, () => mergeProblem(shape, picked, called)] as const,
        ),
    ),
    runs: 300,
  },
  mergeShape: {
    cases: legalShape(4)
      .filter(({ length }) => length > 1)
      .chain((shape) =>
        fc
          .tuple(fc.nat(shape.length - 2), newName)
          .map(([first, called]) => [[...shape.keys()].slice(first, first + 2), called] as const)
          .map(
            ([picked, called]) => [`mergeShape<${t(shape)}, ${t(picked)}, ${t(called)}>`, () => mergeShape(shape, picked, called)] as const,
          ),
      ),
  },
  splitProblem: {
    cases: splittable.chain((shape) =>
      fc
        .tuple(fc.constantFrom<string | number>(shape.length - 1, 'd', 'n'), parts)
        .map(([axis, into]) => [`splitProblem<${t(shape)}, ${t(axis)}, ${t(into)}>`, () => splitProblem(shape, axis, into)] as const),
    ),
    runs: 500,
  },
  splitShape: {
    cases: splittable.chain((shape) =>
      parts.map(
        (into) => [`splitShape<${t(shape)}, ${t(shape.length - 1)}, ${t(into)}>`, () => splitShape(shape, shape.length - 1, into)] as const,
      ),
    ),
    runs: 300,
  },
  dividesProblem: {
    cases: fact.map((given) => [`dividesProblem<${factDims(given)}>`, () => dividesProblem(given.divisor, given.dividend)] as const),
  },
  splitByFactProblem: {
    cases: fc
      .tuple(splittable, goodFact, newName)
      .map(
        ([shape, given, called]) =>
          [`splitByFactProblem<${t(shape)}, ${factDims(given)}, ${t(called)}>`, () => splitByFactProblem(shape, given, called)] as const,
      ),
    runs: 300,
  },
  splitByFact: {
    cases: fc
      .tuple(splittable, goodFact, newName)
      .map(
        ([shape, given, called]) =>
          [`splitByFact<${t(shape)}, ${factDims(given)}, ${t(called)}>`, () => splitByFact(shape, given, called)] as const,
      ),
  },
  mergeByFactProblem: {
    cases: fc.tuple(splittable, goodFact, newName).map(([shape, given, called]) => {
      const split = splitByFact(shape, given, called) || shape;
      return [`mergeByFactProblem<${t(split)}, ${factDims(given)}>`, () => mergeByFactProblem(split, given)] as const;
    }),
    runs: 300,
  },
  mergeByFact: {
    cases: fc.tuple(splittable, goodFact, newName).map(([shape, given, called]) => {
      const split = splitByFact(shape, given, called) || shape;
      return [`mergeByFact<${t(split)}, ${factDims(given)}>`, () => mergeByFact(split, given)] as const;
    }),
  },
  renameAxisProblem: {
    cases: legalShape(3)
      .filter(({ length }) => length > 0)
      .chain((shape) =>
        fc
          .tuple(axes(shape), name)
          .map(
            ([axis, called]) =>
              [`renameAxisProblem<${t(shape)}, ${t(axis)}, ${t(called)}>`, () => renameAxisProblem(shape, axis, called)] as const,
          ),
      ),
    runs: 300,
  },
  renameAxisShape: {
    cases: legalShape(3)
      .filter(({ length }) => length > 0)
      .chain((shape) =>
        fc
          .tuple(fc.nat(shape.length - 1), fc.constantFrom('n', 'batch', 'zz'))
          .map(
            ([axis, called]) =>
              [`renameAxisShape<${t(shape)}, ${t(axis)}, ${t(called)}>`, () => renameAxisShape(shape, axis, called)] as const,
          ),
      ),
  },
} satisfies Record<string, Twin>);

const drawn = Object.entries(twins).map(([rule, { cases, runs = 120 }]) => ({ rule, cases: fc.sample(cases, { seed, numRuns: runs }) }));
const imports = `
import type { nameOf, symbolOf } from '../dim.ts';
import type { repeatedName, showShape } from '../shape.ts';
import type { axesProblem, reduceShape } from '../rules/axis.ts';
import type { broadcastProblem, broadcastShapes } from '../rules/broadcast.ts';
import type { dtypeProblem } from '../rules/dtype.ts';
import type { keptShape } from '../rules/kept.ts';
import type { literalProblem, literalShape, nestedSizes } from '../rules/literal.ts';
import type { matmulProblem, matmulRepeats, matmulShape } from '../rules/matmul.ts';
import type { namedShape, namesProblem, renameAxisProblem, renameAxisShape, renameProblem, renameShape } from '../rules/rename.ts';
import type { dividesProblem, mergeByFact, mergeByFactProblem, splitByFact, splitByFactProblem } from '../rules/divides.ts';
import type { flattenProblem, mergeProblem, mergeShape, Product } from '../rules/merge.ts';
import type { permuteProblem, permuteShape, swapProblem, swapShape } from '../rules/permute.ts';
import type { splitProblem, splitShape } from '../rules/split.ts';
import type { reshapeProblem } from '../rules/reshape.ts';
import type { matrixProblem, shapeProblem } from '../rules/shape.ts';
import type { sizedProblem } from '../rules/sized.ts';
import type { matrixTranspose, transposeProblem } from '../rules/transpose.ts';`;
testAgreement(imports, drawn);

describe('the drawn cases', () => {
  it.each(drawn.filter(({ rule }) => rule.endsWith('Problem')))('$rule: some are refused, some are not', ({ cases }) => {
    const refused = cases.filter(([, value]) => value() !== undefined).length;
    expect(refused).toBeGreaterThan(cases.length / 10);
    expect(refused).toBeLessThan((cases.length * 99) / 100);
  });
});
