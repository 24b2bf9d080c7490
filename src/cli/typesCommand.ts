/** `adjoint types`: declarations of what safetensors files hold, beside the files. */
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { readContents } from '../safetensors/contents.ts';
import { declarationOf } from '../safetensors/declaration.ts';
import { SafetensorsError } from '../safetensors/error.ts';
import { withFile } from '../safetensors/files.ts';

export interface TypesFlags {
  readonly check?: boolean;
}

/** Gives the exit code. */
export async function runTypes(files: readonly string[], { check = false }: TypesFlags): Promise<number> {
  let failed = false;
  for (const file of files) {
    try {
      const remark = await declare(file, check);
      failed ||= remark.startsWith('stale');
      console.log(`${file}.d.ts: ${remark}`);
    } catch (error) {
      if (!(error instanceof SafetensorsError || isFileError(error))) throw error;
      failed = true;
      console.error(error instanceof SafetensorsError ? error.message : `types: ${file}: it cannot be read: ${error.message}`);
    }
  }
  return failed ? 1 : 0;
}

async function declare(file: string, check: boolean): Promise<string> {
  const contents = await withFile('types', file, (source) => readContents('types', source));
  const text = declarationOf(contents, basename(file), (problem, remedy) => {
    throw new SafetensorsError('types', file, problem, remedy);
  });
  const target = `${file}.d.ts`;
  if ((await readFile(target, 'utf8').catch(() => undefined)) === text) return 'up to date';
  if (check) return 'stale (run adjoint types)';
  await writeFile(target, text);
  return `written, ${contents.tensors.length} ${contents.tensors.length === 1 ? 'tensor' : 'tensors'}`;
}

const isFileError = (error: unknown): error is Error & { readonly code: string } =>
  error instanceof Error && 'code' in error && typeof error.code === 'string';
