/**
 * `npm run features`: kernels that only some adapters can run, on an adapter that can. No part of `npm test`, since a bare machine has none.
 * What the adapter lacks fails here; nothing is skipped.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['adjoint-source'] },
  ssr: { resolve: { conditions: ['adjoint-source'] } },
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    name: 'features',
    include: ['tests/features/*.features.ts'],
    globalSetup: [fileURLToPath(new URL('ranOn.ts', import.meta.url))],
    // a software device compiles for the processor, at the first dispatch: a tile of 128x128 takes it seconds
    testTimeout: 900_000,
    hookTimeout: 120_000,
    env: { ADJOINT_TUNING: 'shipped' },
    pool: 'forks',
    maxWorkers: 1,
    sequence: { shuffle: false, concurrent: false, seed: 1 },
    allowOnly: false,
    passWithNoTests: false,
  },
});
