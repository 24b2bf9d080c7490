/**
 * The face `adjoint/safetensors`: tensors to and from disk.
 *
 * Invariant: nothing inside src imports this file.
 */
export { SafetensorsError } from './safetensors/error.ts';
export { loadSafetensors, saveSafetensors } from './safetensors/files.ts';
export { fromSafetensors, toSafetensors } from './safetensors/memory.ts';
export type { RestoreOptions } from './safetensors/restore.ts';
export type { WriteOptions } from './safetensors/write.ts';
