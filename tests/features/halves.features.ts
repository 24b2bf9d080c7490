/** Halves that a device has itself: every primitive, random programs, products in tiles of every design, backward passes. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compile } from '../../src/codegen/compile.ts';
import { stepsOf } from '../../src/codegen/testing/checkProgram.ts';
import { conv2d } from '../../src/codegen/testing/convolution.ts';
import { attention, withGradients } from '../../src/codegen/testing/normalisation.ts';
import { primitiveCases } from '../../src/codegen/testing/primitiveCases.ts';
import { randomProgram } from '../../src/codegen/testing/randomProgram.ts';
import type { Graph } from '../../src/graph/value.ts';
import type { KernelVariant } from '../../src/program/program.ts';
import { chooseVariant } from '../../src/runtime/planRun.ts';
import type { Session } from '../../src/runtime/session.ts';
import { sessionWith } from './capable.ts';
import { dense, gradientOf, orientations, product } from './products.ts';
import { everyVariant, inHalves } from './variants.ts';

/** The next half, as a part of 1 + |expected|. */
const tolerance = 2 ** -10;

let session: Session;
beforeAll(async () => {
  session = await sessionWith('shader-f16');
});
afterAll(() => session?.close());

const hasHalves = ({ inputs, outputs }: Graph): boolean => [...inputs, ...outputs].some(({ dtype }) => dtype === 'f16');

/** Quads and matrices of subgroups have files of their own. */
const variants = ({ requires: { features = [], subgroupSize } }: KernelVariant): boolean =>
  subgroupSize === undefined && features.includes('shader-f16');

it('are what the runtime takes on this device', () => {
  for (const kernel of compile(inHalves(dense('NN', [1, 5, 3, 7], 'f32'))).kernels)
    expect(chooseVariant(kernel, session.abilities).requires.features).toContain('shader-f16');
});

/** Those with floats anywhere: all but the bits of random numbers. */
const cases = primitiveCases
  .map(([primitive, graphs]) => [primitive, graphs.map(inHalves).filter(hasHalves)] as const)
  .filter(([, graphs]) => graphs.length > 0);

it('are in the graphs of all primitives but those of integers', () => {
  const without = primitiveCases.map(([primitive]) => primitive).filter((primitive) => !cases.some(([name]) => name === primitive));
  expect(without).toEqual(['rem', 'bitAnd', 'bitOr', 'bitXor', 'shiftLeft', 'shiftRight', 'randomBits']);
});

it.each(cases)('%s', async (_, graphs) => {
  for (const graph of graphs) expect((await everyVariant(session, graph, { variants })).error).toBeLessThan(tolerance);
});

it('random programs', async () => {
  const native = new Set<string>();
  for (let seed = 0; seed < 12; seed++) {
    const graph = inHalves(randomProgram(stepsOf(seed)).graph);
    const { names, error } = await everyVariant(session, graph, { variants: ({ requires }) => requires.subgroupSize === undefined });
    expect(error, `seed ${seed}`).toBeLessThan(tolerance);
    for (const name of names.filter((one) => one.endsWith(', f16'))) native.add(name);
  }
  expect([...native].toSorted()).toEqual(['invocation a row, f16', 'map, f16']);
});

it.each(orientations)('products, %s, at odd sizes', async (orientation) => {
  for (const sizes of [
    [1, 67, 131, 37],
    [2, 33, 35, 17],
    [1, 1, 70, 300],
    [1, 70, 1, 65],
  ] as const)
    expect((await everyVariant(session, product(orientation, sizes, 'f16'), { variants })).error, `${sizes}`).toBeLessThan(tolerance);
});

it('products in tiles of every design', async () => {
  const designs = ['shared 32x32', 'direct 8x8', 'split 1x64'];
  const wanted = designs.map((design) => `${design}, f16`);
  const isWanted = (variant: KernelVariant): boolean => wanted.includes(variant.name);
  const { names, error } = await everyVariant(session, product('TN', [2, 33, 67, 37], 'f16'), { variants: isWanted, tiles: 'all' });
  expect(names.toSorted()).toEqual(wanted.toSorted());
  expect(error).toBeLessThan(tolerance);
});

it('epilogues, gradients, windows and attention', async () => {
  for (const graph of [
    gradientOf(dense('NT', [1, 33, 20, 41], 'f16')),
    inHalves(
      withGradients(
        [
          [2, 5, 6, 3],
          [3, 3, 3, 8],
        ],
        ([x, w]) => conv2d(x, w, { padding: 1 }),
      ),
    ),
    inHalves(
      withGradients(
        [
          [2, 19, 8],
          [2, 23, 8],
          [2, 23, 5],
        ],
        ([q, k, v]) => attention(q, k, v, { scale: 0.3 }),
      ),
    ),
  ])
    expect((await everyVariant(session, graph, { variants })).error, graph.name).toBeLessThan(2 * tolerance);
});
