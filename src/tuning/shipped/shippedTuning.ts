/** The tuning of adapters that were measured for this package, and of no others. `npx tsx bench/kernels/ship.ts` measures one. */
import type { TuningFile } from '../tuningFile.ts';

export const shippedTuning: readonly TuningFile[] = [];
