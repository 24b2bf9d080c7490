/**
 * How a chain kernel lies on lanes: a workgroup has some rows of the plane and a block of its columns at a time.
 *  - quad: the four lanes of a quad compute tiles by swapping, as in contract kernels, and then swap once more, so that each lane
 *    has whole rows to itself, in its own memory: no workgroup memory, no barrier.
 *  - shared: the block is in workgroup memory; four lanes share a row. Requires nothing.
 *
 * Invariant: blocks of all products together, and sums of the outer product, stay below the 8 KiB that WGSL grants private and
 * function variables, and the 16 KiB that it grants workgroup memory.
 */
import { repeat } from '../../program/kernelText.ts';
import type { KernelVariant } from '../../program/program.ts';
import type { ChainKernel } from '../3-fuse/kernel.ts';
import { literalOf, type Product, times } from '../3-fuse/product.ts';
import { accumulatorsOf, type Lanes } from './emitContract.ts';
import { plainAxis, quadAxis } from './tileLayout.ts';

/** Tiles of a product, and where sum number `e` of one lies, for a loop over them. */
export interface Tile extends Lanes {
  readonly height: number;
  readonly width: number;
  readonly accumulators: number;
  /** Multiply-adds of a lane's tile for each element of a factor that it loads. */
  readonly reuse: { readonly left: number; readonly right: number };
  readonly looped: { readonly row: string; readonly column: string };
}

export interface ChainLayout {
  readonly name: string;
  readonly requires: KernelVariant['requires'];
  readonly enables: readonly string[];
  /** A workgroup that is one subgroup branches as one on what its lanes have agreed on, which no compiler can know. */
  readonly unchecked: readonly string[];
  readonly lanes: number;
  /** Columns of the plane at a time; a multiple of the inner tile's width. */
  readonly block: number;
  readonly inner: Tile;
  readonly outer: Tile;
  /** Steps of a product's loop in one turn. Four are 3 % faster than two on SwiftShader, and take half again as long to compile. */
  readonly unroll: number;
  /** In the module, before the loops. */
  readonly declarations: readonly string[];
  readonly prepare: readonly string[];
  /** Each lane has this many rows (`i`), each with `parts` lanes of which it is number `part`. */
  readonly slots: number;
  readonly parts: number;
  readonly part: string;
  /** The offset of row `i` of this lane. */
  readonly ownRow: string;
  /** The element `r` of the block of product `number`, in row `i` of this lane; that of row `{i}` of the outer tile, `r` being known. */
  readonly element: (number: number) => string;
  readonly outerLeft: (number: number, r: string) => string;
  /** The sums of an inner tile into the block, at column `tile`. */
  readonly keep: (number: number) => readonly string[];
  readonly barrier: readonly string[];
  /** How lanes that share rows of the outer tile learn whether any of them has found something (`live`, a u32, not 0). */
  readonly live: { readonly declare: readonly string[]; readonly publish: readonly string[]; readonly meet: readonly string[] };
}

const roundUp = (value: number, to: number): number => Math.ceil(value / to) * to;
export const powerBelow = (value: number): number => 2 ** Math.floor(Math.log2(Math.max(1, value)));

/** What a symbolic size is taken to be. */
const typical = 256;
export const estimate = ({ literal, symbols }: Product): number => literal * typical ** symbols.length;

/** How often the block is gone over; if it holds all columns, products are computed once for all of them. */
const streams = ({ steps, outer }: ChainKernel): number =>
  steps.filter(({ kind }) => kind === 'stream').length + (outer === undefined ? 0 : 1);

function quadTile(rows: number, columns: number): Tile {
  return {
    design: 'quadSwap',
    height: 4 * rows,
    width: 4 * columns,
    rows: quadAxis('left', rows, undefined),
    columns: quadAxis('right', columns, undefined),
    accumulators: 4 * rows * columns,
    reuse: { left: 4 * columns, right: 4 * rows },
    looped: { row: `e / ${4 * columns}u * 4u + (lane ^ (e & 3u))`, column: `e / 4u % ${columns}u * 4u + lane` },
  };
}

/**
 * Elements of private memory that a lane has for blocks, and sums: devices set them to zero one by one, and 2048 take a third of
 * a second to compile on SwiftShader. That repays only where there is much to do, and sizes will not change.
 */
const generous = { elements: 2048, sums: 128 } as const;
const modest = { elements: 512, sums: 64 } as const;
/** In multiply-adds. */
const large = 2 ** 24;
/** As many workgroups keep a device of a few cores busy. */
const fewWorkgroups = 16;

export function quadLayout(kernel: ChainKernel): ChainLayout {
  const count = kernel.products.length;
  const length = literalOf(kernel.columns);
  const { elements, sums } = isLarge(kernel) ? generous : modest;
  const tall = rowsOfLanes(kernel);
  const columnsOf = (rows: number): number => Math.min(8, sums / (4 * rows), powerBelow(Math.ceil(estimate(kernel.columns) / 4)));
  const whole = tall.find((rows) => length !== undefined && rows * roundUp(length, 4 * columnsOf(rows)) * count <= elements);
  const [tallest = 1] = tall;
  const rows = streams(kernel) > 1 && whole !== undefined && (whole > 1 || tallest === 1) ? whole : tallest;
  const columns = columnsOf(rows);
  const fitting = Math.floor(elements / (rows * count * 4 * columns)) * 4 * columns;
  const block = length === undefined ? fitting : Math.min(fitting, roundUp(length, 4 * columns));
  const wide = kernel.outer === undefined ? 1 : Math.min(8, sums / (4 * rows), powerBelow(Math.ceil(estimate(kernel.outer.n) / 4)));
  const inner = quadTile(rows, columns);
  return {
    name: `quadSwap chain ${inner.height}x${block}`,
    requires: { features: ['subgroups'], subgroupSize: 4 },
    enables: ['subgroups'],
    unchecked: ['subgroup_uniformity'],
    lanes: 4,
    block,
    inner,
    outer: quadTile(rows, wide),
    unroll: 2,
    declarations: kernel.products.map((_, number) => `var<private> block${number}: array<f32, ${rows * block}>;`),
    prepare: [],
    slots: rows,
    parts: 1,
    part: '0u',
    ownRow: 'i * 4u + lane',
    element: (number) => `block${number}[i * ${block}u + r]`,
    outerLeft: (number, r) => `block${number}[{i}u * ${block}u + ${r}]`,
    keep: (number) => keepText(inner, number, block),
    barrier: [],
    live: { declare: [], publish: [], meet: ['live = live | quadSwapX(live);', 'live = live | quadSwapY(live);'] },
  };
}

/** How many rows a lane may have, the most first. */
export function rowsOfLanes({ batch, rows }: ChainKernel): readonly number[] {
  return [4, 2, 1].filter(
    (count) => count === 1 || (estimate(rows) > 2 * count && estimate(batch) * Math.ceil(estimate(rows) / (4 * count)) >= fewWorkgroups),
  );
}

function isLarge({ batch, rows, columns, products }: ChainKernel): boolean {
  const plane = literalOf([batch, rows, columns].reduce(times));
  return plane !== undefined && products.reduce((work, { depth }) => work + plane * estimate(depth), 0) >= large;
}

const swaps = ['', 'quadSwapX', 'quadSwapY', 'quadSwapDiagonal'] as const;

/** Sum (i, j, q) is row i of lane l ^ q: that lane gets it. In a loop, which compiles faster than a line for each. */
function keepText(tile: Tile, number: number, block: number): readonly string[] {
  const [each, sum] = accumulatorsOf(tile);
  const columns = tile.width / 4;
  return [
    'var e = 0u;',
    `var sums: array<f32, ${tile.accumulators}>;`,
    repeat(each, `sums[e] = ${sum}; e++;`),
    `for (e = 0u; e < ${tile.accumulators / 4}u; e++) {`,
    `  let place = e / ${columns}u * ${block}u + tile + e % ${columns}u * 4u;`,
    ...swaps.map((swap, q) => `  block${number}[place + (lane ^ ${q}u)] = ${swap}(sums[4u * e + ${q}u]);`),
    '}',
  ];
}

const high = 8;
const wide = 8;
const parts = 4;

function sharedTile(rows: number, columns: number): Tile {
  return {
    design: 'direct',
    height: rows * high,
    width: columns * wide,
    rows: plainAxis('left', rows, undefined, () => `{i}u * ${high}u + y`),
    columns: plainAxis('right', columns, undefined, () => `{j}u * ${wide}u + x`),
    accumulators: rows * columns,
    reuse: { left: columns, right: rows },
    looped: { row: `e / ${columns}u * ${high}u + y`, column: `e % ${columns}u * ${wide}u + x` },
  };
}

/** Bytes of workgroup memory. */
const workgroupBytes = 16_384;
/** All columns up to this many are one block, of more there are this many in one: little memory lets a device run more workgroups. */
const wholeBlock = 128;
const someBlock = 32;

export function sharedLayout(kernel: ChainKernel): ChainLayout {
  const lanes = high * wide;
  const inner = sharedTile(2, 4);
  const accumulators = kernel.steps.flatMap((step) => (step.kind === 'stream' ? step.accumulators : []));
  const columnBytes = inner.height * kernel.products.length * 4;
  const fitting = Math.floor((workgroupBytes - accumulators.length * lanes * 4) / columnBytes / inner.width) * inner.width;
  const length = literalOf(kernel.columns);
  const block =
    length !== undefined && length <= Math.min(fitting, wholeBlock) ? roundUp(length, inner.width) : Math.min(fitting, someBlock);
  return {
    name: `shared chain ${inner.height}x${block}`,
    requires: {},
    enables: [],
    unchecked: [],
    lanes,
    block,
    inner,
    outer: sharedTile(2, 4),
    unroll: 1,
    declarations: kernel.products.map((_, number) => `var<workgroup> block${number}: array<f32, ${inner.height * block}>;`),
    prepare: [`let x = lane % ${wide}u;`, `let y = lane / ${wide}u;`],
    slots: 1,
    parts,
    part: `lane % ${parts}u`,
    ownRow: `lane / ${parts}u`,
    element: (number) => `block${number}[lane / ${parts}u * ${block}u + r]`,
    outerLeft: (number, r) => `block${number}[({i}u * ${high}u + y) * ${block}u + ${r}]`,
    keep: (number) => {
      const [each, sum] = accumulatorsOf(inner);
      const place = `(${inner.rows.place('lane')}) * ${block}u + tile + ${inner.columns.place('lane')}`;
      return [repeat(each, `block${number}[${place}] = ${sum};`)];
    },
    barrier: ['workgroupBarrier();'],
    live: {
      declare: [`var<workgroup> lives: array<u32, ${lanes}>;`],
      publish: ['lives[lane] = live;'],
      meet: [repeat(`i=2 p=${parts}`, `live = live | lives[({i}u * ${high}u + y) * ${parts}u + {p}u];`)],
    },
  };
}
