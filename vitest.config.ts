/**
 * Tests stand beside the code; tests of the package as a whole are in tests/, tests of the types alone in typetests/.
 *
 * Imports of `adjoint` resolve to src, as in tsconfig.json. Few workers and long limits, because the software
 * device computes on the processor: on two cores more workers only make every test slower. The order is fixed.
 */
import { defineConfig } from 'vitest/config';

/** What is in somebody's cache of tuning results must not decide what is tested. */
const env = { ADJOINT_TUNING: 'shipped' };
const slow = { testTimeout: 120_000, hookTimeout: 120_000, env };

export default defineConfig({
  resolve: { conditions: ['adjoint-source'] },
  ssr: { resolve: { conditions: ['adjoint-source'] } },
  test: {
    ...slow,
    pool: 'forks',
    maxWorkers: 2,
    sequence: { shuffle: false, concurrent: false, seed: 1 },
    allowOnly: false,
    passWithNoTests: false,
    projects: [
      { extends: true, test: { ...slow, name: 'src', include: ['src/**/*.test.ts'] } },
      { extends: true, test: { ...slow, name: 'examples', include: ['examples/**/*.test.ts'] } },
      { extends: true, test: { ...slow, name: 'tests', include: ['tests/**/*.test.ts'] } },
      { extends: true, test: { ...slow, name: 'typetests', include: ['typetests/**/*.test.ts'] } },
    ],
  },
});
