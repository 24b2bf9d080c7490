/**
 * adjoint/random: tensors of random numbers, for programs without a compiler. In the language they come from `adjoint` itself.
 *
 * Invariant: nothing inside src imports this file.
 */
export { randn, uniform } from './runtime/runtimeRandom.ts';
