/**
 * Reads IDX files, the format of MNIST: a magic number (0, 0, element type, rank), one big-endian size an axis, the elements.
 *
 * Invariant: a file is read only if its header and its length agree.
 * Source: LeCun, Cortes and Burges, The MNIST database of handwritten digits, "file formats".
 */
import { readFile } from 'node:fs/promises';

const unsignedByte = 0x08;

export interface Idx {
  readonly sizes: readonly number[];
  readonly bytes: Uint8Array;
}

/** Throws an `Error` that names the file, if it is no IDX file of unsigned bytes of this rank, or not of the length it claims. */
export async function readIdx(path: string, rank: number): Promise<Idx> {
  const file = await readFile(path);
  const header = 4 + 4 * rank;
  const refuse = (problem: string): never => {
    throw new Error(`${path}: ${problem}`);
  };
  if (file.length < header) refuse(`the file ends in its header: ${file.length} bytes of ${header}`);
  const [zero, alsoZero, type, axes] = file;
  if (zero !== 0 || alsoZero !== 0 || type !== unsignedByte) refuse('not an IDX file of unsigned bytes');
  if (axes !== rank) refuse(`rank ${axes}, not ${rank}`);
  const sizes = Array.from({ length: rank }, (_, axis) => file.readUInt32BE(4 + 4 * axis));
  const elements = sizes.reduce((count, size) => count * size, 1);
  if (file.length - header !== elements) refuse(`${file.length - header} elements, where the header says [${sizes.join(', ')}]`);
  return { sizes, bytes: new Uint8Array(file.buffer, file.byteOffset + header, elements) };
}
