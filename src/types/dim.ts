/**
 * A dim is one entry of a shape, a literal: `3` (anonymous, sized), `'in=2'` (named and sized) or `'batch'`
 * (named, its size known only at run time). Two dims match only if they are the same literal.
 *
 * Invariant: each type function stands beside the value function of the same name, with the same branches.
 */
export type Dim = number | string;

/** A size that may be unknown until run time: a number, the name of a symbolic axis, or arithmetic over sizes. */
export type Size =
  | number
  | string
  | { readonly op: 'add' | 'subtract' | 'multiply' | 'divide' | 'ceilDivide'; readonly left: Size; readonly right: Size };

// nameOf :: Dim -> name | never      'in=2' -> 'in', 'batch' -> 'batch', 3 -> never
export type nameOf<dim> = dim extends `${infer name}=${number}` ? name : dim extends string ? dim : never;

export function nameOf(dim: Dim): string | undefined {
  if (typeof dim === 'number') return undefined;
  const at = dim.indexOf('=');
  return at < 0 ? dim : dim.slice(0, at);
}

// sizeOf :: Dim -> number      'in=2' -> 2, 3 -> 3, 'batch' -> number (known at run time)
export type sizeOf<dim> = dim extends number ? dim : dim extends `${string}=${infer size extends number}` ? size : number;

/** The size of a dim: a number, or the dim's own name where the size is known only at run time. */
export function sizeOf(dim: Dim): number | string {
  if (typeof dim === 'number') return dim;
  const at = dim.indexOf('=');
  return at < 0 ? dim : Number(dim.slice(at + 1));
}
