/**
 * The sizes of nested data: how many rows of how many rows.
 *
 * Invariant: every row at one depth has the same length.
 */

/** Numbers or booleans, nested to any depth. */
export type Nested = number | boolean | readonly Nested[];

export const ragged = 'tensor: the rows are ragged (give every row the same length)';
export type ragged = typeof ragged;

/** Undefined for ragged rows. */
export function sizesOfNested(data: Nested): readonly number[] | undefined {
  if (!Array.isArray(data)) return [];
  const rows = (data as readonly Nested[]).map(sizesOfNested);
  const [first = []] = rows;
  const isRagged = rows.some((row) => row === undefined || row.length !== first.length || row.some((size, axis) => size !== first[axis]));
  return isRagged ? undefined : [rows.length, ...first];
}
