/**
 * Scatter kernels as WGSL: an invocation has some columns of one row and adds the updates whose index is its row, in order. No two
 * invocations add to one element, so nothing is atomic, and two runs give the same bits. Where the indices are sorted, a
 * row's are found by bisection; else every index is looked at.
 */
import type { Size } from '../../types/dim.ts';
import { ceilDivideSizes } from '../../types/size.ts';
import { literalProduct } from '../3-fuse/indexing.ts';
import type { ScatterKernel } from '../3-fuse/kernel.ts';
import { literalOf, type Product, times, toSize } from '../3-fuse/product.ts';
import { indent, type KernelContext, moduleText, statement, workgroupNumber } from './kernelText.ts';
import { scatterFigures } from './scatterFigures.ts';
import type { MeasuredVariant } from './variantFigures.ts';
import { computedType, literalText, resultName, sizeText } from './wgslText.ts';

const workgroupSize = 64;
/** As many comparisons cost little on any device. */
const fewComparisons = 2 ** 23;
/** The most columns that an invocation sums. */
const mostColumns = 64;
/** What a size is taken for that is known only at run time. */
const assumed = 1024;

interface Blocks {
  /** Columns an invocation. */
  readonly columns: number;
  /** Invocations a row. Column c of block j is j + c * count, so that neighbours read neighbours. */
  readonly count: Product;
}

function blocksOf({ batch, m, n, k, sorted }: ScatterKernel): Blocks {
  const total = literalOf(n);
  if (total === undefined) return { columns: 1, count: n };
  const sizeOf = (size: Product): number => literalOf(size) ?? assumed;
  const scans = sizeOf(batch) * sizeOf(m) * (sorted ? Math.ceil(Math.log2(sizeOf(k) + 1)) : sizeOf(k));
  const least = Math.ceil(total / mostColumns);
  const wanted = Math.min(total, Math.max(least, Math.floor(fewComparisons / scans)));
  const columns = Math.ceil(total / wanted);
  return { columns, count: literalProduct(Math.ceil(total / columns)) };
}

const names = (variable: string): string => variable;

function everyIndex({ k }: ScatterKernel, added: readonly string[]): readonly string[] {
  return [`for (var k = 0u; k < ${sizeText(k)}; k++) {`, ...indent(['if (row_of(k) == m) {', ...indent(added), '}']), '}'];
}

function ownIndices({ k }: ScatterKernel, added: readonly string[]): readonly string[] {
  const count = sizeText(k);
  return [
    'var first = 0u;',
    `var last = ${count};`,
    'while (first < last) {',
    '  let middle = (first + last) / 2u;',
    '  if (row_of(middle) < m) { first = middle + 1u; } else { last = middle; }',
    '}',
    `for (var k = first; k < ${count}; k++) {`,
    ...indent(['if (row_of(k) != m) { break; }', ...added]),
    '}',
  ];
}

export function emitScatter(kernel: ScatterKernel, context: KernelContext): MeasuredVariant {
  const { columns, count } = blocksOf(kernel);
  const invocations = [kernel.batch, kernel.m, count].reduce(times);
  const total = literalOf(invocations);
  const workgroups: Size = ceilDivideSizes(toSize(invocations), workgroupSize);
  const number = workgroupNumber(
    `(${sizeText(invocations)} + ${workgroupSize - 1}u) / ${workgroupSize}u`,
    typeof workgroups === 'number' ? workgroups : undefined,
  );
  const written = (body: ScatterKernel['epilogue']): readonly string[] => body.map((one) => statement(one, context, names));
  const isExact = columns === 1 || literalOf(kernel.n) === columns * (literalOf(count) ?? 0);
  /** Once for each column of the invocation. */
  const eachColumn = (body: readonly string[]): readonly string[] =>
    columns === 1
      ? ['{', ...indent(['let n = block;', ...body]), '}']
      : [
          `for (var c = 0u; c < ${columns}u; c++) {`,
          ...indent([
            `let n = block + c * ${sizeText(count)};`,
            ...(isExact ? [] : [`if (n >= ${sizeText(kernel.n)}) { break; }`]),
            ...body,
          ]),
          '}',
        ];
  const sum = columns === 1 ? 'sums' : 'sums[c]';
  const type = computedType(kernel.dtype);
  const added = eachColumn([...written(kernel.update.body), `${sum} += ${resultName(kernel.update.result)};`]);
  const body = [
    'fn row_of(k: u32) -> u32 {',
    ...indent([...written(kernel.index.body), `return ${resultName(kernel.index.result)};`]),
    '}',
    `@compute @workgroup_size(${workgroupSize})`,
    `fn main(${number.parameters}, @builtin(local_invocation_index) lane: u32) {`,
    ...indent([
      ...number.statements,
      `let i = group * ${workgroupSize}u + lane;`,
      ...(total !== undefined && total % workgroupSize === 0 ? [] : [`if (i >= ${sizeText(invocations)}) { return; }`]),
      `let block = i % ${sizeText(count)};`,
      `let m = (i / ${sizeText(count)}) % ${sizeText(kernel.m)};`,
      `let b = i / ${sizeText(times(count, kernel.m))};`,
      columns === 1 ? `var sums = ${literalText(0, kernel.dtype)};` : `var sums: array<${type}, ${columns}>;`,
      ...(kernel.sorted ? ownIndices(kernel, added) : everyIndex(kernel, added)),
      ...eachColumn([`let ${resultName(kernel.sum)} = ${sum};`, ...written(kernel.epilogue)]),
    ]),
    '}',
  ];
  const figures = scatterFigures(kernel, columns, count, assumed);
  return { name: `${columns} columns an invocation`, requires: {}, wgsl: moduleText(context, body), workgroups, figures };
}
