/**
 * What a tensor is to a model, at run time: a parameter, the gradient of one, or neither.
 *
 * Invariant: the types' `IsParameter` and `IsGradient` say the same; operations give tensors without a tie.
 */
export interface Tie {
  readonly of: 'parameter' | 'gradient';
  /** The parameter's path in its structure, such as `layers.0.w`. */
  readonly name: string;
}

/** The tie of the gradient of a tensor: only parameters' gradients have one. */
export function gradientTie(tie: Tie | undefined): Tie | undefined {
  return tie?.of === 'parameter' ? { of: 'gradient', name: tie.name } : undefined;
}

/** `a plain tensor`, `the parameter 'w'`, `the gradient of 'w'` */
export function showTie(tie: Tie | undefined): string {
  if (tie === undefined) return 'a plain tensor';
  return tie.of === 'parameter' ? `the parameter '${tie.name}'` : `the gradient of '${tie.name}'`;
}
