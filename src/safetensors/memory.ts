/** Tensors to and from the bytes of a safetensors file, anywhere: in Node, in browsers, over a network. */
import { type RestoreOptions, restore } from './restore.ts';
import { memorySource } from './source.ts';
import { fileParts, type WriteOptions } from './write.ts';

/**
 * The tensors of a structure as a safetensors file. Names are paths with dots (`layers.0.w`); dims and plain values such as a step
 * count are kept in the file's metadata, so that `fromSafetensors` gives back what was saved, bit for bit.
 *
 * Errors: `ShapeError` for one tensor alone and for two tensors of one name.
 * Source: the safetensors format.
 *
 * @example await fetch(url, { method: 'PUT', body: await toSafetensors({ p, state, step }) });
 */
export async function toSafetensors(tensors: object, options: WriteOptions = {}): Promise<Uint8Array> {
  const parts = await fileParts('toSafetensors', tensors, options);
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

/**
 * The tensors of a safetensors file in the structure of `like`, which says the name, shape and dtype of each. Numbers beside the
 * tensors come out of the file, too. Files of other hands have sizes only, which are then all that is compared.
 *
 * Errors: `SafetensorsError` for a file that is truncated, oversized or contradicts itself, and for one that does not hold exactly
 * these tensors. Nothing is half loaded.
 *
 * @example const p = await fromSafetensors(new Uint8Array(await response.arrayBuffer()), initialise(1));
 */
export async function fromSafetensors<T extends object>(bytes: Uint8Array, like: T, options: RestoreOptions = {}): Promise<T> {
  return restore('fromSafetensors', memorySource(bytes), like, options);
}
