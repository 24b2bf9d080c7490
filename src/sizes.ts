/**
 * adjoint/sizes: arithmetic on sizes, for generated modules whose layers compute sizes from type parameters.
 *
 * Invariant: nothing inside src imports this file.
 */
export { substituteSizes } from './types/arithmetic/substituteSizes.ts';
