/** What the tensors of integers have, of either kind. */
import type { Arithmetic } from './arithmetic.ts';
import type { Comparison, Conversion } from './comparison.ts';
import type { Rearrangement } from './rearrangement.ts';
import type { Indexing, Selection } from './selection.ts';
import type { Flat, Host, Views } from './structure.ts';

export type IntegerMembers<D extends 'i32' | 'u32'> = Flat<
  Views<D> & Host<D> & Rearrangement<D> & Selection<D> & Conversion<D> & Comparison<D> & Indexing<D> & Arithmetic<D>
>;
