/**
 * Contract kernels as WGSL: register tiles straight from memory, no workgroup memory, no barrier. A tile is a set of rows and
 * columns of the product; how its elements lie on lanes is the layout's.
 * Rows and columns past the end are clamped when loaded and not stored; sizes that tiles divide need neither.
 */
import type { Choices } from '../../program/choices.ts';
import { repeat } from '../../program/kernelText.ts';
import type { KernelVariant } from '../../program/program.ts';
import type { Size } from '../../types/dim.ts';
import { addSizes, ceilDivideSizes, multiplySizes } from '../../types/size.ts';
import type { ContractKernel } from '../3-fuse/kernel.ts';
import { literalOf, type Product, toSize } from '../3-fuse/product.ts';
import { choiceKey, isSymbolicKey } from './choiceKey.ts';
import { elementName, type LaneAxis, operandLoads, ownName, quadSwaps } from './contractLoads.ts';
import { gpuCost, isExact, isLooped, quadCost, rankGpuTiles, rankQuadTiles, sizedKernels, type TileCost } from './contractTiles.ts';
import type { Side } from './contractVectors.ts';
import { emitMatrix } from './emitMatrix.ts';
import { emitShared } from './emitShared.ts';
import { finishOf } from './finish.ts';
import { indent, type KernelContext, moduleText, tilePlaceText, type VariantChoice } from './kernelText.ts';
import { lineCost, rankLineTiles } from './lineTiles.ts';
import { quadsOfWorkgroup, unitNumber } from './quadsOfWorkgroup.ts';
import { aside, rowEpilogue } from './rowEpilogue.ts';
import { directLayout, lineLayout, quadDirectLayout, quadLayout, type TileLayout } from './tileLayout.ts';
import type { DirectTile, GpuTile, QuadTile } from './tiles.ts';
import { type ChosenTile, tunedTiles } from './tunedTiles.ts';
import { isMultiple } from './unroll.ts';
import { type MeasuredVariant, withFigures } from './variantFigures.ts';
import { computedType, literalText, sizeText } from './wgslText.ts';

/**
 * For subgroups of four lanes, of eight, and for all other devices: the cheapest tile, or all of them, the cheapest first. Where sizes are
 * symbolic there may be several, with what the runtime needs to choose.
 */
export function emitContract(
  kernel: ContractKernel,
  context: KernelContext,
  { variants, choices, lines = variants === 'all' }: TileOptions,
): readonly MeasuredVariant[] {
  const key = choiceKey(kernel, context.halfStorage);
  const quad = (tile: QuadTile | DirectTile): MeasuredVariant =>
    withFigures(kernel, tile, emitTiles(kernel, context, 'deep' in tile ? quadDirectLayout(tile, kernel) : quadLayout(tile, kernel)));
  const line = (tile: DirectTile): MeasuredVariant => withFigures(kernel, tile, emitTiles(kernel, context, lineLayout(tile, kernel)));
  const gpu = (tile: GpuTile): MeasuredVariant =>
    withFigures(kernel, tile, 'depth' in tile ? emitShared(kernel, context, tile) : emitTiles(kernel, context, directLayout(tile, kernel)));
  const emitted = <T extends QuadTile | GpuTile>(
    rank: (kernel: ContractKernel) => readonly T[],
    emit: (tile: T) => MeasuredVariant,
    costOf: (tile: T) => TileCost,
  ): readonly MeasuredVariant[] => {
    const all = variants === 'all' ? rank(kernel).map((tile) => ({ tile, cost: costOf(tile), keys: [key] })) : [];
    const tuned = tunedTiles(kernel, key, choices, rank, costOf);
    const tiles = [all, tuned].find((some) => some.length > 0) ?? rankedTiles(kernel, rank, costOf);
    const hasCosts = tiles.length > 1 && isSymbolicKey(key);
    return tiles.map(({ tile, cost: { step, fixed, parallel }, keys }) => {
      const work = addSizes(multiplySizes(Math.round(step), toSize(kernel.k)), Math.round(fixed));
      return {
        ...emit(tile),
        ...(hasCosts ? { cost: { work, parallel } } : {}),
        ...(keys.length === 0 ? {} : { choiceKeys: keys }),
      };
    });
  };
  // where choices were measured on such a device
  const namesLine = tunedTiles(kernel, key, choices, rankLineTiles, (tile) => lineCost(kernel, tile)).some(({ keys }) => keys.length > 0);
  return [
    ...emitMatrix(kernel, context),
    ...emitted(rankQuadTiles, quad, (tile) => quadCost(kernel, tile)),
    ...(lines || namesLine ? emitted(rankLineTiles, line, (tile) => lineCost(kernel, tile)) : []),
    ...emitted(rankGpuTiles, gpu, (tile) => gpuCost(kernel, tile)),
  ];
}

export interface TileOptions {
  readonly variants: VariantChoice;
  readonly choices?: Choices | undefined;
  readonly lines?: boolean | undefined;
}

/** What the cost model takes: a tile, or where sizes are symbolic the best of each size. */
function rankedTiles<T>(
  kernel: ContractKernel,
  rank: (kernel: ContractKernel) => readonly T[],
  costOf: (tile: T) => TileCost,
): readonly ChosenTile<T>[] {
  const tiles = new Set(sizedKernels(kernel).flatMap((one) => rank(one)[0] ?? []));
  return [...tiles].map((tile) => ({ tile, cost: costOf(tile), keys: [] }));
}

export function emitTiles(whole: ContractKernel, outer: KernelContext, layout: TileLayout): KernelVariant {
  const { height, width, lanes, rows, columns, vectors } = layout;
  const [tilesDown, tilesAcross] = [ceilDivideSizes(toSize(whole.m), height), ceilDivideSizes(toSize(whole.n), width)];
  const tiles: Size = multiplySizes(toSize(whole.batch), tilesDown, tilesAcross);
  const exact = { left: isExact(whole.m, height), right: isExact(whole.n, width) };
  const extra = rowEpilogue(whole, outer, height, lanes, exact.left);
  const { kernel, context } = extra;
  const finish = finishOf(kernel, exact, context, columns.fours !== undefined);
  const beside = aside(kernel, context, tiles, `${sizeText(kernel.batch)} * tiles_down * tiles_across`, lanes);
  // what a workgroup's memory or one more workgroup is for is one quad's
  const together = lanes === 4 && whole.rowEpilogue === undefined && whole.aside === undefined ? quadsOfWorkgroup(tiles) : 1;
  const number = unitNumber(beside.count, beside.workgroups, lanes, together);
  const left = operandLoads(rows, kernel, context);
  const right = operandLoads(columns, kernel, context);
  const rides = kernel.rides.map((ride) => rideText(ride, layout));
  const met = meeting(layout, [accumulatorsOf(layout), ...rides.map(({ sums }) => sums)], computedType(kernel.dtype));
  const zero = literalText(0, kernel.dtype);
  const [factor, spread] = leftFactor(layout, left.isConstant);
  const [each, sum] = accumulatorsOf(layout);
  const turn = (steps: number): readonly string[] => [
    ...left.step(steps),
    ...spread(steps),
    ...right.step(steps),
    repeat(`${each} u=${steps}`, `${sum} += ${factor} * ${elementName(columns)};`),
    ...rides.map((ride) => ride.add(steps)),
  ];

  const body = [
    `const rows = ${sizeText(kernel.m)};`,
    `const columns = ${sizeText(kernel.n)};`,
    `const tiles_down = (rows + ${height - 1}u) / ${height}u;`,
    `const tiles_across = (columns + ${width - 1}u) / ${width}u;`,
    ...left.functions,
    ...right.functions,
    ...extra.declare,
    ...beside.declare,
    ...met.declare,
    ...finish.functions,
    `@compute @workgroup_size(${number.size})`,
    `fn main(${number.parameters}) {`,
    ...indent([
      ...number.statements,
      ...beside.text,
      ...tilePlaceText(sizeText(kernel.batch), height, width),
      ...layout.prepare,
      placeText(rows, exact.left, kernel.k),
      placeText(columns, exact.right, kernel.k),
      ...left.before,
      ...right.before,
      repeat(each, `var ${sum} = ${zero};`),
      ...rides.map((ride) => ride.declare(zero)),
      ...loopText(kernel, layout.unroll, turn, layout.parts),
      ...met.text,
      ...met.once([
        ...finishText(layout, computedType(kernel.dtype), kernel.epilogue.length, finish.inFours),
        ...rides.flatMap((ride) => ride.finish),
      ]),
      ...extra.text,
    ]),
    '}',
  ];
  const wgsl = moduleText(context, body, { enables: layout.enables, vectors: new Set([...vectors.tensors, ...finish.vectors]) });
  return { name: layout.name, requires: layout.requires, wgsl, workgroups: number.workgroups };
}

export type Lanes = Pick<TileLayout, 'design' | 'rows' | 'columns'>;

/** What loops over all accumulators of a lane, and the name of each. */
export function accumulatorsOf({ design, rows, columns }: Lanes): readonly [loops: string, name: string] {
  const quad = design === 'quadSwap';
  return [`${rows.loops} ${columns.loops}${quad ? ' q=4' : ''}`, `s${rows.name}_${columns.name}${quad ? '_{q}' : ''}`];
}

/** The left factor of accumulator (i, j, q), and how the lanes of a quad get it from one another. */
export function leftFactor(
  { design, rows }: Lanes,
  isConstant: boolean,
): readonly [name: string, spread: (steps: number) => readonly string[]] {
  const loaded = elementName(rows);
  if (design === 'direct' || isConstant) return [loaded, () => []];
  return [
    `${loaded}_{q}`,
    (steps) =>
      quadSwaps.map((swap, q) => repeat(`${rows.loops} u=${steps}`, `let ${loaded}_${q} = ${q === 0 ? loaded : `${swap}(${loaded})`};`)),
  ];
}

/**
 * The rows or columns that this lane loads; of a vector the first one only. What is past the end is one that is not, and not stored: with
 * few steps of `k` the last one, else by a remainder, which takes longer, but spares each load a check.
 */
export function placeText({ side, vector, vectorLoops, vectorName, vectorPlace }: LaneAxis, isExact: boolean, k: Product): string {
  const [corner, size] = side === 'left' ? ['row', 'rows'] : ['column', 'columns'];
  const place = `${corner} + ${vectorPlace('lane')}`;
  const within = (literalOf(k) ?? fewSteps) < fewSteps ? `min(${place}, ${size} - ${vector === 'own' ? 4 : 1}u)` : `(${place}) % ${size}`;
  return repeat(vectorLoops, `let ${ownName[side]}${vectorName} = ${isExact ? place : within};`);
}

const fewSteps = 32;

/**
 * `turn` for all of `k`, or for this lane's part, `unroll` steps at a time; what is left over comes after the loop.
 *
 * Loops count turns: of a variable that grows by one up to a constant Dawn knows the bounds, so that it checks no index made of it.
 */
export function loopText(
  { k }: Pick<ContractKernel, 'k'>,
  unroll: number,
  turn: (steps: number) => readonly string[],
  parts?: TileLayout['parts'],
): readonly string[] {
  const count = literalOf(k);
  if (parts !== undefined) return partText(k, unroll, turn, parts);
  if (count === unroll) return ['{', ...indent(['let k = 0u;', ...turn(count)]), '}'];
  const size = sizeText(k);
  const loop = turnsText(`${size} / ${unroll}u`, `turn * ${unroll}u`, turn(unroll));
  if (isMultiple(k, unroll)) return loop;
  const rest =
    count === undefined
      ? [`for (var k = whole; k < ${size}; k++) {`, ...indent(turn(1)), '}']
      : ['{', ...indent(['let k = whole;', ...turn(count % unroll)]), '}'];
  return [`const whole = ${size} / ${unroll}u * ${unroll}u;`, ...loop, ...rest];
}

const turnsText = (count: string, k: string, text: readonly string[]): readonly string[] => [
  `for (var turn = 0u; turn < ${count}; turn++) {`,
  ...indent([`let k = ${k};`, ...text]),
  '}',
];

function partText(
  k: ContractKernel['k'],
  unroll: number,
  turn: (steps: number) => readonly string[],
  { count, lane }: NonNullable<TileLayout['parts']>,
): readonly string[] {
  const size = sizeText(k);
  if (isMultiple(k, unroll * count))
    return turnsText(`${size} / ${unroll * count}u`, `(turn * ${count}u + ${lane}) * ${unroll}u`, turn(unroll));
  const loop = (from: string, to: string, steps: number): readonly string[] => [
    `for (var k = ${from}; k < ${to}; k += ${steps * count}u) {`,
    ...indent(turn(steps)),
    '}',
  ];
  const first = `${unroll}u * ${lane}`;
  if (isMultiple(k, unroll)) return loop(first, size, unroll);
  return [`const whole = ${size} / ${unroll}u * ${unroll}u;`, ...loop(first, 'whole', unroll), ...loop(`whole + ${lane}`, size, 1)];
}

/** How lanes that share sums, each of these loops over names, get to the whole ones; the first of them finish. */
function meeting({ parts, lanes }: TileLayout, sums: readonly (readonly [loops: string, name: string])[], type: string) {
  if (parts === undefined) return { declare: [], text: [], once: (text: readonly string[]) => text };
  const once = (text: readonly string[]): readonly string[] => [`if (${parts.lane} == 0u) {`, ...indent(text), '}'];
  if (parts.meet === 'subgroup') {
    return { declare: [], text: sums.map(([each, sum]) => repeat(each, `${sum} = subgroupAdd(${sum});`)), once };
  }
  if (parts.meet === 'swaps') {
    const text = sums.flatMap(([each, sum]) => ['quadSwapX', 'quadSwapY'].map((swap) => repeat(each, `${sum} += ${swap}(${sum});`)));
    return { declare: [], text, once };
  }
  const count = sums.reduce((all, [loops]) => all + countOf(loops), 0);
  return {
    declare: [`var<workgroup> parts: array<${type}, ${count * lanes}>;`],
    text: [
      'var e = 0u;',
      ...sums.map(([each, sum]) => repeat(each, `parts[e * ${lanes}u + lane] = ${sum}; e++;`)),
      'workgroupBarrier();',
      `for (var half = ${lanes / 2}u; half >= ${lanes / parts.count}u; half >>= 1u) {`,
      `  if (lane < half) { for (e = 0u; e < ${count}u; e++) { parts[e * ${lanes}u + lane] += parts[e * ${lanes}u + lane + half]; } }`,
      '  workgroupBarrier();',
      '}',
      'e = 0u;',
      ...sums.map(([each, sum]) => repeat(each, `${sum} = parts[e * ${lanes}u + lane]; e++;`)),
    ],
    once,
  };
}

/** How many names loops run over: `i=2 j=4`. */
const countOf = (loops: string): number => loops.split(' ').reduce((count, loop) => count * Number(loop.split('=')[1]), 1);

export function finishText(
  layout: Lanes & Pick<TileLayout, 'looped' | 'accumulators'>,
  type: string,
  instructions: number,
  inFours = false,
): readonly string[] {
  const { rows, columns, looped, accumulators } = layout;
  const [each, sum] = accumulatorsOf(layout);
  const isQuad = layout.design === 'quadSwap';
  const lane = isQuad ? '(lane ^ {q}u)' : 'lane';
  if (inFours && columns.fours !== undefined) {
    const { loops, name, place } = columns.fours;
    if (looped?.fours === undefined || !isLooped(accumulators, instructions)) {
      const four = [0, 1, 2, 3].map((u) => `s${rows.name}_${name(u)}${isQuad ? '_{q}' : ''}`).join(', ');
      const line = `finish(b, row + ${rows.place(lane)}, column + ${place('lane')}, ${four});`;
      return [repeat(`${rows.loops} ${loops}${isQuad ? ' q=4' : ''}`, line)];
    }
    return [
      ...gathered(layout, type),
      `for (e = 0u; e < ${accumulators / 4}u; e++) {`,
      '  let first = e / 4u * 16u + (e & 3u);',
      `  finish(b, row + ${looped.fours.row}, column + ${looped.fours.column}, sums[first], sums[first + 4u], sums[first + 8u], sums[first + 12u]);`,
      '}',
    ];
  }
  if (looped === undefined || !isLooped(accumulators, instructions))
    return [repeat(each, `finish(b, row + ${rows.place(lane)}, column + ${columns.place('lane')}, ${sum});`)];
  return [
    ...gathered(layout, type),
    `for (e = 0u; e < ${accumulators}u; e++) { finish(b, row + ${looped.row}, column + ${looped.column}, sums[e]); }`,
  ];
}

/** The accumulators as an array that a loop goes over. */
function gathered(layout: Lanes & Pick<TileLayout, 'accumulators'>, type: string): readonly string[] {
  const [each, sum] = accumulatorsOf(layout);
  return ['var e = 0u;', `var sums: array<${type}, ${layout.accumulators}>;`, repeat(each, `sums[e] = ${sum}; e++;`)];
}

/** A rider is summed by every tile, and stored by those of the first column (left) or row (right). */
function rideText({ side }: { readonly side: Side }, layout: TileLayout) {
  const axis = side === 'left' ? layout.rows : layout.columns;
  const [corner, other] = side === 'left' ? ['row', 'column'] : ['column', 'row'];
  const name = `${side}Sum${axis.name}`;
  // within a workgroup, lanes that differ in the other direction only hold the same sums
  const first = layout.design === 'quadSwap' ? '' : side === 'left' ? ' && x == 0u' : ' && y == 0u';
  return {
    declare: (zero: string) => repeat(axis.loops, `var ${name} = ${zero};`),
    sums: [axis.loops, name] as const,
    add: (steps: number) => repeat(`${axis.loops} u=${steps}`, `${name} += ${elementName(axis)};`),
    finish: [
      `if (${other} == 0u${first}) {`,
      ...indent([repeat(axis.loops, `finish_${side}(b, ${corner} + ${axis.place('lane')}, ${name});`)]),
      '}',
    ],
  };
}
