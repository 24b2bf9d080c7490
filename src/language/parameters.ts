/**
 * The parameters of a model: named by their place, and changed in one way only.
 *
 * Invariant: the two updates are the only place where a plain tensor becomes the next value of a parameter. They take the gradients of
 * these very parameters: the types say so, and where types are absent the names that tensors carry at run time.
 */
import { constantLike } from '../graph/build.ts';
import { gradientStructure, nameOfPath, type Structure, unflatten } from '../program/structure.ts';
import { differenceOf, showTensorType } from '../program/structureDifference.ts';
import { isFloating } from '../types/dtype.ts';
import type { Shape } from '../types/shape.ts';
import { ShapeError } from '../types/shapeError.ts';
import type { AnyTensorBrand, NamedParameters, ParametersOf } from '../types/tensor/parameter.ts';
import type { Tensor } from '../types/tensor/tensor.ts';
import { showTie } from '../types/tie.ts';
import type { Gradient, Rule, RuleWithState, State, Updated } from '../types/transform.ts';
import { isLazyTensor, LazyTensor } from './lazyTensor.ts';
import { inOrderOf, type Nesting, unnest } from './nested.ts';
import { requireFunction } from './requireFunction.ts';

type notOneTensor<T> = T extends AnyTensorBrand ? 'parameters: one tensor alone has no name (put it into an object: { w })' : unknown;

/**
 * The same structure, its floating-point tensors made parameters: each is named by its path, such as `layers.0.w`. What is a
 * parameter already, is named anew. Tensors of other dtypes and plain data stay as they are.
 *
 * Shapes: stay. Errors: `ShapeError` for a tensor alone, and for what is no structure.
 *
 * @example const p = parameters({ w: randn(['in=2', 'out=3']), b: zeros(['out=3']) });
 */
export function parameters<const T extends object>(structure: T & notOneTensor<T>): ParametersOf<T> {
  if (typeof structure !== 'object' || structure === null) {
    throw new ShapeError(`parameters: takes an object or a tuple of tensors, not a value of type ${typeof structure} (write { w })`);
  }
  const given = unnest(structure);
  if (given.structure.kind === 'tensor') throw new ShapeError('parameters: one tensor alone has no name (put it into an object: { w })');
  const named = given.leaves.map(({ path, leaf }) => (isFloating(leaf.dtype) ? asParameter(leaf, nameOfPath(path)) : leaf));
  // seam: the names are the paths, as ParametersOf says
  return unflatten(given.structure, named) as ParametersOf<T>;
}

function asParameter({ value, symbols, leaf }: LazyTensor, name: string): LazyTensor {
  return new LazyTensor(value, symbols, leaf, { of: 'parameter', name });
}

/** Plain zeros of the structure and the shapes of the parameters, for what an optimizer remembers of them. */
export function zerosLike<P>(parameters: P): State<P> {
  const { structure, leaves } = unnest(parameters);
  const zeros = leaves.flatMap(({ leaf }) =>
    isFloating(leaf.dtype) ? new LazyTensor(constantLike({ shape: leaf.shape, dtype: leaf.dtype }, 0), leaf.symbols) : [],
  );
  return unflatten(gradientStructure(structure), zeros) as State<P>;
}

/**
 * The parameters' next values: `rule` of each parameter and its gradient.
 *
 * Shapes: the gradients, and what the rule returns, have the parameters' shapes.
 * Errors: `ShapeError` for gradients of other parameters, for plain tensors in either's place, and for other shapes.
 *
 * @example const next = update(p, gradient, (w, g) => w.sub(g.mul(0.1)));
 */
export function update<P extends NamedParameters<P>>(parameters: P, gradient: NoInfer<Gradient<P>>, rule: Rule): P {
  requireFunction('update', rule, 'the rule');
  const given = unnest(parameters);
  const gradients = gradientsOf('update', given, unnest(gradient));
  // seam: the rule is generic; at run time shapes are values
  const next = rule as unknown as (parameter: LazyTensor, gradient: LazyTensor | undefined) => unknown;
  return rebuilt(
    'update',
    given,
    trainedOf(given).map(({ leaf }, at) => next(plain(leaf), gradients[at])),
  ) as P;
}

/**
 * As `update`, for optimizers that remember something of each parameter: `state` has one structure of tensors a key, and the
 * rule gives the parameter's next value together with its next state.
 *
 * Shapes: the state has the parameters' shapes, too. Errors: as `update`.
 *
 * @example
 * const { parameters: next, state } = updateWithState(p, gradient, { velocity: zerosLike(p) }, (w, g, { velocity }) => {
 *   const faster = velocity.mul(0.9).add(g);
 *   return { parameter: w.sub(faster.mul(0.1)), state: { velocity: faster } };
 * });
 */
export function updateWithState<P extends NamedParameters<P>, K extends string>(
  parameters: P,
  gradient: NoInfer<Gradient<P>>,
  state: { readonly [key in K]: NoInfer<State<P>> },
  rule: RuleWithState<NoInfer<K>>,
): Updated<P, K> {
  const operation = 'updateWithState';
  requireFunction(operation, rule, 'the rule');
  const given = unnest(parameters);
  const trained = trainedOf(given);
  const gradients = gradientsOf(operation, given, unnest(gradient));
  const before = Object.entries(state).map(
    ([key, tensors]) => [key, fitting(operation, `the state '${key}'`, given.structure, unnest(tensors))] as const,
  );
  const next = rule as unknown as (parameter: LazyTensor, gradient: LazyTensor | undefined, state: unknown) => RuleResult; // seam: as in update
  const results = trained.map(({ leaf }, at) =>
    next(plain(leaf), gradients[at], Object.fromEntries(before.map(([key, tensors]) => [key, tensors[at]]))),
  );
  const after = before.map(([key]) => {
    const tensors = results.map((result, at) => plain(requireFit(operation, `state '${key}'`, result.state[key], trained[at])));
    return [key, unflatten(gradientStructure(given.structure), tensors)];
  });
  const values = results.map(({ parameter }) => parameter);
  return { parameters: rebuilt(operation, given, values) as P, state: Object.fromEntries(after) };
}

interface RuleResult {
  readonly parameter: unknown;
  readonly state: Readonly<Record<string, unknown>>;
}

/** The leaves that are trained: the floating-point tensors. */
const trainedOf = ({ leaves }: Nesting): Nesting['leaves'] => leaves.filter(({ leaf }) => isFloating(leaf.dtype));

/** The tensor without its name: rules compute with plain tensors. */
function plain({ value, symbols, leaf }: LazyTensor): LazyTensor {
  return new LazyTensor(value, symbols, leaf);
}

type NamedLeaf = Nesting['leaves'][number];

/** The structure with its parameters' next values. */
function rebuilt(operation: string, { structure, leaves }: Nesting, next: readonly unknown[]): unknown {
  const values = next.values();
  return unflatten(
    structure,
    leaves.map((named) => {
      const { leaf, path } = named;
      return isFloating(leaf.dtype)
        ? asParameter(requireFit(operation, 'value', values.next().value, named), leaf.tie?.name ?? path)
        : leaf;
    }),
  );
}

/** What a rule returned for a parameter, if it has its shape. */
function requireFit(operation: string, what: string, got: unknown, named: NamedLeaf | undefined): LazyTensor {
  const expected = named === undefined ? '' : showTensorType(named.leaf);
  if (isLazyTensor(got) && showTensorType(got) === expected) return got;
  const shown = isLazyTensor(got) ? showTensorType(got) : 'no tensor';
  throw new ShapeError(
    `${operation}: the rule's next ${what} of '${named?.leaf.tie?.name ?? named?.path}' is ${shown}, not ${expected} (return a tensor of the parameter's shape)`,
  );
}

/** Tensors of the parameters' structure and shapes, in the parameters' order. */
function fitting(operation: string, what: string, structure: Structure, nesting: Nesting): readonly LazyTensor[] {
  const expected = gradientStructure(structure);
  const difference = differenceOf(expected, nesting.structure);
  if (difference !== undefined)
    throw new ShapeError(
      `${operation}: ${what} does not fit the parameters: ${difference} (give it the structure and the shapes of the parameters)`,
    );
  return inOrderOf(expected, nesting).map(plain);
}

/** The gradients in the parameters' order. Throws a `ShapeError` where one is not that of its parameter. */
function gradientsOf(operation: string, given: Nesting, gradients: Nesting): readonly LazyTensor[] {
  const byPath = new Map(gradients.leaves.map(({ path, leaf }) => [path, leaf]));
  for (const { path, leaf } of trainedOf(given)) {
    if (leaf.tie?.of !== 'parameter') {
      throw new ShapeError(
        `${operation}: '${path}' is ${showTie(leaf.tie)}, not a parameter (name the parameters first, with parameters({ … }))`,
      );
    }
    const got = byPath.get(path);
    if (got === undefined || (got.tie?.of === 'gradient' && got.tie.name === leaf.tie.name)) continue;
    throw new ShapeError(
      `${operation}: the parameter '${leaf.tie.name}' gets ${showTie(got.tie)}, not its own gradient (take the gradient of these parameters, with grad or valueAndGrad)`,
    );
  }
  return fitting(operation, 'the gradient', given.structure, gradients);
}

/**
 * Gradients of the same parameters, each changed by `rule`: what clipping is made of. What a gradient is tied to stays.
 *
 * Shapes: stay. Errors: `ShapeError` for a parameter among the gradients, and for other shapes.
 *
 * @example const clipped = mapGradient(gradient, (g) => g.minimum(1).maximum(-1));
 */
export function mapGradient<G>(gradient: G, rule: <S extends Shape>(gradient: Tensor<S>) => Tensor<S>): G {
  requireFunction('mapGradient', rule, 'the rule');
  const { structure, leaves } = unnest(gradient);
  // seam: the rule is generic; at run time shapes are values
  const next = rule as unknown as (gradient: LazyTensor) => unknown;
  const mapped = leaves.map((named) => {
    const { leaf } = named;
    if (leaf.tie?.of === 'parameter') {
      throw new ShapeError(`mapGradient: '${leaf.tie.name}' is a parameter, not a gradient (change parameters with update)`);
    }
    if (!isFloating(leaf.dtype)) return leaf;
    const { value, symbols } = requireFit('mapGradient', 'gradient', next(plain(leaf)), named);
    return new LazyTensor(value, symbols, undefined, leaf.tie);
  });
  return unflatten(structure, mapped) as G;
}

/**
 * The sum of `rule` over all floating-point tensors of a structure: `sumOver(gradient, (g) => g.mul(g).sum()).sqrt()` is a norm.
 *
 * Shapes: a scalar. Errors: `ShapeError` where the rule gives no scalar, or there is no tensor.
 */
export function sumOver(structure: unknown, rule: <S extends Shape>(tensor: Tensor<S>) => Tensor<[]>): Tensor<[]> {
  requireFunction('sumOver', rule, 'the rule');
  // seam: as in mapGradient
  const term = rule as unknown as (tensor: LazyTensor) => unknown;
  const terms = unnest(structure)
    .leaves.filter(({ leaf }) => isFloating(leaf.dtype))
    .map(({ leaf }) => term(plain(leaf)));
  const scalars = terms.map((given) => {
    if (isLazyTensor(given) && showTensorType(given) === 'f32[]') return given;
    const shown = isLazyTensor(given) ? showTensorType(given) : 'no tensor';
    throw new ShapeError(`sumOver: the rule gives ${shown}, not f32[] (reduce each tensor to a scalar, such as with sum())`);
  });
  const [first, ...others] = scalars;
  if (first === undefined) throw new ShapeError('sumOver: there is no floating-point tensor to sum over (give a structure with tensors)');
  return others.reduce((sum, next) => sum.add(next), first) as never;
}
