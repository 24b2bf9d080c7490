/**
 * A traced layer to its programs.
 *
 * Invariant: forward without residuals stays lean: where nothing has to be kept, both forwards are one program.
 */
import type { CompiledLayer } from '../program/compiledLayer.ts';
import type { Structure } from '../program/structure.ts';
import { compile } from './compile.ts';
import type { TracedLayer } from './tracedLayer.ts';

/** `typeParameters` names the dims that are type parameters of a generic layer. */
export function compileLayer(
  name: string,
  args: readonly Structure[],
  traced: TracedLayer,
  typeParameters: readonly string[] = [],
): CompiledLayer {
  const forward = compile(traced.forward);
  const needsMore = traced.residualForward.outputs.length > traced.forward.outputs.length;
  return {
    name,
    typeParameters,
    arguments: args,
    result: traced.result,
    forward,
    residualForward: needsMore ? compile(traced.residualForward) : forward,
    backward: compile(traced.backward),
    backwardInputs: traced.backwardInputs,
  };
}
