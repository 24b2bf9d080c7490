/**
 * A traced layer to its programs.
 *
 * Invariant: forward without residuals stays lean: where nothing has to be kept, both forwards are one program. One that donates is alone.
 */

import { isPrimitive } from '../graph/build.ts';
import type { Value } from '../graph/value.ts';
import type { BackwardInput, CompiledFunction, CompiledLayer } from '../program/compiledLayer.ts';
import type { DescribedProgram } from '../program/program.ts';
import { leavesOf, type Structure } from '../program/structure.ts';
import { isFloating } from '../types/dtype.ts';
import { at } from './at.ts';
import { type CompileOptions, compile, type VariantOptions } from './compile.ts';
import type { TracedFunction, TracedLayer } from './tracedLayer.ts';

/** A jitted function is one program. `typeParameters` as for a layer. */
export function compileFunction(
  name: string,
  args: readonly Structure[],
  { result, forward, donated }: TracedFunction,
  typeParameters: readonly string[] = [],
  options: VariantOptions = {},
): CompiledFunction<DescribedProgram> {
  const program = compile(forward, { ...options, donated, outputNames: resultNames(result) });
  return { name, typeParameters, arguments: args, result, forward: program };
}

/** `typeParameters` names the dims that are type parameters of a generic layer. */
export function compileLayer(
  name: string,
  args: readonly Structure[],
  traced: TracedLayer,
  typeParameters: readonly string[] = [],
  options: VariantOptions = {},
): CompiledLayer<DescribedProgram> {
  const { donated } = traced;
  const forward = compile(traced.forward, { ...options, donated, outputNames: resultNames(traced.result) });
  const isAnother = donated.length > 0 || traced.residualForward.outputs.length > traced.forward.outputs.length;
  return {
    name,
    typeParameters,
    arguments: args,
    result: traced.result,
    forward,
    residualForward: isAnother ? compile(traced.residualForward, { ...options, outputNames: residualNames(traced) }) : forward,
    backward: compile(traced.backward, { ...options, ...backwardNames(traced) }),
    backwardInputs: traced.backwardInputs,
    ...(donated.length > 0 ? { donated } : {}),
  };
}

/** What a result's tensors are called: `y`, `loss`, `y[0]`. */
function resultNames(result: Structure): readonly string[] {
  return leavesOf(result).map(({ path }) => (path === '' || path.startsWith('[') ? `y${path}` : path));
}

/** The results' names, then the residuals'. */
function residualNames({ residualForward, result }: TracedLayer): readonly string[] {
  const names = resultNames(result);
  return residualForward.outputs.map((_, index) => names[index] ?? `residual${index - names.length}`);
}

const gradientName = (name: string): string => (/^\w+$/.test(name) ? `d${name}` : `d(${name})`);

/** `x`, `residual0` and `dy` in, `dx` and `d(p.w)` out: what messages, reports and kernels call them. */
function backwardNames({ forward, backwardInputs, result }: TracedLayer): CompileOptions {
  const args = forward.inputs.map((value) => (isPrimitive(value, 'input') ? value.params.name : ''));
  const results = resultNames(result);
  const differentiable = (names: readonly string[], values: readonly Value[]): readonly string[] =>
    names.filter((_, index) => isFloating(at(values, index).dtype)).map(gradientName);
  const named: { readonly [F in BackwardInput['from']]: readonly string[] } = {
    argument: args,
    result: results,
    residual: backwardInputs.map((_, index) => `residual${index}`),
    cotangent: differentiable(results, forward.outputs),
  };
  return {
    inputNames: backwardInputs.map(({ from, index }) => at(named[from], index)),
    outputNames: differentiable(args, forward.inputs),
  };
}
