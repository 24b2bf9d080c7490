/** Kernels of quads in subgroups of more than four lanes: rows of four lanes swap and share as they do where a subgroup is a quad. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { attention, layerNorm, withGradients } from '../../src/codegen/testing/normalisation.ts';
import * as b from '../../src/graph/build.ts';
import { makeGraph } from '../../src/graph/graph.ts';
import type { KernelVariant } from '../../src/program/program.ts';
import type { Session } from '../../src/runtime/session.ts';
import { sessionWith } from './capable.ts';
import { dense, gradientOf, type Orientation, product, type Sizes } from './products.ts';
import { everyVariant, inHalves } from './variants.ts';

let session: Session;
beforeAll(async () => {
  session = await sessionWith('subgroups', 'shader-f16');
  const { subgroupMinSize } = session.device.adapterInfo;
  if (subgroupMinSize <= 4)
    throw new Error(`features: '${session.info.description}' has subgroups of ${subgroupMinSize}, not of more than 4`);
});
afterAll(() => session?.close());

const isQuad = ({ requires }: KernelVariant): boolean => requires.subgroupSize === 4;
const isHalf = ({ requires }: KernelVariant): boolean => requires.features?.includes('shader-f16') === true;

const products: readonly (readonly [Orientation, Sizes])[] = [
  ['NN', [1, 37, 45, 29]],
  ['TN', [2, 20, 33, 17]],
  ['NT', [1, 1, 70, 65]],
  ['TT', [1, 24, 32, 5]],
];

it.each(products)('products, %s %j, in f32 and in halves', async (orientation, sizes) => {
  for (const dtype of ['f32', 'f16'] as const) {
    const variants = (variant: KernelVariant): boolean => isQuad(variant) && isHalf(variant) === (dtype === 'f16');
    const { error } = await everyVariant(session, product(orientation, sizes, dtype), { variants });
    expect(error, dtype).toBeLessThan(dtype === 'f32' ? 1e-5 : 2 ** -10);
  }
});

it('tiles that swap, that share steps, and that split sums', async () => {
  const wanted = ['quadSwap 8x8', 'quadSwap 8x4', 'quadDirect 4x16', 'quadDirect 16x2', 'quadSplit 2x4', 'quadSplit 8x1'];
  const variants = ({ name }: KernelVariant): boolean => wanted.includes(name);
  const { names, error } = await everyVariant(session, product('NN', [1, 19, 35, 23], 'f32'), { variants, tiles: 'all' });
  expect(names.toSorted()).toEqual(wanted.toSorted());
  expect(error).toBeLessThan(1e-5);
});

it('gradients and long rows', async () => {
  const graphs = [
    gradientOf(dense('NN', [1, 33, 20, 41], 'f32')),
    withGradients([[9, 200], [200], [200]], ([x, gamma, beta]) => layerNorm(x, gamma, beta)),
  ];
  for (const graph of graphs) {
    expect((await everyVariant(session, graph, { variants: isQuad })).error, graph.name).toBeLessThan(1e-5);
    const variants = (variant: KernelVariant): boolean => isQuad(variant) && isHalf(variant);
    expect((await everyVariant(session, inHalves(graph), { variants })).error, graph.name).toBeLessThan(2 ** -9);
  }
});

it('attention', async () => {
  const inputs = [b.input('q', [9, 4], 'f32'), b.input('k', [10, 4], 'f32'), b.input('v', [10, 3], 'f32')] as const;
  const graph = makeGraph('attention', [...inputs], [attention(...inputs, { scale: 0.3, causal: true })]);
  const { names, error } = await everyVariant(session, graph, { variants: isQuad });
  expect(names).toEqual([expect.stringMatching(/^quadSwap chain/)]);
  expect(error).toBeLessThan(1e-5);
});
