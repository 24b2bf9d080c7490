/**
 * Contract kernels as WGSL: register tiles straight from memory, no workgroup memory, no barrier. A tile is a set of rows and
 * columns of the product; how its elements lie on lanes is the variant's.
 *  - quadSwap: the four lanes of a quad load 4 rows and 4 columns each, and swap what they loaded to see all rows:
 *    accumulator (i, j, q) of lane l is element (4 i + (l ^ q), 4 j + l).
 *  - direct: each invocation loads its own rows and columns. Requires nothing.
 * Rows and columns past the end are clamped when loaded and not stored; sizes that tiles divide need neither.
 */
import type { KernelVariant } from '../../program/program.ts';
import type { Size } from '../../types/dim.ts';
import { ceilDivideSizes, multiplySizes } from '../../types/size.ts';
import type { ContractKernel, Instruction, Ride } from '../3-fuse/kernel.ts';
import { toSize } from '../3-fuse/product.ts';
import { operandLoads } from './contractLoads.ts';
import { chooseDirectTile, chooseQuadTile, type DirectTile, isExact, type QuadTile } from './contractTiles.ts';
import { indent, type KernelContext, moduleText, statement, workgroupNumber } from './kernelText.ts';
import { computedType, literalText, resultName, sizeText } from './wgslText.ts';

export function emitContract(kernel: ContractKernel, context: KernelContext): readonly KernelVariant[] {
  return [
    emitTiles(kernel, context, quadLayout(chooseQuadTile(kernel))),
    emitTiles(kernel, context, directLayout(chooseDirectTile(kernel))),
  ];
}

interface Accumulator {
  readonly name: string;
  readonly row: string;
  readonly column: string;
  readonly left: string;
  readonly right: string;
}

/** How the elements of a tile lie on the lanes of a workgroup. */
export interface TileLayout {
  readonly name: string;
  readonly requires: KernelVariant['requires'];
  readonly enables: readonly string[];
  readonly lanes: number;
  readonly height: number;
  readonly width: number;
  /** Before the loop. */
  readonly prepare: readonly string[];
  /** The offsets from the tile's corner of the rows and columns that this lane loads. */
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** After the load of `left<i>`. */
  readonly spread: (i: number, isConstant: boolean) => readonly string[];
  readonly accumulators: readonly Accumulator[];
  /** Where accumulator number `e` lies, for an epilogue that is a loop over them; undefined: it is unrolled. */
  readonly looped: { readonly row: string; readonly column: string } | undefined;
}

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);
const plus = (text: string, offset: number): string => (offset === 0 ? text : `${offset}u + ${text}`);

export function quadLayout({ rows, columns }: QuadTile): TileLayout {
  const swaps = ['', 'quadSwapX', 'quadSwapY', 'quadSwapDiagonal'];
  const lane = (q: number): string => (q === 0 ? 'lane' : `lane${q}`);
  return {
    name: `quadSwap ${4 * rows}x${4 * columns}`,
    requires: { features: ['subgroups'], subgroupSize: 4 },
    enables: ['subgroups'],
    lanes: 4,
    height: 4 * rows,
    width: 4 * columns,
    prepare: [1, 2, 3].map((q) => `let lane${q} = lane ^ ${q}u;`),
    rows: range(rows).map((i) => plus('lane', 4 * i)),
    columns: range(columns).map((j) => plus('lane', 4 * j)),
    spread: (i, isConstant) => [1, 2, 3].map((q) => `let left${i}_${q} = ${isConstant ? `left${i}` : `${swaps[q]}(left${i})`};`),
    accumulators: range(rows).flatMap((i) =>
      range(columns).flatMap((j) =>
        range(4).map((q) => ({
          name: `sum${i}_${j}_${q}`,
          row: plus(lane(q), 4 * i),
          column: plus('lane', 4 * j),
          left: q === 0 ? `left${i}` : `left${i}_${q}`,
          right: `right${j}`,
        })),
      ),
    ),
    looped: { row: `e / ${4 * columns}u * 4u + (lane ^ (e & 3u))`, column: `e / 4u % ${columns}u * 4u + lane` },
  };
}

export function directLayout({ rows, columns, high, wide }: DirectTile): TileLayout {
  const row = (i: number): string => plus('y', i * high);
  const column = (j: number): string => plus('x', j * wide);
  return {
    name: `direct ${rows}x${columns}`,
    requires: {},
    enables: [],
    lanes: high * wide,
    height: rows * high,
    width: columns * wide,
    prepare: [`let x = lane % ${wide}u;`, `let y = lane / ${wide}u;`],
    rows: range(rows).map(row),
    columns: range(columns).map(column),
    spread: () => [],
    accumulators: range(rows).flatMap((i) =>
      range(columns).map((j) => ({ name: `sum${i}_${j}`, row: row(i), column: column(j), left: `left${i}`, right: `right${j}` })),
    ),
    looped: undefined,
  };
}

export function emitTiles(kernel: ContractKernel, context: KernelContext, layout: TileLayout): KernelVariant {
  const { height, width } = layout;
  const [tilesDown, tilesAcross] = [ceilDivideSizes(toSize(kernel.m), height), ceilDivideSizes(toSize(kernel.n), width)];
  const workgroups: Size = multiplySizes(toSize(kernel.batch), tilesDown, tilesAcross);
  const number = workgroupNumber(
    `${sizeText(kernel.batch)} * tiles_down * tiles_across`,
    typeof workgroups === 'number' ? workgroups : undefined,
  );
  const [exactRows, exactColumns] = [isExact(kernel.m, height), isExact(kernel.n, width)];
  const left = operandLoads(kernel.left, 'left', layout.rows.length, kernel, context);
  const right = operandLoads(kernel.right, 'right', layout.columns.length, kernel, context);
  const type = computedType(kernel.dtype);
  const clamped = (text: string, size: string, exact: boolean): string => (exact ? text : `min(${text}, ${size} - 1u)`);
  const guard = [...(exactRows ? [] : ['m < rows']), ...(exactColumns ? [] : ['n < columns'])];
  const rides = kernel.rides.map((ride) => rideText(ride, layout));

  const body = [
    `const rows = ${sizeText(kernel.m)};`,
    `const columns = ${sizeText(kernel.n)};`,
    `const tiles_down = (rows + ${height - 1}u) / ${height}u;`,
    `const tiles_across = (columns + ${width - 1}u) / ${width}u;`,
    ...left.functions,
    ...right.functions,
    ...functionText('finish', ['b', 'm', 'n'], kernel.accumulator, type, kernel.epilogue, guard, context),
    ...kernel.rides.flatMap((ride) => {
      const own = ride.side === 'left' ? 'm' : 'n';
      return functionText(
        `finish_${ride.side}`,
        ['b', own],
        ride.result,
        type,
        ride.body,
        guard.filter((text) => text.startsWith(own)),
        context,
      );
    }),
    `@compute @workgroup_size(${layout.lanes})`,
    `fn main(${number.parameters}, @builtin(local_invocation_index) lane: u32) {`,
    ...indent([
      ...number.statements,
      `let row = (group / tiles_across) % tiles_down * ${height}u;`,
      `let column = group % tiles_across * ${width}u;`,
      'let b = group / (tiles_across * tiles_down);',
      ...layout.prepare,
      ...layout.rows.map((offset, i) => `let m${i} = ${clamped(`row + ${offset}`, 'rows', exactRows)};`),
      ...layout.columns.map((offset, j) => `let n${j} = ${clamped(`column + ${offset}`, 'columns', exactColumns)};`),
      ...left.before,
      ...right.before,
      ...layout.accumulators.map(({ name }) => `var ${name} = ${literalText(0, kernel.dtype)};`),
      ...rides.flatMap((ride) => ride.names.map((name) => `var ${name} = ${literalText(0, kernel.dtype)};`)),
      `for (var k = 0u; k < ${sizeText(kernel.k)}; k++) {`,
      ...indent([
        ...left.step,
        ...right.step,
        ...layout.rows.flatMap((_, i) => [`let left${i} = ${left.load(i)};`, ...layout.spread(i, left.isConstant)]),
        ...layout.columns.map((_, j) => `let right${j} = ${right.load(j)};`),
        ...layout.accumulators.map((one) => `${one.name} += ${one.left} * ${one.right};`),
        ...rides.flatMap((ride) => ride.add),
      ]),
      '}',
      ...finishText(layout, type, kernel.epilogue.length),
      ...rides.flatMap((ride) => ride.finish),
    ]),
    '}',
  ];
  return { name: layout.name, requires: layout.requires, wgsl: moduleText(context, body, layout.enables), workgroups };
}

/**
 * With more instructions than this, all accumulators' epilogues together, the epilogue is a loop: measured, it compiles in a
 * fifth of the time and runs up to a tenth slower.
 */
const unrolledInstructions = 192;

function finishText({ accumulators, looped }: TileLayout, type: string, instructions: number): readonly string[] {
  if (looped === undefined || accumulators.length * instructions <= unrolledInstructions)
    return accumulators.map((one) => `finish(b, row + ${one.row}, column + ${one.column}, ${one.name});`);
  const count = accumulators.length;
  return [
    `var sums = array<${type}, ${count}>(${accumulators.map(({ name }) => name).join(', ')});`,
    `for (var e = 0u; e < ${count}u; e++) { finish(b, row + ${looped.row}, column + ${looped.column}, sums[e]); }`,
  ];
}

function functionText(
  name: string,
  indices: readonly string[],
  result: number,
  type: string,
  instructions: readonly Instruction[],
  guard: readonly string[],
  context: KernelContext,
): readonly string[] {
  const statements = instructions.map((one) => statement(one, context, (variable) => variable));
  return [
    `fn ${name}(${indices.map((index) => `${index}: u32`).join(', ')}, ${resultName(result)}: ${type}) {`,
    ...indent(guard.length === 0 ? statements : [`if (${guard.join(' && ')}) {`, ...indent(statements), '}']),
    '}',
  ];
}

/** A rider is summed by every tile, and stored by those of the first column (left) or row (right). */
function rideText(
  { side }: Ride,
  layout: TileLayout,
): { readonly names: readonly string[]; readonly add: readonly string[]; readonly finish: readonly string[] } {
  const offsets = side === 'left' ? layout.rows : layout.columns;
  const [corner, other] = side === 'left' ? ['row', 'column'] : ['column', 'row'];
  const names = offsets.map((_, i) => `${side}Sum${i}`);
  // within a workgroup, lanes that differ in the other direction only hold the same sums
  const first = layout.lanes === 4 ? '' : side === 'left' ? ' && x == 0u' : ' && y == 0u';
  return {
    names,
    add: names.map((name, i) => `${name} += ${side}${i};`),
    finish: [
      `if (${other} == 0u${first}) {`,
      ...indent(offsets.map((offset, i) => `finish_${side}(b, ${corner} + ${offset}, ${names[i]});`)),
      '}',
    ],
  };
}
