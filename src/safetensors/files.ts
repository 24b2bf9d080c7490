/**
 * Safetensors files on disk, under Node.
 *
 * Invariant: a path holds the old file or the whole new one, never a part: what is written gets its name last. Files are read a
 * tensor at a time, so that they may be larger than one array can be.
 */

import { SafetensorsError } from './error.ts';
import { type RestoreOptions, restore } from './restore.ts';
import type { ByteSource } from './source.ts';
import { fileParts, type WriteOptions } from './write.ts';

/**
 * Writes the tensors of a structure to a file: `toSafetensors`, on disk. What stood there before is replaced at once, when all
 * bytes are on the disk.
 *
 * Errors: as `toSafetensors`; the file system's.
 *
 * @example await saveSafetensors('model.safetensors', { p, state, step });
 */
export async function saveSafetensors(path: string, tensors: object, options: WriteOptions = {}): Promise<void> {
  const parts = await fileParts('saveSafetensors', tensors, options);
  const { open, rename, rm } = await import('node:fs/promises');
  const unfinished = `${path}.${crypto.randomUUID()}.tmp`;
  const file = await open(unfinished, 'wx');
  try {
    try {
      for (const part of parts) await file.writeFile(part);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/**
 * Reads a file into the structure of `like`: `fromSafetensors`, from disk.
 *
 * Errors: as `fromSafetensors`; the file system's.
 *
 * @example const { p, state, step } = await loadSafetensors('model.safetensors', { p: initialise(1), state: optimizer, step: 0 });
 */
export async function loadSafetensors<T extends object>(path: string, like: T, options: RestoreOptions = {}): Promise<T> {
  return withFile('loadSafetensors', path, (source) => restore('loadSafetensors', source, like, options));
}

/** Opens a file to be read in parts, for as long as `use` takes. */
export async function withFile<R>(operation: string, path: string, use: (source: ByteSource) => Promise<R>): Promise<R> {
  const { open } = await import('node:fs/promises');
  const file = await open(path, 'r');
  try {
    const stat = await file.stat();
    const refuse = (problem: string): never => {
      throw new SafetensorsError(operation, path, problem, 'give the path of a safetensors file');
    };
    if (!stat.isFile()) refuse('it is no file');
    const read = async (begin: number, end: number): Promise<Uint8Array<ArrayBuffer>> => {
      const bytes = new Uint8Array(end - begin);
      let filled = 0;
      while (filled < bytes.byteLength) {
        const { bytesRead } = await file.read(bytes, filled, bytes.byteLength - filled, begin + filled);
        if (bytesRead === 0) refuse('it became shorter while it was read');
        filled += bytesRead;
      }
      return bytes;
    };
    return await use({ name: path, byteLength: stat.size, read });
  } finally {
    await file.close();
  }
}
