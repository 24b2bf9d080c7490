/**
 * Marks a function for the build. At run time a layer is the function itself; one that donates is compiled at its first call.
 *
 * Invariant: the signature does not change, so generics survive and the generated module can take the source's type.
 */

import { type LayerDefinition, layerTag, type TracedLayer } from '../codegen/tracedLayer.ts';
import { splitGradient } from '../graph/autodiff/residuals.ts';
import { vjp as differentiate } from '../graph/autodiff/vjp.ts';
import { constantLike, input } from '../graph/build.ts';
import { makeGraph } from '../graph/graph.ts';
import type { Value } from '../graph/value.ts';
import type { BackwardInput } from '../program/compiledLayer.ts';
import type { Structure } from '../program/structure.ts';
import { AdjointError } from '../runtime/errors.ts';
import { isFloating } from '../types/dtype.ts';
import type { settled } from '../types/rules/result.ts';
import type { Arguments } from '../types/transform.ts';
import { donatedLeaves } from './donatedLeaves.ts';
import { jit } from './jit.ts';
import { sourcesOf } from './realize.ts';
import { requireFunction } from './requireFunction.ts';
import { requireOptionNames } from './requireOptionNames.ts';
import { traceFunction } from './traceFunction.ts';

/** What `layer` may be told. */
export interface LayerOptions {
  /**
   * Arguments whose memory a call may write, by position: an updated tensor takes the place of the old one. Using them afterwards is an
   * error, with the layer itself as with the one that was built. `vjp` and `grad` donate nothing: backward reads the arguments.
   */
  readonly donate?: readonly number[];
}

/**
 * An exported `layer(f)` is compiled by `adjoint build`. Its parameters need literal shapes; specialise a generic layer
 * with an instantiation expression.
 * Errors: `ShapeError` if an argument in `donate` does not exist.
 *
 * @example export const hidden = layer(linear<'batch', 'in=784', 'out=128'>);
 */
export function layer<A extends Arguments, Y>(f: (...args: A) => settled<'layer', Y>, options: LayerOptions = {}): (...args: A) => Y {
  requireFunction('layer', f);
  requireOptionNames<LayerOptions>('layer', options, { donate: '[0]' });
  const { donate = [] } = options;
  const definition: LayerDefinition = { trace: (name, args, parameters) => traceLayer(name, f as never, args, parameters, donate) };
  // seam: f's result is settled under this operation's name
  const call = donate.length === 0 ? f : jit(f as (...args: A) => never, { name: f.name === '' ? 'layer' : f.name, donate });
  return Object.assign((...args: A) => call(...args) as Y, { [layerTag]: definition });
}

function traceLayer(
  name: string,
  f: (...args: never[]) => unknown,
  args: readonly Structure[],
  parameters: readonly string[],
  donate: readonly number[],
): TracedLayer {
  const structure: Structure = { kind: 'tuple', items: args };
  const donated = donatedLeaves(name, structure, donate);
  const { inputs, outputs, result } = traceFunction('layer', f, structure, parameters);
  const { leaves } = sourcesOf(outputs, name, new Set(inputs));
  if (leaves.length > 0) {
    throw new AdjointError(
      `${name}: the layer reads ${leaves.length} tensor${leaves.length === 1 ? '' : 's'} made outside of it or from data (make ${leaves.length === 1 ? 'it' : 'them'} an argument; constants such as zeros and ones may stay)`,
    );
  }
  const isDifferentiable = ({ dtype }: Value): boolean => isFloating(dtype);
  const wrt = inputs.filter(isDifferentiable);
  const cotangents = outputs.map((value, index) => (isDifferentiable(value) ? input(`dy${index}`, value.shape, value.dtype) : undefined));
  const gradients = differentiate(outputs, wrt, cotangents).map((gradient, index) => gradient ?? constantLike(wrt[index] as Value, 0));
  const seeds = cotangents.flatMap((value) => value ?? []);
  const { residuals, available, backward } = splitGradient(name, inputs, outputs, seeds, gradients);

  const where = (value: Value): BackwardInput =>
    inputs.includes(value) ? { from: 'argument', index: inputs.indexOf(value) } : { from: 'result', index: outputs.indexOf(value) };
  return {
    result,
    donated,
    forward: makeGraph(name, inputs, outputs),
    residualForward: makeGraph(name, inputs, [...outputs, ...residuals]),
    backward,
    backwardInputs: [
      ...available.map(where),
      ...residuals.map((_, index): BackwardInput => ({ from: 'residual', index })),
      ...seeds.map((_, index): BackwardInput => ({ from: 'cotangent', index })),
    ],
  };
}
