/**
 * Questions about dims that have an answer where the dims are type parameters, too.
 *
 * A conditional type over a type parameter stays undecided, with two exceptions that these types are built on. Wrapped in an
 * object, a type parameter is known to be itself. And an undecided key of an indexed access is read through its constraint,
 * so what holds for every wide dim holds for every type parameter. That goes a few steps deep only, hence one key a pair.
 *
 * Invariant: for literals the answers are exact.
 */
import type { nameOf } from '../dim.ts';

// sameDim :: (Dim, Dim) -> true for one literal or one type parameter, false for two literals, undecided otherwise
export type sameDim<a, b> = { dim: a } extends { dim: b } ? true : false;

// namesPair :: (Dim, Dim | null) -> 'twice' for two literals of one name, 'end' for a literal and null, else 'apart'
// distributes over both, so that a type parameter is read through its constraint
type namesPair<a, b> = a extends string ? (string extends a ? 'apart' : literalPair<a, b>) : 'apart';
type literalPair<a extends string, b> = b extends string
  ? string extends b
    ? 'apart'
    : [nameOf<a>] extends [never]
      ? 'apart'
      : nameOf<a> extends nameOf<b>
        ? 'twice'
        : 'apart'
  : b extends null
    ? 'end'
    : 'apart';

// whereApart :: (Shape, type, type) -> the first type, or the second where two literal dims have one name; a parameter of that
// type takes the first in generic bodies. null among the dims begins another shape.
export type whereApart<shape, accepted, refused> = shape extends readonly [infer head, ...infer rest]
  ? headApart<head, rest, rest, accepted, refused>
  : accepted;

type headApart<head, others, rest, accepted, refused> = others extends readonly [infer next, ...infer more]
  ? {
      readonly apart: headApart<head, more, rest, accepted, refused>;
      readonly end: whereApart<rest, accepted, refused>;
      readonly twice: refused;
    }[namesPair<head, next>]
  : whereApart<rest, accepted, refused>;

// whereApartFrom :: (name, Shape, type, type) -> the same for a name beside the dims
export type whereApartFrom<name, shape, accepted, refused> = shape extends readonly [infer next, ...infer more]
  ? { readonly apart: whereApartFrom<name, more, accepted, refused>; readonly end: never; readonly twice: refused }[namesPair<name, next>]
  : accepted;

// nameClash :: Shape -> 'twice' if two literal dims have one name, else 'apart'      dims that are type parameters count as
// apart; as a key it is read for about five of them
export type nameClash<shape, met = never> = shape extends readonly [infer head, ...infer rest] ? clashAt<head, rest, met> : 'apart';

// distributes over head, so that a type parameter is read through its constraint
type clashAt<head, rest, met> = head extends string
  ? string extends head
    ? nameClash<rest, met>
    : metName<nameOf<head>, rest, met>
  : nameClash<rest, met>;

type metName<name, rest, met> = [name] extends [never] ? nameClash<rest, met> : name extends met ? 'twice' : nameClash<rest, met | name>;
