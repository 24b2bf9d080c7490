/**
 * What a call says whose arguments disagree about an axis: `f<I extends Dim>(x: Tensor<[I]>, w: Tensor<[I]>)`, called with `in=9` and
 * `in=3`, has both inferred for `I`, and neither tensor fits a union. Then TypeScript looks for a property that differs, and of
 * those that do, this is the first: its type is the sentence. So it stands at calls of any generic function, whose signature stays as it is.
 *
 * Invariant: worked out only where an error is reported, so it costs a program without errors nothing.
 */
import type { nameOf, sizeTextOf } from '../dim.ts';
import type { sortedList } from '../rules/sortedList.ts';
import type { isUnion } from '../shape.ts';

/** Whether each axis is one dim, in words. */
export type Agreement<S> = S extends readonly [infer head, ...infer rest]
  ? isUnion<head> extends true
    ? disagreement<head>
    : Agreement<rest>
  : 'each axis has one dim';

// disagreement :: 'in=3' | 'in=9' -> sentence
type disagreement<dims> = `arguments: one axis has more than one dim: ${sortedList<showDims<dims>>} (${remedy<dims>})`;

type showDims<dims> = dims extends string | number ? `${dims}` : never;

// One name or none: the sizes differ. One size: the names do.
type remedy<dims> =
  isUnion<nameOf<dims>> extends true
    ? isUnion<sizeTextOf<dims>> extends true
      ? 'check which tensor belongs there, and whether it is transposed'
      : `transpose an argument, or rename its axis, such as x.rename({ ${secondName<dims>}: '${firstName<dims>}' })`
    : 'give it the same size in all arguments';

type firstName<dims> = sortedList<nameOf<dims>> extends `${infer name}, ${string}` ? name : never;
type secondName<dims> =
  sortedList<nameOf<dims>> extends `${string}, ${infer rest}` ? (rest extends `${infer name}, ${string}` ? name : rest) : never;
