/** Products of halves by subgroup matrices, sums in f32, as the device multiplies them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { configurationOf, matrixShapes } from '../../src/codegen/5-emit/emitMatrix.ts';
import { compile } from '../../src/codegen/compile.ts';
import type { KernelVariant } from '../../src/program/program.ts';
import { chooseVariant } from '../../src/runtime/planRun.ts';
import type { Session } from '../../src/runtime/session.ts';
import { sessionWith } from './capable.ts';
import { dense, gradientOf, orientations, product } from './products.ts';
import { everyVariant } from './variants.ts';

/** The next half, as a part of 1 + |expected|. */
const tolerance = 2 ** -10;

let session: Session;
beforeAll(async () => {
  session = await sessionWith('chromium-experimental-subgroup-matrix', 'shader-f16');
});
afterAll(() => session?.close());

/** A matrix kernel for the subgroups of this device, in a configuration that it lists. */
const variants = ({ requires: { subgroupMatrix, subgroupSize } }: KernelVariant): boolean => {
  const { subgroupMatrices = [], subgroupSize: lanes } = session.abilities;
  return subgroupMatrix !== undefined && subgroupMatrices.includes(subgroupMatrix) && subgroupSize === lanes;
};

it('the device lists a configuration that kernels have, and products take it', () => {
  const { subgroupMatrices = [], subgroupSize } = session.abilities;
  const usable = matrixShapes.filter((one) => subgroupMatrices.includes(configurationOf(one.edge)) && one.subgroupSize === subgroupSize);
  expect(usable, `of ${subgroupMatrices.join(', ')} in subgroups of ${subgroupSize}`).not.toEqual([]);
  const [kernel] = compile(product('NN', [1, 64, 64, 48], 'f16')).kernels;
  expect(kernel && chooseVariant(kernel, session.abilities).name).toMatch(/^matrix/);
});

it.each(orientations)('%s: one tile; several of each size, in batches', async (orientation) => {
  for (const sizes of [
    [1, 32, 32, 16],
    [3, 64, 96, 48],
    [2, 64, 128, 80],
  ] as const) {
    const { names, error } = await everyVariant(session, product(orientation, sizes, 'f16'), { variants });
    expect(names).toHaveLength(1);
    expect(error, `${sizes}`).toBeLessThan(tolerance);
  }
});

it('with an epilogue, and the gradients of both factors', async () => {
  expect((await everyVariant(session, dense('NT', [1, 64, 32, 96], 'f16'), { variants })).error).toBeLessThan(tolerance);
  const { names, error } = await everyVariant(session, gradientOf(product('NN', [1, 64, 32, 96], 'f16')), { variants });
  expect(names.length).toBeGreaterThan(0);
  expect(error).toBeLessThan(tolerance);
});

it('sums in f32: 4096 ones, which would stop at 2048 in halves', async () => {
  const steps = 4096;
  const program = compile(product('NN', [1, 32, 32, steps], 'f16'));
  const ones = new Float32Array(32 * steps).fill(1);
  const [a, b] = [session.upload(ones, [1, 32, steps], [1, 32, steps], 'f16'), session.upload(ones, [1, steps, 32], [1, steps, 32], 'f16')];
  expect(program.kernels.map((kernel) => chooseVariant(kernel, session.abilities).name)).toEqual([expect.stringMatching(/^matrix 32x32/)]);
  const [y] = session.execute(program, [a, b]);
  expect(new Set(await y?.data())).toEqual(new Set([steps]));
});
