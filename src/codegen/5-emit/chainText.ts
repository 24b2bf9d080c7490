/**
 * What a chain kernel does before its outer sum, as text: block by block, tiles of the products into the block, then each lane over its
 * rows of it; then what lanes that share a row have found becomes one.
 */
import { repeat } from '../../program/kernelText.ts';
import type { Accumulator, ChainKernel, ChainStep, PlaneProduct } from '../3-fuse/kernel.ts';
import type { ChainLayout, Tile } from './chainLayout.ts';
import { coversText, streamsOf, unreadRegion } from './chainMasks.ts';
import { elementName, type OperandLoads } from './contractLoads.ts';
import { isExact } from './contractTiles.ts';
import { accumulatorsOf, leftFactor, loopText, placeText } from './emitContract.ts';
import { indent, type KernelContext, statement } from './kernelText.ts';
import { combine, startOf } from './loopRows.ts';
import { resultName } from './wgslText.ts';

type Stream = Extract<ChainStep, { kind: 'stream' }>;
const names = (variable: string): string => variable;
export const total = ({ result }: Pick<Accumulator, 'result'>): string => `total${result}`;
export const shared = ({ result }: Accumulator): string => `shared${result}`;
export const block = (lines: readonly string[], head = ''): readonly string[] => [`${head}{`.trim(), ...indent(lines), '}'];

export interface Chain {
  readonly kernel: ChainKernel;
  readonly context: KernelContext;
  readonly layout: ChainLayout;
  readonly products: readonly (PlaneProduct & { readonly loads: { readonly left: OperandLoads; readonly right: OperandLoads } })[];
  /** One block holds all columns. */
  readonly isWhole: boolean;
}

const clamped = (text: string, size: string, exact: boolean): string => (exact ? text : `min(${text}, ${size} - 1u)`);

export function stepsText(chain: Chain): readonly string[] {
  const { kernel, layout } = chain;
  const done = new Set<number>();
  return kernel.steps.flatMap((step, position) => {
    if (step.kind === 'row') {
      if (!step.body.some(({ kind }) => kind === 'store')) return [];
      const stores = step.body.filter(({ kind }) => kind === 'store');
      const guard = [
        ...(isExact(kernel.rows, layout.inner.height) ? [] : [`row + ${layout.ownRow} < rows`]),
        ...(layout.parts === 1 ? [] : [`${layout.part} == 0u`]),
      ];
      const text = stores.map((one) => statement(one, chain.context, names));
      return rowsText(chain, position + 1, guard.length === 0 ? text : block(text, `if (${guard.join(' && ')}) `));
    }
    const start = step.accumulators.map((one) => `for (var i = 0u; i < ${layout.slots}u; i++) { ${total(one)}[i] = ${startOf(one)}; }`);
    const over = blocksText(chain, (isLast) => [
      ...productsText(chain, step, done),
      ...rowsText(chain, position, [
        ...step.accumulators.map((one) => `var ${resultName(one.result)} = ${total(one)}[i];`),
        ...elementsText(
          chain,
          step,
          step.accumulators.map(
            (one) => `${resultName(one.result)} = ${combine(one, resultName(one.result), `${resultName(one.operand)}`)};`,
          ),
        ),
        ...step.accumulators.map((one) => `${total(one)}[i] = ${resultName(one.result)};`),
      ]),
      ...(isLast ? [] : layout.barrier),
    ]);
    return [...start, ...over, ...meetText(chain, step.accumulators)];
  });
}

/** `text` for each block, `start` and `count` being known; once if there is one block. */
export function blocksText({ layout, isWhole }: Chain, text: (isLast: boolean) => readonly string[]): readonly string[] {
  if (isWhole) return block(['const start = 0u;', 'const count = columns;', ...text(true)]);
  return block(
    [`let count = min(${layout.block}u, columns - start);`, ...text(false)],
    `for (var start = 0u; start < columns; start += ${layout.block}u) `,
  );
}

/** What lanes that share a row have found becomes one, in a fixed order. */
function meetText({ layout }: Chain, accumulators: readonly Accumulator[]): readonly string[] {
  const { parts } = layout;
  if (parts === 1 || accumulators.length === 0) return [];
  return [
    ...accumulators.map((one) => `${shared(one)}[lane] = ${total(one)}[0];`),
    ...layout.barrier,
    ...accumulators.flatMap((one) => {
      const others = Array.from({ length: parts - 1 }, (_, i) => `${shared(one)}[lane / ${parts}u * ${parts}u + ${i + 1}u]`);
      return [
        `${total(one)}[0] = ${shared(one)}[lane / ${parts}u * ${parts}u];`,
        ...others.map((other) => `${total(one)}[0] = ${combine(one, `${total(one)}[0]`, other)};`),
      ];
    }),
  ];
}

/** The products of a step, in tiles, into their blocks; `done`: those that are there already. */
export function productsText(chain: Chain, step: Stream, done: Set<number>): readonly string[] {
  const { products } = step;
  const { kernel, layout, isWhole } = chain;
  const { inner } = layout;
  const readers = isWhole ? streamsOf(kernel) : [step];
  const due = products.filter(({ number }) => !isWhole || !done.has(number));
  for (const { number } of due) done.add(number);
  const isEven = isExact(kernel.columns, isWhole ? inner.width : layout.block);
  const [each, sum] = accumulatorsOf(inner);
  const tiles = due.flatMap(({ number }) => {
    const { depth, loads } = chain.products[number] ?? failed();
    const unread = unreadRegion(kernel, readers, number);
    const tile = [
      placeText(inner.columns, isEven, depth),
      ...loads.right.before,
      repeat(each, `var ${sum} = 0f;`),
      ...block(loopText({ k: depth }, layout.unroll, turnOf(inner, loads.left, loads.right))),
      ...layout.keep(number),
    ];
    const covers = unread && coversText(unread, inner.height, inner.width);
    return block([
      ...loads.left.before,
      ...block(
        ['let column = start + tile;', ...(covers === undefined ? tile : block(tile, `if (!(${covers})) `))],
        `for (var tile = 0u; tile < count; tile += ${inner.width}u) `,
      ),
    ]);
  });
  return due.length === 0 ? [] : [...tiles, ...layout.barrier];
}

export function failed(): never {
  throw new Error('internal: a chain reads a product that it does not have');
}

/** Some steps of a product's loop. */
export function turnOf(
  tile: Tile,
  left: Pick<OperandLoads, 'step' | 'isConstant'>,
  right: OperandLoads,
): (steps: number) => readonly string[] {
  const [factor, spread] = leftFactor(tile, left.isConstant);
  const [each, sum] = accumulatorsOf(tile);
  return (steps) => [
    ...left.step(steps),
    ...spread(steps),
    ...right.step(steps),
    repeat(`${each} u=${steps}`, `${sum} += ${factor} * ${elementName(tile.columns)};`),
  ];
}

/** `text` for each row `i` of this lane, with all that the steps before `position` know of it. */
export function rowsText({ kernel, layout, context }: Chain, position: number, text: readonly string[]): readonly string[] {
  const before = kernel.steps.slice(0, position);
  const known = before.flatMap((step) =>
    step.kind === 'row'
      ? step.body.filter(({ kind }) => kind !== 'store').map((one) => statement(one, context, names))
      : step.accumulators.map((one) => `let ${resultName(one.result)} = ${total(one)}[i];`),
  );
  const lines = [`let m = ${clamped(`row + ${layout.ownRow}`, 'rows', isExact(kernel.rows, layout.inner.height))};`, ...known, ...text];
  return layout.slots === 1 ? block(['const i = 0u;', ...lines]) : block(lines, `for (var i = 0u; i < ${layout.slots}u; i++) `);
}

/** `text` for each element `r` of the block, `k` of the row. */
export function elementsText({ layout, context }: Chain, { products, body }: Stream, text: readonly string[]): readonly string[] {
  const lines = [
    'let k = start + r;',
    ...products.map(({ number, result }) => `let ${resultName(result)} = ${layout.element(number)};`),
    ...body.map((one) => statement(one, context, names)),
    ...text,
  ];
  return block(lines, `for (var r = ${layout.part}; r < count; r += ${layout.parts}u) `);
}
