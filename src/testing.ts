/**
 * The face `adjoint/testing`: what tests of one's own layers need, and programs do not.
 *
 * Invariant: nothing inside src imports this file.
 */
export { type CheckGradientOptions, checkGradient } from './language/checkGradient.ts';
