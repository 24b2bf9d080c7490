/**
 * Contract kernels for GPUs: a workgroup stages a block of each factor in its memory, transposed to rows of `k` where it lies along
 * `k`, and each invocation multiplies a tile of its own in registers. Blocks are staged four by four elements at a time, by vector
 * loads where the factor allows them, so that products of transposed factors differ in their loads only.
 *
 * Invariant: guards stand where a size is not a multiple of the tile's, and, for `k`, in the last block only; past the end of `k`
 * zeros are staged, past the end of rows and columns whatever is in range, which is not stored.
 * Source: tiles and register blocking as in CUTLASS (Kerr et al., 2017), and as web engines ship them.
 */
import { repeat } from '../../program/kernelText.ts';
import type { KernelVariant } from '../../program/program.ts';
import { ceilDivideSizes, multiplySizes } from '../../types/size.ts';
import type { ContractKernel } from '../3-fuse/kernel.ts';
import { literalOf, toSize } from '../3-fuse/product.ts';
import { loadFunction, ownName, quarterName, quarterOf } from './contractLoads.ts';
import { isExact, workgroupBytes } from './contractTiles.ts';
import { type Along, type Side, type Vectors, vectorsOf } from './contractVectors.ts';
import { finishOf } from './finish.ts';
import { indent, type KernelContext, moduleText, tilePlaceText, workgroupNumber } from './kernelText.ts';
import { aside, rowEpilogue } from './rowEpilogue.ts';
import { type SharedTile, tileName } from './tiles.ts';
import { computedType, indexText, literalText, sizeText } from './wgslText.ts';

/** What every device has. */
const promisedBytes = 16_384;

export const sharedVectors = (kernel: ContractKernel): Vectors => vectorsOf(kernel, { left: ['own', 'k'], right: ['own', 'k'] });

export function emitShared(whole: ContractKernel, outer: KernelContext, tile: SharedTile): KernelVariant {
  const { height, width, depth, rows, columns } = tile;
  const [down, across] = [height / rows, width / columns];
  const lanes = down * across;
  const vectors = sharedVectors(whole);
  const exact = { left: isExact(whole.m, height), right: isExact(whole.n, width) };
  const extra = rowEpilogue(whole, outer, height, lanes, exact.left);
  const { kernel, context } = extra;
  const finish = finishOf(kernel, exact, context, true);
  const place = `row + 4u * (y + {i}u * ${down}u) + {c}u, column + 4u * (x + {j}u * ${across}u)`;
  const tiles = multiplySizes(
    toSize(kernel.batch),
    multiplySizes(ceilDivideSizes(toSize(kernel.m), height), ceilDivideSizes(toSize(kernel.n), width)),
  );
  const beside = aside(kernel, context, tiles, `${sizeText(kernel.batch)} * tiles_down * tiles_across`, lanes);
  const { workgroups } = beside;
  const number = workgroupNumber(beside.count, typeof workgroups === 'number' ? workgroups : undefined);
  const type = computedType(kernel.dtype);
  const [zero, vector] = [literalText(0, kernel.dtype), `vec4<${type}>`];
  const size = sizeText(kernel.k);
  const count = literalOf(kernel.k);
  const isWhole = count !== undefined && count % depth === 0;
  const staged = (last: boolean): readonly string[] => {
    const name = last ? '_last' : '';
    return ['workgroupBarrier();', `stage_left${name}(b, row, k, lane);`, `stage_right${name}(b, column, k, lane);`, 'workgroupBarrier();'];
  };
  const rides = kernel.rides.map(({ side }) => ({
    side,
    ...(side === 'left' ? { letter: 'i', count: rows / 4 } : { letter: 'j', count: columns / 4 }),
  }));
  const multiply = [
    `for (var kk = 0u; kk < ${depth}u; kk++) {`,
    ...indent([
      repeat(`i=${rows / 4}`, `let a{i} = left_tile[kk * ${height / 4}u + y + {i}u * ${down}u];`),
      repeat(`j=${columns / 4}`, `let b{j} = right_tile[kk * ${width / 4}u + x + {j}u * ${across}u];`),
      repeat(
        `i=${rows / 4} c=4 j=${columns / 4}`,
        kernel.dtype === 'f32'
          ? `s{i}{c}_{j} = fma(${vector}(a{i}[{c}]), b{j}, s{i}{c}_{j});`
          : `s{i}{c}_{j} += ${vector}(a{i}[{c}]) * b{j};`,
      ),
      ...rides.map(({ side, letter, count }) =>
        repeat(`${letter}=${count}`, `${side}Sum{${letter}} += ${side === 'left' ? 'a' : 'b'}{${letter}};`),
      ),
    ]),
    '}',
  ];
  const body = [
    `const rows = ${sizeText(kernel.m)};`,
    `const columns = ${sizeText(kernel.n)};`,
    `const tiles_down = (rows + ${height - 1}u) / ${height}u;`,
    `const tiles_across = (columns + ${width - 1}u) / ${width}u;`,
    `var<workgroup> left_tile: array<${vector}, ${(depth * height) / 4}>;`,
    `var<workgroup> right_tile: array<${vector}, ${(depth * width) / 4}>;`,
    ...extra.declare,
    ...beside.declare,
    ...(['left', 'right'] as const).flatMap((side) => {
      const stage: Stage = { side, vector: vectors[side], extent: side === 'left' ? height : width, depth, lanes, isExact: exact[side] };
      return [
        ...elementFunction(kernel, stage, context),
        ...stageFunction(kernel, stage, vector, zero, false),
        ...(isWhole ? [] : stageFunction(kernel, stage, vector, zero, true)),
      ];
    }),
    ...finish.functions,
    `@compute @workgroup_size(${lanes})`,
    `fn main(${number.parameters}, @builtin(local_invocation_index) lane: u32) {`,
    ...indent([
      ...number.statements,
      ...beside.text,
      ...tilePlaceText(sizeText(kernel.batch), height, width),
      `let x = lane % ${across}u;`,
      `let y = lane / ${across}u;`,
      repeat(`i=${rows / 4} c=4 j=${columns / 4}`, `var s{i}{c}_{j} = ${vector}();`),
      ...rides.map(({ side, letter, count }) => repeat(`${letter}=${count}`, `var ${side}Sum{${letter}} = ${vector}();`)),
      ...(count !== undefined && count < depth
        ? []
        : [`for (var k = 0u; k < ${isWhole ? size : 'whole'}; k += ${depth}u) {`, ...indent([...staged(false), ...multiply]), '}']),
      ...(isWhole ? [] : lastBlock(count === undefined, size, [...staged(true), ...multiply])),
      finish.inFours
        ? repeat(`i=${rows / 4} c=4 j=${columns / 4}`, `finish(b, ${place}, ${[0, 1, 2, 3].map((d) => `s{i}{c}_{j}[${d}]`).join(', ')});`)
        : repeat(`i=${rows / 4} c=4 j=${columns / 4} d=4`, `finish(b, ${place} + {d}u, s{i}{c}_{j}[{d}]);`),
      ...rides.flatMap(({ side, letter, count }) => {
        const [corner, other, lane, first, step] =
          side === 'left' ? ['row', 'column', 'y', 'x', down] : ['column', 'row', 'x', 'y', across];
        const place = `${corner} + 4u * (${lane} + {${letter}}u * ${step}u) + {c}u`;
        return [
          `if (${other} == 0u && ${first} == 0u) {`,
          ...indent([repeat(`${letter}=${count} c=4`, `finish_${side}(b, ${place}, ${side}Sum{${letter}}[{c}]);`)]),
          '}',
        ];
      }),
      ...extra.text,
    ]),
    '}',
  ];
  if (!isWhole) body.unshift(`const whole = ${size} / ${depth}u * ${depth}u;`);
  const wgsl = moduleText(context, body, { vectors: new Set([...vectors.tensors, ...finish.vectors]) });
  return { name: tileName(tile), requires: requirements(kernel, tile), wgsl, workgroups };
}

function requirements(kernel: ContractKernel, tile: SharedTile): KernelVariant['requires'] {
  const bytes = workgroupBytes(kernel, tile);
  return bytes <= promisedBytes ? {} : { workgroupBytes: bytes };
}

function lastBlock(isSymbolic: boolean, size: string, text: readonly string[]): readonly string[] {
  return [isSymbolic ? `if (whole < ${size}) {` : '{', ...indent(['let k = whole;', ...text]), '}'];
}

interface Stage {
  readonly side: Side;
  readonly vector: Along | undefined;
  /** Rows or columns, and steps of `k`, of a block. */
  readonly extent: number;
  readonly depth: number;
  readonly lanes: number;
  readonly isExact: boolean;
}

/** `load_left(b, m, k)`: an element, or the four that begin there. */
function elementFunction(kernel: ContractKernel, { side, vector }: Stage, context: KernelContext): readonly string[] {
  const name = `load_${side}`;
  const [load] = kernel[side].body;
  if (vector === undefined || load?.kind !== 'load') return loadFunction(name, side, kernel, context);
  const own = ownName[side];
  const quarter = indexText(quarterOf(load.index, vector === 'k' ? 'k' : own), (variable) =>
    variable === quarterName(own) ? `(${own} / 4u)` : variable,
  );
  return [
    `fn ${name}(b: u32, ${own}: u32, k: u32) -> vec4<${computedType(kernel.dtype)}> {`,
    `  return ${context.nameOf(load.tensor)}[${quarter}${vector === 'k' ? ' + k / 4u' : ''}];`,
    '}',
  ];
}

/** Stages the block at `corner` and `from`; the last one is guarded along `k`. */
function stageFunction(kernel: ContractKernel, stage: Stage, vector: string, zero: string, isLast: boolean): readonly string[] {
  const { side, extent, depth, lanes } = stage;
  const [high, deep] = [extent / 4, depth / 4];
  const size = sizeText(kernel.k);
  const limit = side === 'left' ? 'rows' : 'columns';
  const own = (offset: string, reach: number): string =>
    stage.isExact ? `first + ${offset}` : `min(first + ${offset}, ${limit} - ${reach}u)`;
  const step = (offset: string, reach: number): string => (isLast ? `min(k + ${offset}, ${size} - ${reach}u)` : `k + ${offset}`);
  const guarded = (text: string, offset: string, none: string): string =>
    isLast ? `select(${none}, ${text}, k + ${offset} < ${size})` : text;
  const place = `${side}_tile[(4u * deep + {c}u) * ${high}u + high]`;
  const alongK = [`let deep = block % ${deep}u;`, `let high = block / ${deep}u;`];
  const alongOwn = [`let deep = block / ${high}u;`, `let high = block % ${high}u;`];
  const load = (at: string, k: string): string => `load_${side}(b, ${at}, ${k})`;
  const texts: { readonly [A in Along | 'none']: readonly string[] } = {
    own: [repeat('c=4', `${place} = ${guarded(load(own('0u', 4), step('{c}u', 1)), '{c}u', `${vector}()`)};`)],
    k: [
      repeat('d=4', `let v{d} = ${guarded(load(own('{d}u', 1), step('0u', 4)), '0u', `${vector}()`)};`),
      repeat('c=4', `${place} = ${vector}(v0[{c}], v1[{c}], v2[{c}], v3[{c}]);`),
    ],
    none: [
      repeat('c=4 d=4', `let v{c}{d} = ${guarded(load(own('{d}u', 1), step('{c}u', 1)), '{c}u', zero)};`),
      repeat('c=4', `${place} = ${vector}(v{c}0, v{c}1, v{c}2, v{c}3);`),
    ],
  };
  return [
    `fn stage_${side}${isLast ? '_last' : ''}(b: u32, corner: u32, from_k: u32, lane: u32) {`,
    `  for (var block = lane; block < ${high * deep}u; block += ${lanes}u) {`,
    ...indent(
      indent([
        ...(stage.vector === 'own' ? alongOwn : alongK),
        'let first = corner + 4u * high;',
        'let k = from_k + 4u * deep;',
        ...texts[stage.vector ?? 'none'],
      ]),
    ),
    '  }',
    '}',
  ];
}
