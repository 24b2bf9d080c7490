/** Rows of a table by index. */
import type { Dim, Tensor } from '../index.ts';

/**
 * The table's row for each index: a learned vector a word.
 *
 * Shapes: ids [n, t] of i32, table [word, c] → [n, t, c]. Gradient: dtable = dY summed into the rows that were taken. An id out of range
 * counts as the nearest.
 */
export const embedding = <N extends Dim, T extends Dim, V extends Dim, C extends Dim>(
  ids: Tensor<[N, T], 'i32'>,
  { table }: { readonly table: Tensor<[V, C]> },
): Tensor<[N, T, C]> => table.take(0, ids);
