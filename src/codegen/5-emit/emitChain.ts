/**
 * Chain kernels as WGSL. For the rows of a workgroup, block by block: tiles of the products into the block, then each lane goes
 * over its rows of it, then the block is the left factor of the outer product. If one block holds all columns, the products
 * are computed once, else once for each time that rows are gone over. Tiles that a mask leaves unread are not computed, and where the
 * weights there are all 0 they are not multiplied.
 */
import { repeat } from '../../program/kernelText.ts';
import { ceilDivideSizes, multiplySizes } from '../../types/size.ts';
import type { Accumulator, ChainKernel, ChainStep, PlaneProduct } from '../3-fuse/kernel.ts';
import { literalOf, toSize } from '../3-fuse/product.ts';
import { chainFigures } from './chainFigures.ts';
import { type ChainLayout, quadLayout, sharedLayout, type Tile } from './chainLayout.ts';
import { factorLoads } from './chainLoads.ts';
import { coversText, edgeText, idleRegion, type Region, streamsOf, unreadRegion } from './chainMasks.ts';
import { elementName, type OperandLoads, ownName } from './contractLoads.ts';
import { isExact } from './contractTiles.ts';
import { accumulatorsOf, finishText, leftFactor, loopText, placeText } from './emitContract.ts';
import { emitSweep } from './emitSweep.ts';
import { functionText } from './finish.ts';
import { indent, type KernelContext, moduleText, statement, workgroupNumber } from './kernelText.ts';
import { combine, startOf } from './loopRows.ts';
import { isMultiple } from './unroll.ts';
import type { MeasuredVariant } from './variantFigures.ts';
import { computedType, resultName, sizeText } from './wgslText.ts';

/** Up to so many columns one block of them takes no longer than a sweep: measured, 0.9 of its time at 256, 1.0 at 512, 1.4 at 1,024. */
const shortRow = 512;

export function emitChain(kernel: ChainKernel, context: KernelContext): readonly MeasuredVariant[] {
  const [quad, shared] = [quadLayout(kernel), sharedLayout(kernel)];
  const length = literalOf(kernel.columns);
  const isShort = length !== undefined && length <= shortRow && isWholeIn(kernel, quad);
  const swept = isShort ? undefined : emitSweep(kernel, context);
  return [swept ?? emitLayout(kernel, context, quad), emitLayout(kernel, context, shared)];
}

function isWholeIn({ columns }: ChainKernel, { block }: ChainLayout): boolean {
  const length = literalOf(columns);
  return length !== undefined && length <= block;
}

type Stream = Extract<ChainStep, { kind: 'stream' }>;
const names = (variable: string): string => variable;
const total = ({ result }: Pick<Accumulator, 'result'>): string => `total${result}`;
const shared = ({ result }: Accumulator): string => `shared${result}`;
const block = (lines: readonly string[], head = ''): readonly string[] => [`${head}{`.trim(), ...indent(lines), '}'];

interface Chain {
  readonly kernel: ChainKernel;
  readonly context: KernelContext;
  readonly layout: ChainLayout;
  readonly products: readonly (PlaneProduct & { readonly loads: { readonly left: OperandLoads; readonly right: OperandLoads } })[];
  /** One block holds all columns. */
  readonly isWhole: boolean;
}

export function emitLayout(kernel: ChainKernel, context: KernelContext, layout: ChainLayout): MeasuredVariant {
  const { inner, outer } = layout;
  const tilesDown = ceilDivideSizes(toSize(kernel.rows), inner.height);
  const workgroups = multiplySizes(toSize(kernel.batch), tilesDown);
  const number = workgroupNumber(`${sizeText(kernel.batch)} * tiles_down`, typeof workgroups === 'number' ? workgroups : undefined);
  const chain: Chain = {
    kernel,
    context,
    layout,
    isWhole: isWholeIn(kernel, layout),
    products: kernel.products.map((product, p) => ({
      ...product,
      loads: {
        left: factorLoads(product.left, inner.rows, `left_${p}`, context),
        right: factorLoads(product.right, inner.columns, `right_${p}`, context),
      },
    })),
  };
  const weights = kernel.outer && factorLoads(kernel.outer.right, outer.columns, 'right_outer', context);
  const accumulators = kernel.steps.flatMap((step) => (step.kind === 'stream' ? step.accumulators : []));
  const body = [
    `const rows = ${sizeText(kernel.rows)};`,
    `const columns = ${sizeText(kernel.columns)};`,
    `const tiles_down = (rows + ${inner.height - 1}u) / ${inner.height}u;`,
    ...layout.declarations,
    ...(idleRegion(kernel) === undefined ? [] : layout.live.declare),
    ...(layout.parts === 1
      ? []
      : accumulators.map((one) => `var<workgroup> ${shared(one)}: array<${computedType(one.dtype)}, ${layout.lanes}>;`)),
    ...chain.products.flatMap(({ loads }) => [...loads.left.functions, ...loads.right.functions]),
    ...(weights?.functions ?? []),
    ...finishFunction(chain),
    `@compute @workgroup_size(${layout.lanes})`,
    `fn main(${number.parameters}, @builtin(local_invocation_index) lane: u32) {`,
    ...indent([
      ...number.statements,
      `let row = group % tiles_down * ${inner.height}u;`,
      `let b = group / tiles_down % (${sizeText(kernel.batch)});`,
      ...layout.prepare,
      placeText(inner.rows, isExact(kernel.rows, inner.height), kernel.columns),
      ...accumulators.map((one) => `var ${total(one)}: array<${computedType(one.dtype)}, ${layout.slots}>;`),
      ...stepsText(chain),
      ...(weights === undefined ? [] : outerText(chain, weights)),
    ]),
    '}',
  ];
  return {
    name: layout.name,
    requires: layout.requires,
    wgsl: moduleText(context, body, { enables: layout.enables, unchecked: idleRegion(kernel) === undefined ? [] : layout.unchecked }),
    workgroups,
    figures: chainFigures(kernel, layout, { streams: streamsOf(kernel), idle: idleRegion(kernel), isWhole: chain.isWhole }),
  };
}

const clamped = (text: string, size: string, exact: boolean): string => (exact ? text : `min(${text}, ${size} - 1u)`);

function stepsText(chain: Chain): readonly string[] {
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
function blocksText({ layout, isWhole }: Chain, text: (isLast: boolean) => readonly string[]): readonly string[] {
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
function productsText(chain: Chain, step: Stream, done: Set<number>): readonly string[] {
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

function failed(): never {
  throw new Error('internal: a chain reads a product that it does not have');
}

/** Some steps of a product's loop. */
function turnOf(tile: Tile, left: Pick<OperandLoads, 'step' | 'isConstant'>, right: OperandLoads): (steps: number) => readonly string[] {
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
function rowsText({ kernel, layout, context }: Chain, position: number, text: readonly string[]): readonly string[] {
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
function elementsText({ layout, context }: Chain, { products, body }: Stream, text: readonly string[]): readonly string[] {
  const lines = [
    'let k = start + r;',
    ...products.map(({ number, result }) => `let ${resultName(result)} = ${layout.element(number)};`),
    ...body.map((one) => statement(one, context, names)),
    ...text,
  ];
  return block(lines, `for (var r = ${layout.part}; r < count; r += ${layout.parts}u) `);
}

type Outer = NonNullable<ChainKernel['outer']>;

function outerText(chain: Chain, right: OperandLoads): readonly string[] {
  const { kernel, layout, isWhole } = chain;
  const outer: Outer = kernel.outer ?? failed();
  const tile = layout.outer;
  const width = literalOf(outer.n) ?? failed();
  const [into] = outer.step.products;
  const number = into?.number ?? failed();
  const idle = idleRegion(kernel);
  const weight = resultName(outer.weight);
  const weighed = [
    `${layout.element(number)} = ${weight};`,
    ...(idle === undefined ? [] : [`live = live | select(0u, 1u, (k ${idle.kind === 'after' ? '>=' : '<'} edge) & !(${weight} == 0f));`]),
  ];
  const weigh =
    into?.result === outer.weight
      ? []
      : [
          ...(idle === undefined ? [] : [`let edge = ${edgeText(idle, layout.inner.height)};`, 'var live = 0u;']),
          ...rowsText(chain, kernel.steps.length, elementsText(chain, outer.step, weighed)),
          ...(idle === undefined ? [] : layout.live.publish),
          ...layout.barrier,
          ...(idle === undefined ? [] : layout.live.meet),
        ];
  const left = {
    isConstant: false,
    step: (steps: number) => [
      repeat(`${tile.rows.loops} u=${steps}`, `let ${elementName(tile.rows)} = ${layout.outerLeft(number, 'k - start + {u}u')};`),
    ],
  };
  const place = `column + ${tile.columns.place('lane')}`;
  const isEven = width % tile.width === 0;
  const columns = repeat(
    tile.columns.loops,
    `let ${ownName.right}${tile.columns.name} = ${isEven ? place : `min(${place}, ${width - 1}u)`};`,
  );
  const turn = turnOf(tile, left, right);
  const across = `for (var column = 0u; column < ${width}u; column += ${tile.width}u) `;
  const [each, sum] = accumulatorsOf(tile);

  if (isWhole) {
    const done = new Set(kernel.steps.flatMap((step) => (step.kind === 'stream' ? step.products.map((one) => one.number) : [])));
    return blocksText(chain, () => [
      ...productsText(chain, outer.step, done),
      ...weigh,
      ...block(
        [
          columns,
          ...right.before,
          repeat(each, `var ${sum} = 0f;`),
          ...(idle === undefined ? block(loopText({ k: kernel.columns }, layout.unroll, turn)) : boundedText(chain, idle, turn)),
          ...finishText(tile, 'f32', outer.epilogue.length),
        ],
        across,
      ),
    ]);
  }
  const count = tile.accumulators;
  const kept = `kept[column / ${tile.width}u * ${count}u + e]`;
  const addUp = block(
    [
      columns,
      ...right.before,
      'var e = 0u;',
      `var sums: array<f32, ${count}>;`,
      `for (e = 0u; e < ${count}u; e++) { sums[e] = ${kept}; }`,
      'e = 0u;',
      repeat(each, `var ${sum} = sums[e]; e++;`),
      ...(idle === undefined ? block(turn(1), 'for (var k = start; k < start + count; k++) ') : boundedText(chain, idle, turn)),
      'e = 0u;',
      repeat(each, `sums[e] = ${sum}; e++;`),
      `for (e = 0u; e < ${count}u; e++) { ${kept} = sums[e]; }`,
    ],
    across,
  );
  return [
    `var kept: array<f32, ${Math.ceil(width / tile.width) * count}>;`,
    ...blocksText(chain, () => [...productsText(chain, outer.step, new Set()), ...weigh, ...addUp, ...layout.barrier]),
    ...block(
      [`for (var e = 0u; e < ${count}u; e++) { finish(b, row + ${tile.looped.row}, column + ${tile.looped.column}, ${kept}); }`],
      across,
    ),
  ];
}

/** The sum over the block without what a region has of it, unless a weight there is `live`. */
function boundedText({ kernel, layout, isWhole }: Chain, { kind }: Region, turn: (steps: number) => readonly string[]): readonly string[] {
  const steps = isWhole && isMultiple(kernel.columns, layout.unroll) ? layout.unroll : 1;
  const bounds =
    kind === 'after'
      ? [
          'let first = start;',
          `let end = select(min((edge + ${steps - 1}u) / ${steps}u * ${steps}u, start + count), start + count, live != 0u);`,
        ]
      : [`let first = select(max(edge / ${steps}u * ${steps}u, start), start, live != 0u);`, 'let end = start + count;'];
  return block([...bounds, ...block(turn(steps), `for (var k = first; k < end; k += ${steps}u) `)]);
}

function finishFunction({ kernel, layout, context }: Chain): readonly string[] {
  const { outer, rows } = kernel;
  if (outer === undefined) return [];
  const guard = [
    ...(isExact(rows, layout.inner.height) ? [] : ['m < rows']),
    ...(isExact(outer.n, layout.outer.width) ? [] : [`n < ${sizeText(outer.n)}`]),
  ];
  return functionText('finish', ['b', 'm', 'n'], outer.accumulator, 'f32', outer.epilogue, guard, context);
}
