/** The tuning of adapters that were measured for this package, and of no others. `npx tsx bench/kernels/ship.ts` measures one; add it here. */
import type { TuningFile } from '../tuningFile.ts';
import { googleSwiftshader } from './googleSwiftshader.ts';

export const shippedTuning: readonly TuningFile[] = [googleSwiftshader];
