/**
 * What a layer's dims stand for in one call: a type parameter takes the dim it meets, every other dim only itself.
 *
 * Invariant: this is what the type checker decided for a typed call; here it holds for untyped callers, too.
 */
import { type Dim, symbolOf } from '../types/dim.ts';
import { showShape } from '../types/shape.ts';
import { ShapeError } from '../types/shapeError.ts';

interface Argument {
  readonly path: string;
  readonly expected: readonly Dim[];
  readonly given: readonly Dim[];
}

/** From type parameter to dim. Throws a `ShapeError` where a dim is another one than the layer takes, or than before. */
export function bindDims(layer: string, typeParameters: readonly string[], args: readonly Argument[]): ReadonlyMap<Dim, Dim> {
  const bound = new Map<Dim, { readonly dim: Dim; readonly path: string }>();
  for (const { path, expected, given } of args) {
    const refuse = (because: string): never => {
      throw new ShapeError(
        `${layer}: '${path}' has another shape: ${showShape(given)} where the layer takes ${showShape(expected)}${because} (transpose it, or rename its axes)`,
      );
    };
    if (expected.length !== given.length) refuse('');
    for (const [axis, dim] of expected.entries()) {
      const met = given[axis] as Dim;
      if (!typeParameters.includes(`${dim}`)) {
        if (dim !== met) refuse('');
        continue;
      }
      const before = bound.get(dim);
      if (before !== undefined && before.dim !== met) refuse(`, with ${dim} = ${before.dim} from '${before.path}'`);
      if (before === undefined) bound.set(dim, { dim: met, path });
    }
  }
  return new Map([...bound].map(([dim, { dim: met }]) => [dim, met]));
}

/** A shape of the layer as the caller's dims. `row=N` follows N: with N = n=3 it is row=3. */
export function boundShape(shape: readonly Dim[], bound: ReadonlyMap<Dim, Dim>): readonly Dim[] {
  return shape.map((dim) => {
    const whole = bound.get(dim);
    if (whole !== undefined || typeof dim === 'number') return whole ?? dim;
    const symbol = symbolOf(dim);
    const met = symbol === undefined ? undefined : bound.get(symbol);
    if (met === undefined) return dim;
    return `${dim.slice(0, dim.indexOf('='))}=${typeof met === 'number' ? met : met.slice(met.indexOf('=') + 1)}`;
  });
}
