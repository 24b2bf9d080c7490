/**
 * Contract kernels of halves for devices that multiply matrices of a subgroup: each subgroup keeps up to four square matrices of sums, reads
 * both factors straight from the device's memory, transposed or not, and leaves its sums in workgroup memory for the epilogue.
 *
 * Invariant: there are no edges. A product has this variant only if tiles divide its sizes, both factors are plain halves that lie row by
 * row or column by column, and nothing rides along. Sums are in f32, as everywhere.
 * Source: WGSL's experimental extension chromium_experimental_subgroup_matrix, as Dawn has it; the layout of four subgroups follows
 * ONNX Runtime's WebGPU kernels.
 */
import { repeat } from '../../program/kernelText.ts';
import type { VariantFigures } from '../../program/program.ts';
import { addSizes } from '../../types/size.ts';
import type { Index } from '../3-fuse/indexing.ts';
import type { ContractKernel } from '../3-fuse/kernel.ts';
import { literalOf } from '../3-fuse/product.ts';
import { ownName } from './contractLoads.ts';
import type { Side } from './contractVectors.ts';
import { finishOf } from './finish.ts';
import { indent, type KernelContext, moduleText, workgroupNumber } from './kernelText.ts';
import { besides, type MeasuredVariant } from './variantFigures.ts';
import { indexText } from './wgslText.ts';

/** A subgroup of `subgroupSize` lanes multiplies `edge` x `edge` matrices. */
interface MatrixShape {
  readonly edge: number;
  readonly subgroupSize: number;
}

/** NVIDIA's, and that of Mesa's lavapipe, on which these kernels are tested. */
export const matrixShapes: readonly MatrixShape[] = [
  { edge: 16, subgroupSize: 32 },
  { edge: 8, subgroupSize: 8 },
];

/** A workgroup is a square of subgroups. Dawn wants so many lanes, a multiple of the largest subgroup that there is. */
const lanes = 128;
/** Matrices of a subgroup down and across: the larger tile first. */
const counts = [2, 1] as const;
const feature = 'chromium-experimental-subgroup-matrix';

/** One for each shape of matrices that the product fits. */
export function emitMatrix(kernel: ContractKernel, context: KernelContext): readonly MeasuredVariant[] {
  return matrixShapes.flatMap((shape) => emitShape(kernel, context, shape) ?? []);
}

function emitShape(kernel: ContractKernel, context: KernelContext, { edge, subgroupSize }: MatrixShape): MeasuredVariant | undefined {
  const [left, right] = [factorOf(kernel, 'left', context), factorOf(kernel, 'right', context)];
  const [batch, m, n, k] = [kernel.batch, kernel.m, kernel.n, kernel.k].map(literalOf);
  if (context.halfStorage !== 'native' || left === undefined || right === undefined || !standsAlone(kernel)) return undefined;
  if (batch === undefined || m === undefined || n === undefined || k === undefined || k % edge !== 0) return undefined;
  const side = Math.sqrt(lanes / subgroupSize);
  const count = counts.find((one) => m % (side * edge * one) === 0 && n % (side * edge * one) === 0);
  if (count === undefined) return undefined;
  const tile = side * edge * count;
  const workgroups = (batch * m * n) / tile ** 2;
  const number = workgroupNumber(`${workgroups}u`, workgroups);
  const sum = `subgroup_matrix_result<f32, ${edge}, ${edge}>`;
  const load = ({ array, order, stride }: Factor, name: Side, offset: string): string =>
    `subgroupMatrixLoad<subgroup_matrix_${name}<f16, ${edge}, ${edge}>, ${order}>(&${array}, ${offset}, ${stride}u)`;
  const body = [
    `var<workgroup> sums: array<f32, ${tile ** 2}>;`,
    ...finishOf(kernel, { left: true, right: true }, context, false).functions,
    // a subgroup's number comes from the lane's, which the analysis does not take for uniform
    '@diagnostic(off, chromium.subgroup_matrix_uniformity)',
    `@compute @workgroup_size(${lanes})`,
    `fn main(${number.parameters}, @builtin(local_invocation_index) lane: u32) {`,
    ...indent([
      ...number.statements,
      `let row = (group / ${n / tile}u) % ${m / tile}u * ${tile}u;`,
      `let column = group % ${n / tile}u * ${tile}u;`,
      `let b = group / ${(m / tile) * (n / tile)}u;`,
      `let down = lane / ${side * subgroupSize}u * ${edge * count}u;`,
      `let across = lane / ${subgroupSize}u % ${side}u * ${edge * count}u;`,
      repeat(`i=${count} j=${count}`, `var s{i}{j}: ${sum};`),
      `for (var k = 0u; k < ${k}u; k += ${edge}u) {`,
      ...indent([
        repeat(`i=${count}`, `let a{i} = ${load(left, 'left', left.place(`(row + down + {i}u * ${edge}u)`))};`),
        repeat(`j=${count}`, `let b{j} = ${load(right, 'right', right.place(`(column + across + {j}u * ${edge}u)`))};`),
        repeat(`i=${count} j=${count}`, 's{i}{j} = subgroupMatrixMultiplyAccumulate(a{i}, b{j}, s{i}{j});'),
      ]),
      '}',
      repeat(
        `i=${count} j=${count}`,
        `subgroupMatrixStore<row_major>(&sums, (down + {i}u * ${edge}u) * ${tile}u + across + {j}u * ${edge}u, s{i}{j}, ${tile}u);`,
      ),
      'workgroupBarrier();',
      `for (var e = lane; e < ${tile ** 2}u; e += ${lanes}u) { finish(b, row + e / ${tile}u, column + e % ${tile}u, sums[e]); }`,
    ]),
    '}',
  ];
  const wgsl = moduleText(context, body, { enables: ['chromium_experimental_subgroup_matrix'] });
  const beside = besides(kernel, lanes);
  const flops = 2 * batch * m * n * k;
  const figures: VariantFigures = {
    per: 'multiply-add',
    accumulators: (edge * count) ** 2 / subgroupSize,
    workgroupBytes: 4 * tile ** 2,
    loads: 2 / (edge * count),
    workgroupLoads: 1 / k, // the sums, by the epilogue
    barriers: 1,
    flops: { useful: flops, issued: flops, others: beside.flops },
    // halves
    bytes: { moved: addSizes((2 * flops) / (edge * count), beside.bytes) },
  };
  const requires = { features: [feature], subgroupSize, subgroupMatrix: configurationOf(edge) };
  return { name: `matrix ${tile}x${tile} of ${edge}x${edge}`, requires, wgsl, workgroups, figures };
}

/** The configuration that a device must list: factors, sums, rows x columns x steps. */
export const configurationOf = (edge: number): string => `f16 f32 ${edge}x${edge}x${edge}`;

const standsAlone = ({ rides, rowEpilogue, aside }: ContractKernel): boolean =>
  rides.length === 0 && rowEpilogue === undefined && aside === undefined;

interface Factor {
  readonly array: string;
  readonly order: 'row_major' | 'col_major';
  /** From one row, or column, to the next. */
  readonly stride: number;
  /** Where the matrix begins whose first row (of the left factor) or column is `own`, at step `k`. */
  readonly place: (own: string) => string;
}

/** Undefined unless it is one load of halves, along its own axis or along `k`, and anywhere a batch begins. */
function factorOf(kernel: ContractKernel, side: Side, context: KernelContext): Factor | undefined {
  const [load, ...others] = kernel[side].body;
  if (load?.kind !== 'load' || load.dtype !== 'f16' || others.length > 0) return undefined;
  const own = ownName[side];
  const strides = new Map(load.index.terms.map(({ atom, factor }) => [atom.kind === 'variable' ? atom.name : '', literalOf(factor)]));
  const [ofOwn, ofK] = [strides.get(own), strides.get('k')];
  if (ofOwn === undefined || ofK === undefined || !isAligned(load.index, own) || (ofOwn !== 1 && ofK !== 1)) return undefined;
  // matrices have rows of m and columns of k, or rows of k and columns of n
  const isRowMajor = side === 'left' ? ofK === 1 : ofOwn === 1;
  return {
    array: context.nameOf(load.tensor),
    order: isRowMajor ? 'row_major' : 'col_major',
    stride: Math.max(ofOwn, ofK),
    place: (row) => indexText(load.index, (variable) => (variable === own ? row : variable)),
  };
}

/** Rows begin at multiples of 16 bytes, of which drivers want to be sure. */
const isAligned = ({ terms }: Index, own: string): boolean =>
  terms.every(({ atom, factor: { literal, symbols } }) => {
    const isKnown = atom.kind === 'variable' && ['b', 'k', own].includes(atom.name) && symbols.length === 0;
    return isKnown && (literal % 8 === 0 || literal === 1);
  });
