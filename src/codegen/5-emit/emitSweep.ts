/**
 * Chains that go over long rows once, for subgroups of four lanes. A quad has a few rows, of which it computes tiles of the products, in
 * registers, as contract kernels do; then, a group of four columns at a time, what is made of them; and with that the outer product,
 * whose sums stay in registers all along. Nothing is kept of a row but these, and numbers a row.
 *
 * Sum (i, j, q) of lane l is row i of lane l ^ q, and column j of lane l. The outer product needs column j of each of four lanes for row i of
 * lane l ^ q: lane l ^ u has it as (i, j, q ^ u), and meets it with the row of the right factor that is that lane's column.
 */
import { repeat } from '../../program/kernelText.ts';
import { ceilDivideSizes, multiplySizes } from '../../types/size.ts';
import type { ChainKernel } from '../3-fuse/kernel.ts';
import { toSize } from '../3-fuse/product.ts';
import { chainFigures } from './chainFigures.ts';
import { estimate, powerBelow, rowsOfLanes } from './chainLayout.ts';
import { factorLoads } from './chainLoads.ts';
import { idleRegion, streamsOf } from './chainMasks.ts';
import { sweepOf } from './chainSweep.ts';
import { crossedSteps } from './contractLoads.ts';
import { isExact } from './contractTiles.ts';
import { type FactorAxes, vectorsAmong } from './contractVectors.ts';
import { finishText, type Lanes, placeText } from './emitContract.ts';
import { indent, type KernelContext, moduleText, workgroupNumber } from './kernelText.ts';
import { startOf } from './loopRows.ts';
import {
  afterText,
  block,
  finishFunction,
  maximumText,
  outerStart,
  passText,
  productText,
  type Swept,
  type SweptProduct,
  totalName,
  wideStatement,
} from './sweepText.ts';
import { quadAxis, quadLooped } from './tileLayout.ts';
import type { MeasuredVariant } from './variantFigures.ts';
import { computedType, sizeText } from './wgslText.ts';

/** Sums a lane, of a tile and of the outer product: with twice as many of both a kernel takes 5 s to compile, and is no faster. */
const most = { inner: 64, outer: 128 } as const;

/** Undefined: the chain is none that goes over its rows once. */
export function emitSweep(kernel: ChainKernel, context: KernelContext): MeasuredVariant | undefined {
  const sweep = sweepOf(kernel);
  if (sweep === undefined) return undefined;
  const across = kernel.outer === undefined ? 0 : Math.ceil(estimate(kernel.outer.n) / 4);
  const rows = rowsOfLanes(kernel).find((count) => 4 * count * across <= most.outer) ?? 1;
  const columns = Math.min(8, most.inner / (4 * rows), powerBelow(Math.ceil(estimate(kernel.columns) / 4)));
  const [height, width] = [4 * rows, 4 * columns];
  const exact = { rows: isExact(kernel.rows, height), columns: isExact(kernel.columns, width) };

  const factors: readonly FactorAxes[] = [
    ...kernel.products.flatMap(({ left, right, depth }): readonly FactorAxes[] => [
      { operand: left, own: 'm', ownSize: kernel.rows, k: depth, allowed: ['k'] },
      { operand: right, own: 'n', ownSize: kernel.columns, k: depth, allowed: ['k'] },
    ]),
    ...(kernel.outer === undefined ? [] : [outerFactor(kernel, kernel.outer, across)]),
  ];
  const { directions, tensors } = vectorsAmong(factors, [
    ...kernel.steps.map(({ body }) => body),
    ...(kernel.outer === undefined ? [] : [kernel.outer.step.body, kernel.outer.epilogue]),
  ]);
  const products = kernel.products.map((product, p): SweptProduct => {
    const lanes: Lanes = {
      design: 'quadSwap',
      rows: quadAxis('left', rows, directions[2 * p]),
      columns: quadAxis('right', columns, directions[2 * p + 1]),
    };
    const left = factorLoads(product.left, lanes.rows, `left_${p}`, context);
    return { ...product, lanes, loads: { left, right: factorLoads(product.right, lanes.columns, `right_${p}`, context) } };
  });
  const axis = quadAxis('right', across, directions[2 * products.length]);
  const outerLanes: Lanes = { design: 'quadSwap', rows: quadAxis('left', rows, undefined), columns: { ...axis, steps: 'crossed' } };
  const outer = kernel.outer && {
    ...outerLanes,
    width: 4 * across,
    count: across,
    loads: factorLoads(kernel.outer.right, outerLanes.columns, 'right_outer', context),
  };
  const swept: Swept = { kernel, context, sweep, rows, columns, products, outer, wide: new Set() };

  const workgroups = multiplySizes(toSize(kernel.batch), ceilDivideSizes(toSize(kernel.rows), height));
  const number = workgroupNumber(`${sizeText(kernel.batch)} * tiles_down`, typeof workgroups === 'number' ? workgroups : undefined);
  const totals = sweep.pass.accumulators;
  const place = `row + 4u * {i}u + (lane ^ {q}u) % 4u`;
  const body = [
    `const rows = ${sizeText(kernel.rows)};`,
    `const columns = ${sizeText(kernel.columns)};`,
    `const tiles_down = (rows + ${height - 1}u) / ${height}u;`,
    `const tiles_across = (columns + ${width - 1}u) / ${width}u;`,
    ...products.flatMap(({ loads }) => [...loads.left.functions, ...loads.right.functions]),
    ...(outer?.loads.functions ?? []),
    ...finishFunction(swept, exact.rows),
    '@compute @workgroup_size(4)',
    `fn main(${number.parameters}, @builtin(local_invocation_index) lane: u32) {`,
    ...indent([
      ...number.statements,
      `let row = group % tiles_down * ${height}u;`,
      `let b = group / tiles_down % ${sizeText(kernel.batch)};`,
      ...(outer === undefined ? [] : [crossedSteps]),
      placeText(outerLanes.rows, exact.rows, kernel.columns),
      repeat(`i=${rows} q=4`, `let m{i}_{q} = ${exact.rows ? place : `min(${place}, rows - 1u)`};`),
      ...sweep.before.flatMap((one) => wideStatement(swept, one)),
      ...[sweep.maximum.accumulator, ...totals].map((one) =>
        repeat(`i=${rows} q=4`, `var ${totalName(one)}_{i}_{q}: ${computedType(one.dtype)} = ${startOf(one)};`),
      ),
      ...kernel.products.map((_, p) => `var plane${p}: array<f32, ${4 * rows * columns}>;`),
      ...outerStart(swept),
      ...block('for (var tile = 0u; tile < tiles_across; tile++) ', [
        `let column = tile * ${width}u;`,
        `let turns = ${exact.columns ? `${columns}u` : `min(${columns}u, (columns - column + 3u) / 4u)`};`,
        ...products.flatMap((_, p) => productText(swept, p, exact.columns)),
        ...maximumText(swept, exact.columns),
        ...passText(swept, exact.columns),
      ]),
      ...afterText(swept, exact.rows),
      ...(outer === undefined || kernel.outer === undefined
        ? []
        : finishText(
            {
              ...outer,
              accumulators: 4 * rows * across,
              looped: {
                row: `e / ${4 * across}u * 4u + (lane ^ (e & 3u))`,
                column: quadLooped(`(e / 4u % ${across}u)`, 'lane', axis.vector === 'own'),
              },
            },
            'f32',
            kernel.outer.epilogue.length,
          )),
    ]),
    '}',
  ];
  return {
    name: `quadSwap sweep ${height}x${width}`,
    requires: { features: ['subgroups'], subgroupSize: 4 },
    wgsl: moduleText(context, body, {
      enables: ['subgroups'],
      unchecked: idleRegion(kernel) === undefined ? [] : ['subgroup_uniformity'],
      vectors: tensors,
    }),
    workgroups,
    figures: chainFigures(
      kernel,
      {
        lanes: 4,
        parts: 1,
        slots: rows,
        block: width,
        inner: {
          height,
          width,
          accumulators: 4 * rows * (columns + across),
          reuse: { left: 4 * columns, right: 4 * rows },
        },
        outer: { height, width: 4 * Math.max(1, across), accumulators: 4 * rows * across, reuse: { left: 4 * across, right: 4 * rows } },
      },
      { streams: streamsOf(kernel), passes: [sweep.maximum, sweep.pass], idle: idleRegion(kernel), isWhole: true },
    ),
  };
}

function outerFactor({ columns }: ChainKernel, { right, n }: NonNullable<ChainKernel['outer']>, across: number): FactorAxes {
  return { operand: right, own: 'n', ownSize: n, k: columns, allowed: across % 4 === 0 ? ['own'] : [] };
}
