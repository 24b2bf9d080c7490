/**
 * How the common cases read shapes: a pattern stands in a branch of a conditional type that is never taken.
 *
 * TypeScript infers from both branches of a conditional type as they are written, and only then makes the type, with the branch that is
 * taken. So what stands in the other branch is matched and never made: of a dim, `NameOf` finds the name, and of a parameter, an
 * intersection, the shape is read alone and no other member. The branch that is taken is `NoInfer<Tensor<…>>`, which the tensor
 * itself fits by identity. A condition that tells that nothing was inferred refuses at once, for two instantiations.
 *
 * Invariant: nothing fits a pattern, so an operand that gets to one is refused.
 */
import type { Dim } from '../dim.ts';

/** What a shape is matched against. */
export interface Pattern<shape> {
  readonly shape: shape;
  readonly dtype: never;
}

// NameOf :: pattern of a dim      `Name` is inferred as 'in' of 'in=2' and as 'batch' of 'batch': text that matches the second is not taken
// for the first. Of arithmetic it is the text, which `Plain` tells apart; of a number, or a wide dim, it stays `string`.
export type NameOf<Name extends Dim | bigint> = Name | `${Name}=${string}`;

/** By text: never where it is arithmetic, which is no axis's name. */
export interface Plain {
  readonly [computed: `${string}*${string}`]: never;
  readonly [computed: `${string}/${string}`]: never;
  readonly [computed: `${string}+${string}`]: never;
  readonly [computed: `${string}-${string}`]: never;
  readonly [name: string]: unknown;
}
