/** Random numbers for programs that ship no compiler. */
import type { CreateNormal, CreateUniform } from '../types/creation.ts';
import { normalTensor, uniformTensor } from './randomTensor.ts';
import { RuntimeTensor } from './runtimeTensor.ts';

// seam: the signatures in types/creation.ts give each result its shape; here shapes are values.

export const randn: CreateNormal = ((...args: Parameters<typeof normalTensor>) => new RuntimeTensor(normalTensor(...args))) as never;
export const uniform: CreateUniform = ((...args: Parameters<typeof uniformTensor>) => new RuntimeTensor(uniformTensor(...args))) as never;
