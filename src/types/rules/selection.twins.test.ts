/** The rules of selections, as types and as values. */
import fc from 'fast-check';
import { repeatedName, type Shape } from '../shape.ts';
import { anyDim, legalDim, legalShape, typeText as t } from '../testing/arbitraryShapes.ts';
import { type Twin, testTwins } from '../testing/twins.ts';
import { concatProblem, concatShape, stackProblem, stackShape } from './concat.ts';
import { padProblem, padShape } from './pad.ts';
import { sliceProblem, sliceShape } from './slice.ts';
import { oneHotProblem, takeProblem, takeShape } from './take.ts';
import { whereProblem, whereShape } from './where.ts';

const axis = fc.constantFrom<string | number>(0, 0, 1, 'n', 'in', 'batch', 'h', 5);
/** With at least one axis of some size to cut. */
const shape = fc
  .tuple(fc.constantFrom<string | number>('n=7', 7, 'in=50257', 'batch', 'h=64', '2*batch'), legalShape(2))
  .map(([head, rest]): Shape => [head, ...rest])
  .filter((dims) => repeatedName(dims) === undefined);
const bound = fc.constantFrom(0, 0, 1, 2, 3, 5, 7, 8, 63, 50000, -1, 1.5);
const end = fc.constantFrom(undefined, undefined, 1, 3, 6, 7, 8, 64, 50257, -1, 0.5);
const step = fc.constantFrom(1, 1, 1, 2, 3, 5, 100, 0, -1);
const slicing = fc.tuple(shape, axis, bound, end, step);
const amount = fc.constantFrom(0, 0, 1, 2, 30, 999, -1, 0.5);
const indices = fc.tuple(shape, axis, legalShape(2), fc.constantFrom('i32', 'u32', 'i32', 'u32', 'f32', 'bool'));

/** One shape, and others that are like it but for one axis. */
const likeOne = shape.chain((first) =>
  fc
    .array(
      fc.oneof(
        { weight: 3, arbitrary: fc.constant(first) },
        {
          weight: 3,
          arbitrary: fc.constantFrom<string | number>('n=3', 3, 'in=50257', 'h=1').map((dim): Shape => [dim, ...first.slice(1)]),
        },
        { weight: 1, arbitrary: legalShape(3) },
      ),
      { maxLength: 3 },
    )
    .map((more): readonly Shape[] => [first, ...more].filter((dims) => repeatedName(dims) === undefined)),
);
const lists = fc.oneof({ weight: 20, arbitrary: likeOne }, { weight: 1, arbitrary: fc.constant([]) });
const name = fc.constantFrom('pair', 'copy', 'n', 'h', 'a b', '', 'x=2');
/** Parts of one shape, some dims 1, in any order of size. */
const three = legalShape(3).chain((all) => {
  const part = fc.oneof(
    { weight: 4, arbitrary: fc.nat(3).map((from): Shape => all.slice(from)) },
    { weight: 2, arbitrary: fc.nat(2).map((at): Shape => all.map((dim, axis) => (axis === at ? 1 : dim))) },
    { weight: 1, arbitrary: legalShape(2) },
  );
  return fc.tuple(part, part, part);
});

testTwins(
  `
import type { concatProblem, concatShape, stackProblem, stackShape } from '../rules/concat.ts';
import type { whereProblem, whereShape } from '../rules/where.ts';
import type { padProblem, padShape } from '../rules/pad.ts';
import type { sliceProblem, sliceShape } from '../rules/slice.ts';
import type { oneHotProblem, takeProblem, takeShape } from '../rules/take.ts';`,
  {
    sliceProblem: {
      cases: slicing.map(([s, a, b, e, k]) => [`sliceProblem<${t(s)}, ${t(a)}, ${b}, ${e}, ${k}>`, () => sliceProblem(s, a, b, e, k)]),
      runs: 600,
    },
    sliceShape: {
      cases: slicing
        .filter(([s, a, b, e, k]) => sliceProblem(s, a, b, e, k) === undefined)
        .map(([s, a, b, e, k]) => [`sliceShape<${t(s)}, ${t(a)}, ${b}, ${e}, ${k}>`, () => sliceShape(s, a, b, e, k)]),
      runs: 300,
    },
    padProblem: {
      cases: fc
        .tuple(shape, axis, amount, amount)
        .map(([s, a, b, e]) => [`padProblem<${t(s)}, ${t(a)}, ${b}, ${e}>`, () => padProblem(s, a, b, e)]),
      runs: 400,
    },
    padShape: {
      cases: fc
        .tuple(shape, axis, amount, amount)
        .filter(([s, a, b, e]) => padProblem(s, a, b, e) === undefined)
        .map(([s, a, b, e]) => [`padShape<${t(s)}, ${t(a)}, ${b}, ${e}>`, () => padShape(s, a, b, e)]),
      runs: 200,
    },
    takeProblem: {
      cases: indices.map(([s, a, by, d]) => [`takeProblem<${t(s)}, ${t(a)}, ${t(by)}, '${d}'>`, () => takeProblem(s, a, by, d)]),
      runs: 300,
    },
    takeShape: {
      cases: indices
        .filter(([s, a, by, d]) => takeProblem(s, a, by, d) === undefined)
        .map(([s, a, by]) => [`takeShape<${t(s)}, ${t(a)}, ${t(by)}>`, () => takeShape(s, a, by)]),
    },
    concatProblem: {
      cases: fc.tuple(lists, axis).map(([all, a]) => [`concatProblem<${t(all)}, ${t(a)}>`, () => concatProblem(all, a)]),
      runs: 500,
    },
    concatShape: {
      cases: fc
        .tuple(likeOne, axis)
        .filter(([all, a]) => concatProblem(all, a) === undefined)
        .map(([all, a]) => [`concatShape<${t(all)}, ${t(a)}>`, () => concatShape(all, a)]),
    },
    stackProblem: {
      cases: fc
        .tuple(
          fc.oneof(
            lists,
            shape.map((one): readonly Shape[] => [one, one]),
          ),
          name,
        )
        .map(([all, n]) => [`stackProblem<${t(all)}, '${n}'>`, () => stackProblem(all, n)]),
      runs: 300,
    },
    stackShape: { cases: shape.map((one) => [`stackShape<[${t(one)}, ${t(one)}], 'pair'>`, () => stackShape([one, one], 'pair')]) },
    whereProblem: {
      cases: three.map(([c, a, b]) => [`whereProblem<${t(c)}, ${t(a)}, ${t(b)}>`, () => whereProblem(c, a, b)]),
      runs: 500,
    },
    whereShape: { cases: three.map(([c, a, b]) => [`whereShape<${t(c)}, ${t(a)}, ${t(b)}>`, () => whereShape(c, a, b)]), runs: 300 },
    oneHotProblem: {
      cases: fc
        .tuple(legalShape(3), fc.oneof(legalDim, anyDim))
        .map(([s, d]) => [`oneHotProblem<${t(s)}, ${t(d)}>`, () => oneHotProblem(s, d)]),
      runs: 300,
    },
  } satisfies Record<string, Twin>,
);
