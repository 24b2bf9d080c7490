/** Kernels of lines: lanes of a subgroup of eight side by side along one axis of a tile, or along a row. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { layerNorm, withGradients } from '../../src/codegen/testing/normalisation.ts';
import * as b from '../../src/graph/build.ts';
import { makeGraph } from '../../src/graph/graph.ts';
import { lineLanes } from '../../src/program/lineLanes.ts';
import type { KernelVariant } from '../../src/program/program.ts';
import type { Session } from '../../src/runtime/session.ts';
import { sessionWith } from './capable.ts';
import { type Orientation, product, type Sizes } from './products.ts';
import { everyVariant } from './variants.ts';

let session: Session;
beforeAll(async () => {
  session = await sessionWith('subgroups');
  const { subgroupMinSize, subgroupMaxSize } = session.device.adapterInfo;
  if (subgroupMinSize !== lineLanes || subgroupMaxSize !== lineLanes)
    throw new Error(
      `features: '${session.info.description}' has subgroups of ${subgroupMinSize} to ${subgroupMaxSize}, not of ${lineLanes}`,
    );
});
afterAll(() => session?.close());

const isLine = ({ requires }: KernelVariant): boolean => requires.subgroupSize === lineLanes;

const products: readonly (readonly [Orientation, Sizes])[] = [
  ['NN', [1, 37, 45, 29]],
  ['TN', [2, 20, 33, 17]],
  ['NT', [1, 1, 70, 300]],
  ['TT', [1, 24, 32, 5]],
];

it.each(products)('products, %s %j', async (orientation, sizes) => {
  const { names, error } = await everyVariant(session, product(orientation, sizes, 'f32'), { variants: isLine, tiles: 'all' });
  for (const name of ['lineAcross', 'lineDown', 'lineSplit']) expect(names.join()).toContain(name);
  expect(error).toBeLessThan(1e-5);
});

it.each([
  ['a line a row', [70, 200], 1],
  ['of odd length', [9, 301], 1],
  ['shorter than what lanes repay', [50, 13], 1],
  ['of fewer elements than lanes', [50, 17], 1],
  ['side by side', [300, 512], 0],
  ['side by side, an odd number', [301, 33], 0],
] as const)('sums and maxima of rows %s', async (_, shape, axis) => {
  const x = b.input('x', [...shape], 'f32');
  const graph = makeGraph('rows', [x], [b.reduceSum(x, [axis]), b.reduceMax(b.mul(x, x), [axis])]);
  const { error } = await everyVariant(session, graph, { variants: isLine });
  expect(error).toBeLessThan(1e-5);
});

it('layer norm and its gradients', async () => {
  const graph = withGradients([[33, 200], [200], [200]], ([x, gamma, beta]) => layerNorm(x, gamma, beta));
  const { names, error } = await everyVariant(session, graph, { variants: isLine });
  expect(names).toContain('line a row');
  expect(error).toBeLessThan(1e-5);
});
