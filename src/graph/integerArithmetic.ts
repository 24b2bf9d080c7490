/**
 * What integers have and other dtypes do not, on single elements.
 *
 * Invariant: the result is an element of the dtype. The remainder has the sign of the left operand, and is 0 where the right one
 * is; shifts are by the right operand modulo 32.
 * Source: WGSL, sections 8.7 (arithmetic expressions) and 8.9 (bit expressions).
 */
type Operation = (left: number, right: number) => number;

export interface IntegerArithmetic {
  readonly rem: Operation;
  readonly bitAnd: Operation;
  readonly bitOr: Operation;
  readonly bitXor: Operation;
  readonly shiftLeft: Operation;
  /** i32 keeps its sign. */
  readonly shiftRight: Operation;
}

function integer(wrap: (x: number) => number, shiftRight: Operation): IntegerArithmetic {
  return {
    // + 0: there is no -0
    rem: (left, right) => (right === 0 ? 0 : (left % right) + 0),
    bitAnd: (left, right) => wrap(left & right),
    bitOr: (left, right) => wrap(left | right),
    bitXor: (left, right) => wrap(left ^ right),
    shiftLeft: (left, right) => wrap(left << right),
    shiftRight,
  };
}

export const integerArithmetic: { readonly [D in 'i32' | 'u32']: IntegerArithmetic } = {
  i32: integer(
    (x) => x | 0,
    (left, right) => left >> right,
  ),
  u32: integer(
    (x) => x >>> 0,
    (left, right) => left >>> right,
  ),
};
