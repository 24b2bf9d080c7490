/**
 * The signatures of the functions that draw random numbers in a graph: the key is an operand, so a step that takes it as an
 * argument draws new numbers each time without being compiled again.
 *
 * Invariant: a key is used once, or split first: the same key, shape and function give the same numbers.
 */
import type { legalShape } from './rules/shape.ts';
import type { Shape } from './shape.ts';
import type { Refused } from './shapeError.ts';
import type { OnlyAny } from './tensor/operand.ts';
import type { Tensor } from './tensor/tensor.ts';

/** What random numbers are drawn from: two words. */
export type Key = Tensor<['key=2'], 'u32'>;

type writable<S extends Shape> = { -readonly [axis in keyof S]: S[axis] };

// keysOf :: count -> as many keys      a list where the count is not a literal
export type keysOf<count extends number, keys extends readonly Key[] = []> = number extends count
  ? readonly Key[]
  : keys['length'] extends count
    ? keys
    : keysOf<count, [...keys, Key]>;

type untyped<operation extends string> =
  `${operation}: an argument has type any (give the key the type Key, and write the shape as a literal)`;

/** The second argument is a shape, or a tensor of the shape: in a generic body only the tensor is known to have a legal one. */
export interface Draw<operation extends string, D extends 'f32' | 'u32', Options> {
  (key: OnlyAny, shape: unknown, options?: Options): Refused<untyped<operation>>;
  (key: Key, shape: OnlyAny, options?: Options): Refused<untyped<operation>>;
  <S extends Shape>(key: Key, like: Tensor<S>, options?: Options): Tensor<S, D>;
  <const S extends Shape>(key: Key, shape: legalShape<operation, S>, options?: Options): Tensor<writable<S>, D>;
}

export interface Interval {
  /** 0 by default. */
  readonly low?: number;
  /** 1 by default; not among the numbers. */
  readonly high?: number;
}
