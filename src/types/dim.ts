/**
 * A dim is one entry of a shape, a literal: `3` (anonymous, sized), `'in=2'` (named and sized), `'batch'` (named, its size
 * known only at run time) or `'row=batch'` (named, with the size of batch). Two dims match only if they are the same literal.
 *
 * Invariant: each type function stands beside the value function of the same name, with the same branches.
 */
export type Dim = number | string;

/** A size that may be unknown until run time: a number, the name of a symbolic axis, or arithmetic over sizes. */
export type Size =
  | number
  | string
  | { readonly op: 'add' | 'subtract' | 'multiply' | 'divide' | 'ceilDivide'; readonly left: Size; readonly right: Size };

// nameOf :: Dim -> name | never      'in=2' -> 'in', 'batch' -> 'batch', 'row=batch' -> 'row', 3 -> never
export type nameOf<dim> = dim extends `${infer name}=${string}` ? name : dim extends string ? dim : never;

export function nameOf(dim: Dim): string | undefined {
  if (typeof dim === 'number') return undefined;
  const at = dim.indexOf('=');
  return at < 0 ? dim : dim.slice(0, at);
}

// sizeOf :: Dim -> number      'in=2' -> 2, 3 -> 3, 'batch' -> number (known at run time)
export type sizeOf<dim> = dim extends number ? dim : dim extends `${string}=${infer size extends number}` ? size : number;

/** The size of a dim: a number, or the symbol that stands for it until run time. */
export function sizeOf(dim: Dim): number | string {
  if (typeof dim === 'number') return dim;
  const at = dim.indexOf('=');
  if (at < 0) return dim;
  const size = dim.slice(at + 1);
  return /^[A-Za-z]/.test(size) ? size : Number(size);
}

// symbolOf :: Dim -> the symbol of its size, or never      'batch' -> 'batch', 'row=batch' -> 'batch', 'in=2' -> never
export type symbolOf<dim> = dim extends `${string}=${infer size}`
  ? size extends `${number}`
    ? never
    : size
  : dim extends string
    ? dim
    : never;

export function symbolOf(dim: Dim): string | undefined {
  const size = sizeOf(dim);
  return typeof size === 'string' ? size : undefined;
}
