/**
 * What a layer's dims stand for in one call: a type parameter takes the dim it meets, every other dim only itself.
 *
 * Invariant: this is what the type checker decided for a typed call; here it holds for untyped callers, too.
 */
import { type Dim, dimOf, isComputed, nameOf, sizeOf, sizeTextOf } from '../types/dim.ts';
import { kept } from '../types/rules/kept.ts';
import { showShape } from '../types/shape.ts';
import { ShapeError } from '../types/shapeError.ts';
import { symbolsOf } from '../types/size.ts';

interface Argument {
  readonly path: string;
  readonly expected: readonly Dim[];
  readonly given: readonly Dim[];
}

/** From type parameter to dim. Throws a `ShapeError` where a dim is another one than the layer takes, or than before. */
export function bindDims(
  layer: string,
  typeParameters: readonly string[],
  args: readonly Argument[],
  substitute?: SubstituteSizes,
): ReadonlyMap<Dim, Dim> {
  const bound = new Map<Dim, { readonly dim: Dim; readonly path: string }>();
  const refuse = ({ path, given, expected }: Argument, because = ''): never => {
    const isSized =
      expected.length === given.length && given.every((dim, axis) => dim === expected[axis] || nameOf(dim) === expected[axis]);
    const remedy = isSized ? `make it as ${showShape(expected)}, where a name alone takes any size` : 'transpose it, or rename its axes';
    throw new ShapeError(
      `${layer}: '${path}' has another shape: ${showShape(given)} where the layer takes ${showShape(expected)}${because} (${remedy})`,
    );
  };
  for (const argument of args) {
    const { path, expected, given } = argument;
    if (expected.length !== given.length) refuse(argument);
    for (const [axis, dim] of expected.entries()) {
      const met = given[axis] as Dim;
      if (!typeParameters.includes(`${dim}`)) {
        const isDerived = isKeptOf(dim, typeParameters) || symbolsOf(sizeOf(dim)).some((symbol) => typeParameters.includes(symbol));
        if (dim !== met && !isDerived) refuse(argument);
        continue;
      }
      const before = bound.get(dim);
      if (before !== undefined && before.dim !== met) refuse(argument, `, with ${dim} = ${before.dim} from '${before.path}'`);
      bound.set(dim, before ?? { dim: met, path });
    }
  }
  const dims = new Map([...bound].map(([dim, { dim: met }]) => [dim, met]));
  // `row=N`, `D/H` and `N=1` follow from the type parameters, wherever those were met.
  for (const argument of args) {
    const expected = boundShape(argument.expected, dims, substitute);
    if (expected.some((dim, axis) => dim !== argument.given[axis])) refuse({ ...argument, expected });
  }
  return dims;
}

/** `N=1`, for a type parameter N: what a reduction over N kept. A layer's own names are none of its type parameters. */
const isKeptOf = (dim: Dim, typeParameters: readonly string[]): boolean => sizeOf(dim) === 1 && typeParameters.includes(nameOf(dim) ?? '');

/** `adjoint/sizes`, which generated modules hand over where sizes are computed from type parameters. */
export type SubstituteSizes = (text: string, sizeFor: (symbol: string) => string | undefined) => string;

/** A shape of the layer as the caller's dims. `row=N` follows N: with N = n=3 it is row=3, and `2*N` is 6; `N=1` is n=1. */
export function boundShape(shape: readonly Dim[], bound: ReadonlyMap<Dim, Dim>, substitute = substituteNone): readonly Dim[] {
  const sizeFor = (symbol: string): string | undefined => {
    const met = bound.get(symbol);
    return met === undefined ? undefined : sizeTextOf(met);
  };
  return shape.map((dim) => {
    const whole = bound.get(dim);
    if (whole !== undefined || typeof dim === 'number') return whole ?? dim;
    const reduced = bound.get(nameOf(dim) ?? '');
    if (reduced !== undefined && sizeOf(dim) === 1) return kept(reduced);
    const text = sizeTextOf(dim);
    const size = isComputed(text) ? substitute(text, sizeFor) : (sizeFor(text) ?? text);
    return size === text ? dim : dimOf(size, nameOf(dim));
  });
}

const substituteNone: SubstituteSizes = (text, sizeFor) => {
  if (symbolsOf(sizeOf(text)).every((symbol) => sizeFor(symbol) === undefined)) return text;
  throw new ShapeError(`${text}: sizes are computed by adjoint/sizes (build the layer again)`);
};
