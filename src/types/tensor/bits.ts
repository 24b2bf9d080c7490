/**
 * Members for integer tensors: the remainder, and what is done bit by bit. No gradients.
 *
 * Invariant: nothing traps: the remainder by 0 is 0, as the quotient by 0 is the dividend; shifts are by the operand modulo 32.
 */
import type { Elementwise } from './arithmetic.ts';

export interface Bits<D extends 'i32' | 'u32'> {
  /** a - b · (a div b): the remainder, of a's sign; 0 where b is 0. Shapes: as add. */
  readonly rem: Elementwise<'rem', D>;
  /** The bits that both have. Shapes: as add. */
  readonly bitAnd: Elementwise<'bitAnd', D>;
  /** The bits that one of both has, or both. Shapes: as add. */
  readonly bitOr: Elementwise<'bitOr', D>;
  /** The bits that exactly one has. Shapes: as add. */
  readonly bitXor: Elementwise<'bitXor', D>;
  /** Towards the higher bits, by b modulo 32. Shapes: as add. */
  readonly shiftLeft: Elementwise<'shiftLeft', D>;
  /** Towards the lower bits, by b modulo 32; i32 keeps its sign. Shapes: as add. */
  readonly shiftRight: Elementwise<'shiftRight', D>;
}
