/**
 * Runs in a thread of its own: imports the user's modules, traces their layers and compiles them.
 *
 * Invariant: everything sent back is plain data; a layer that fails does not keep the others from being compiled.
 */
import { pathToFileURL } from 'node:url';
import { parentPort } from 'node:worker_threads';
import type { Structure } from '../../../program/structure.ts';
import type { VariantOptions } from '../../compile.ts';
import { compileFunction, compileLayer } from '../../compileLayer.ts';
import { isTaggedJit, isTaggedLayer, jitTag, layerTag, type TracedFunction, type TracedLayer } from '../../tracedLayer.ts';
import { compareStructures } from './compareStructures.ts';
import { describeFailure } from './describeFailure.ts';
import type { LayerAnswer, LayerRequest, TraceAnswer, TraceFailure, TraceRequest } from './messages.ts';

// Recorded values remember where they come from; a body may call through several functions of the user's.
Error.stackTraceLimit = 50;
process.setSourceMapsEnabled(true);

async function answer({ file, layers, variants }: TraceRequest): Promise<TraceAnswer> {
  let exports: Readonly<Record<string, unknown>>;
  try {
    exports = await import(pathToFileURL(file).href);
  } catch (error) {
    return { failure: describeFailure(error, 'module_throws') };
  }
  return { layers: layers.map((layer) => answerLayer(layer, exports[layer.name], variants)) };
}

function answerLayer({ name, typeParameters, parameters, result }: LayerRequest, value: unknown, variants: VariantOptions): LayerAnswer {
  const fail = (failure: TraceFailure): LayerAnswer => ({ name, failure });
  const definition = isTaggedLayer(value) ? value[layerTag] : isTaggedJit(value) ? value[jitTag] : undefined;
  if (definition === undefined) return fail({ code: 'not_a_layer', message: '', frames: [] });
  const args = parameters.map(({ structure }) => structure);
  try {
    const traced = definition.trace(
      name,
      args,
      parameters.map((parameter) => parameter.name),
    );
    const difference = compareStructures(result, traced.result);
    if (difference !== undefined) return fail({ code: 'shape_differs', message: difference, frames: [] });
    return compileTraced(name, args, traced, typeParameters, variants);
  } catch (error) {
    return fail(describeFailure(error));
  }
}

function compileTraced(
  name: string,
  args: readonly Structure[],
  traced: TracedFunction | TracedLayer,
  typeParameters: readonly string[],
  variants: VariantOptions,
): LayerAnswer {
  // a module's choices are its layers': a jitted function is compiled where it runs
  const { choices: _, ...others } = variants;
  try {
    const compiled =
      'backward' in traced
        ? compileLayer(name, args, traced, typeParameters, variants)
        : compileFunction(name, args, traced, typeParameters, others);
    return { name, compiled };
  } catch (error) {
    return { name, failure: describeFailure(error, 'not_compiled') };
  }
}

// What the modules will import is loaded while the caller reads types. By a name that only Node resolves, to this copy: as theirs will be.
const face: string = 'adjoint';
import(face).catch(() => undefined); // then it is their import that fails, with their position

parentPort?.once('message', async (requests: readonly TraceRequest[]) => {
  for (const request of requests) parentPort?.postMessage(await answer(request));
});
