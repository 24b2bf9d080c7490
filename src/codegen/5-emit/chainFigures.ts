/**
 * What a chain kernel costs, by how it lies on lanes: tiles of its products, once for all streams or again for each, what is done to
 * their elements, and the outer sum. Tiles that a mask lets it leave out are not counted where sizes are known.
 */
import type { VariantFigures } from '../../program/program.ts';
import type { Size } from '../../types/dim.ts';
import { addSizes, ceilDivideSizes, divideSizes, multiplySizes } from '../../types/size.ts';
import type { ChainKernel, ChainStep, ContractOperand } from '../3-fuse/kernel.ts';
import { literalOf, toSize } from '../3-fuse/product.ts';
import { typically } from '../4-plan/traffic.ts';
import type { ChainLayout, Tile } from './chainLayout.ts';
import { type Region, unreadRegion } from './chainMasks.ts';
import { bytesOf, each, flopsOf, loadsOf, sumSizes } from './kernelWork.ts';

type Stream = Extract<ChainStep, { kind: 'stream' }>;

type TileOfChain = Pick<Tile, 'height' | 'width' | 'accumulators' | 'reuse'>;
export type LanesOfChain = Pick<ChainLayout, 'lanes' | 'parts' | 'slots' | 'block'> & {
  readonly inner: TileOfChain;
  readonly outer: TileOfChain;
};

/**
 * `streams`: all of them, the outer sum's the last; `passes`: what is done to elements, where that is not each stream for itself.
 * `idle`: where the outer sum goes over nothing. `isWhole`: each tile of a product is computed once.
 */
export function chainFigures(
  kernel: ChainKernel,
  layout: LanesOfChain,
  {
    streams,
    passes = streams,
    idle,
    isWhole,
  }: {
    readonly streams: readonly Stream[];
    readonly passes?: readonly Stream[];
    readonly idle: Region | undefined;
    readonly isWhole: boolean;
  },
): VariantFigures {
  const { batch, rows, columns, products, steps, outer } = kernel;
  const { inner, parts, lanes } = layout;
  const tilesDown = ceilDivideSizes(toSize(rows), inner.height);
  /** Of all workgroups: `each` for each row of a tile. */
  const ofRows = (each: Size): Size => multiplySizes(toSize(batch), inner.height, each);
  const plane = ofRows(multiplySizes(tilesDown, toSize(columns)));
  const blocks = isWhole ? 1 : ceilDivideSizes(toSize(columns), layout.block);

  const tiles = (region: Region | undefined): Size =>
    tilesBeside(kernel, inner.height, inner.width, region) ?? multiplySizes(tilesDown, ceilDivideSizes(toSize(columns), inner.width));
  const computed = products.map(({ left, right, depth }, number) => {
    const readers = streams.filter((stream) => stream.products.some((one) => one.number === number));
    const turns = isWhole ? [readers] : readers.map((reader) => [reader]);
    const elements = sumSizes(turns.map((some) => ofRows(multiplySizes(inner.width, tiles(unreadRegion(kernel, some, number))))));
    return factors(left, right, inner, multiplySizes(elements, toSize(depth)));
  });
  const summed =
    outer === undefined
      ? []
      : [
          factors(
            undefined,
            outer.right,
            layout.outer,
            multiplySizes(
              ofRows(tilesBeside(kernel, inner.height, 1, idle) ?? multiplySizes(tilesDown, toSize(columns))),
              ceilDivideSizes(toSize(outer.n), layout.outer.width),
              layout.outer.width,
            ),
          ),
        ];
  const sums = [...computed, ...summed];
  const multiplyAdds = sumSizes(sums.map((one) => one.multiplyAdds));

  const accumulators = passes.flatMap((stream) => stream.accumulators);
  const loadedOfPlane = passes.reduce((loads, { body }) => loads + loadsOf(body), 0);
  const readOfPlane = passes.reduce((reads, stream) => reads + stream.products.length, 0);
  const flopsOfPlane = passes.reduce((flops, { body }) => flops + flopsOf(body), accumulators.length);
  const results = outer === undefined ? 0 : multiplySizes(...[batch, rows, outer.n].map(toSize));
  const epilogue = outer?.epilogue ?? [];
  const isShared = parts > 1;
  const loads = sumSizes([...sums.map((one) => one.loads), each(loadedOfPlane, plane)]);
  // what is once a row is computed again in each later step, and by each lane of the row
  const again = steps.flatMap((step, i) => (step.kind === 'row' ? [{ body: step.body, times: steps.length - i }] : []));
  const rowsComputed = ofRows(multiplySizes(parts, tilesDown));
  // each lane of a row reads what all of them have found, and whether lanes of the outer tile's rows are live
  const lives = idle === undefined ? 0 : layout.outer.reuse.right * parts;
  const met = sumSizes([each(accumulators.length * parts, rowsComputed), each(lives * lanes, toSize(batch), tilesDown, blocks)]);
  return {
    per: 'multiply-add',
    accumulators:
      Math.max(
        inner.accumulators,
        isWhole || outer === undefined ? 0 : Math.ceil((literalOf(outer.n) ?? 1) / layout.outer.width) * layout.outer.accumulators,
      ) + (isShared ? 0 : layout.slots * layout.block * products.length),
    workgroupBytes: isShared
      ? 4 * (inner.height * layout.block * products.length + accumulators.length * lanes + (idle === undefined ? 0 : lanes))
      : 0,
    loads: typically(loads) / typically(multiplyAdds),
    workgroupLoads: isShared
      ? typically(sumSizes([each(readOfPlane, plane), ...summed.map((one) => one.kept), met])) / typically(multiplyAdds)
      : 0,
    barriers: isShared ? barriersOf(kernel, streams, isWhole, blocks) : 0,
    flops: {
      useful: sumSizes([
        ...products.map(({ depth }) => multiplySizes(2, ...[batch, rows, columns, depth].map(toSize))),
        multiplySizes(2, results, toSize(columns)),
      ]),
      issued: multiplySizes(2, multiplyAdds),
      others: sumSizes([
        ...sums.map((one) => one.flops),
        each(flopsOfPlane, plane),
        ...again.map(({ body, times }) => each(times * flopsOf(body), blocks, rowsComputed)),
        each(flopsOf(epilogue), results),
      ]),
    },
    bytes: {
      moved: sumSizes([
        ...sums.map((one) => one.bytes),
        each(
          passes.reduce((bytes, { body }) => bytes + bytesOf(body, 'load', 'store'), 0),
          plane,
        ),
        ...again.map(({ body, times }) => each(times * bytesOf(body, 'load'), blocks, rowsComputed)),
        ...again.map(({ body }) => each(bytesOf(body, 'store'), ...[batch, rows].map(toSize))),
        each(bytesOf(epilogue, 'load', 'store'), results),
      ]),
    },
  };
}

/** A product's loads. Without a left factor that one is what the workgroup has: `kept`. */
function factors(left: ContractOperand | undefined, right: ContractOperand, { reuse }: TileOfChain, multiplyAdds: Size) {
  const [ofLeft, ofRight] = [divideSizes(multiplyAdds, reuse.left), divideSizes(multiplyAdds, reuse.right)];
  const body = left?.body ?? [];
  return {
    multiplyAdds,
    kept: left === undefined ? ofLeft : 0,
    loads: sumSizes([each(loadsOf(body), ofLeft), each(loadsOf(right.body), ofRight)]),
    flops: sumSizes([each(flopsOf(body), ofLeft), each(flopsOf(right.body), ofRight)]),
    bytes: sumSizes([each(bytesOf(body, 'load'), ofLeft), each(bytesOf(right.body, 'load'), ofRight)]),
  };
}

/** How many tiles so wide are not in the region, over all tiles' rows; undefined where sizes are not known. */
function tilesBeside({ rows, columns }: ChainKernel, height: number, width: number, region: Region | undefined): number | undefined {
  const [down, across] = [literalOf(rows), literalOf(columns)];
  if (down === undefined || across === undefined) return undefined;
  const whole = Math.ceil(across / width);
  let tiles = 0;
  for (let row = 0; row < down; row += height) {
    const edge = (height: number): number => Math.min(across, Math.max(0, row + height + (region?.offset ?? 0)));
    if (region === undefined) tiles += whole;
    else tiles += region.kind === 'after' ? Math.ceil(edge(height) / width) : whole - Math.floor(edge(0) / width);
  }
  return tiles;
}

/** From a row's start to its end. */
function barriersOf({ steps, outer }: ChainKernel, streams: readonly Stream[], isWhole: boolean, blocks: Size): Size {
  const done = new Set<number>();
  const multiplied = streams.map(({ products }) => {
    const due = products.filter(({ number }) => !isWhole || !done.has(number));
    for (const { number } of due) done.add(number);
    return due.length > 0 ? 1 : 0;
  });
  const own = steps.filter((step) => step.kind === 'stream');
  const met = own.filter(({ accumulators }) => accumulators.length > 0).length;
  const weighed = outer === undefined || outer.step.products[0]?.result === outer.weight ? 0 : 1;
  const read = isWhole ? 0 : own.length + (outer === undefined ? 0 : 1);
  return addSizes(met, multiplySizes(blocks, multiplied.reduce<number>((sum, one) => sum + one, 0) + weighed + read));
}
