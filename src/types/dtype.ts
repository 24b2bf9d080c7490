/**
 * The element types a tensor can have.
 *
 * Invariant: this list is the only one; every table over dtypes is total over it.
 */
export type DType = 'f32' | 'f16' | 'i32' | 'u32' | 'bool';

/** The dtypes that have gradients. */
export type FloatingDType = 'f32' | 'f16';

export const dtypes: readonly DType[] = ['f32', 'f16', 'i32', 'u32', 'bool'];

/** The sentence that refuses what is no dtype, where types are absent. */
export function dtypeNameProblem(operation: string, dtype: unknown): string | undefined {
  const isKnown = dtypes.some((known) => known === dtype);
  return isKnown ? undefined : `${operation}: ${String(dtype)} is no dtype (use one of ${dtypes.join(', ')})`;
}

export function isFloating(dtype: DType): dtype is FloatingDType {
  return dtype === 'f32' || dtype === 'f16';
}
