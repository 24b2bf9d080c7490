/**
 * What a sweep does with a tile, as text: its products, the maximum so far and what it scales down, one pass over what is made of its
 * elements, four columns of each row at a time, and the outer sum; then what is once a row.
 *
 * Invariant: a result that is one a row or an element is known under a name for each (i, q): `wide` says which.
 */
import { repeat } from '../../program/kernelText.ts';
import { variablesOf } from '../3-fuse/indexing.ts';
import type { Accumulator, ChainKernel, ChainStep, Instruction, PlaneProduct, Result } from '../3-fuse/kernel.ts';
import { literalOf } from '../3-fuse/product.ts';
import { coversText, idleRegion, streamsOf, unreadRegion } from './chainMasks.ts';
import { indicesOf, operandsOf, type Sweep } from './chainSweep.ts';
import { crossedSteps, elementName, type OperandLoads, quadSwaps } from './contractLoads.ts';
import { isExact } from './contractTiles.ts';
import { accumulatorsOf, type Lanes, leftFactor, loopText, placeText } from './emitContract.ts';
import { functionText } from './finish.ts';
import { indent, type KernelContext, statement } from './kernelText.ts';
import { combine, startOf } from './loopRows.ts';
import { lastText, resultName, sizeText } from './wgslText.ts';

type Stream = Extract<ChainStep, { kind: 'stream' }>;

/** Steps of a product in a turn of its loop. */
const unroll = 4;
export const block = (head: string, lines: readonly string[]): readonly string[] => [`${head}{`, ...indent(lines), '}'];

export interface SweptProduct extends PlaneProduct {
  readonly lanes: Lanes;
  readonly loads: { readonly left: OperandLoads; readonly right: OperandLoads };
}

export interface Swept {
  readonly kernel: ChainKernel;
  readonly context: KernelContext;
  readonly sweep: Sweep;
  /** Rows and columns a lane, of a tile. */
  readonly rows: number;
  readonly columns: number;
  readonly products: readonly SweptProduct[];
  readonly outer: (Lanes & { readonly width: number; readonly loads: OperandLoads; readonly count: number }) | undefined;
  /** The results that are one a row or an element, and so one for each (i, q). */
  readonly wide: Set<Result>;
}

export const totalName = ({ result }: Accumulator): string => `total${result}`;

/** A statement, for each row (i, q) where it differs between rows; `place` is the lane's own column. */
export function wideStatement({ rows, wide, context }: Swept, one: Instruction): readonly string[] {
  const names = (name: string): string => {
    if (name === 'm') return 'm{i}_{q}';
    if (name === 'k') return 'place';
    const result = /^v(\d+)$/.exec(name)?.[1];
    return result !== undefined && wide.has(Number(result)) ? `${name}_{i}_{q}` : name;
  };
  const isWide = operandsOf(one).some((operand) => wide.has(operand)) || indicesOf(one).some((index) => variablesOf(index).includes('m'));
  if (!isWide && one.kind !== 'store') return [statement(one, context, names)];
  if (one.kind !== 'store') wide.add(one.result);
  const text = statement(one, context, (name) => (one.kind === 'store' && name !== 'k' ? names(name).replace('{q}', '0') : names(name)));
  return [
    repeat(
      one.kind === 'store' ? `i=${rows}` : `i=${rows} q=4`,
      one.kind === 'store' ? text : text.replace(/^let (v\d+) /, 'let $1_{i}_{q} '),
    ),
  ];
}

/** The tile of a product, as an array that a loop over its columns reads. */
export function productText({ kernel, products, rows, columns, sweep }: Swept, p: number, isEven: boolean): readonly string[] {
  const product = products[p];
  if (product === undefined) return [];
  const { lanes, loads, depth } = product;
  const [factor, spread] = leftFactor(lanes, loads.left.isConstant);
  const [each, sum] = accumulatorsOf(lanes);
  const turn = (steps: number): readonly string[] => [
    ...loads.left.step(steps),
    ...spread(steps),
    ...loads.right.step(steps),
    repeat(`${each} u=${steps}`, `${sum} += ${factor} * ${elementName(lanes.columns)};`),
  ];
  const text = [
    ...loads.left.before,
    placeText(lanes.columns, isEven, depth),
    ...loads.right.before,
    repeat(each, `var ${sum} = 0f;`),
    ...block('', loopText({ k: depth }, unroll, turn)),
    repeat(each, `plane${p}[({j}u * ${rows}u + {i}u) * 4u + {q}u] = ${sum};`),
  ];
  const isRead = [sweep.maximum, sweep.pass].some((one) => one.products.some(({ number }) => number === p));
  if (!isRead) return [];
  const unread = unreadRegion(kernel, streamsOf(kernel), p);
  return block(unread === undefined ? '' : `if (!(${coversText(unread, 4 * rows, 4 * columns)})) `, text);
}

/** What a stream makes of the columns `j` of all lanes. */
function elementsText(swept: Swept, { products, body }: Stream, isEven: boolean): readonly string[] {
  const { rows, columns, wide } = swept;
  for (const { result } of products) wide.add(result);
  return [
    `let first = j % ${columns}u * ${4 * rows}u;`,
    ...(isEven
      ? ['let place = column + 4u * j + lane;']
      : ['let isInside = column + 4u * j + lane < columns;', 'let place = min(column + 4u * j + lane, columns - 1u);']),
    ...products.map(({ number, result }) =>
      repeat(`i=${rows} q=4`, `let ${resultName(result)}_{i}_{q} = plane${number}[first + {i}u * 4u + {q}u];`),
    ),
    ...body.flatMap((one) => wideStatement(swept, one)),
  ];
}

const elementOf = ({ wide }: Swept, result: Result): string => `${resultName(result)}${wide.has(result) ? '_{i}_{q}' : ''}`;

function accumulated(swept: Swept, one: Accumulator, into: string, isEven: boolean): string {
  const operand = elementOf(swept, one.operand);
  const element = isEven ? operand : `select(${startOf(one)}, ${operand}, isInside)`;
  return repeat(`i=${swept.rows} q=4`, `${into}_{i}_{q} = ${combine(one, `${into}_{i}_{q}`, element)};`);
}

/** What all lanes of a quad have found of their columns becomes one, the same in each. */
function metText({ rows }: Swept, one: Accumulator, name: string): readonly string[] {
  const stage = (from: string, to: string, swap: string, bit: number): readonly string[] =>
    [0, 1, 2, 3].map((q) =>
      repeat(`i=${rows}`, `let ${to}_{i}_${q} = ${combine(one, `${from}_{i}_${q}`, `${swap}(${from}_{i}_${q ^ bit})`)};`),
    );
  return [...stage(name, `${name}x`, 'quadSwapX', 1), ...stage(`${name}x`, `${name}y`, 'quadSwapY', 2)];
}

/** The maximum so far, which is 0 as long as nothing is more than -infinity; what was summed under the old one is scaled. */
export function maximumText(swept: Swept, isEven: boolean): readonly string[] {
  const { sweep, rows, wide } = swept;
  const { maximum, pass } = sweep;
  const { accumulator } = maximum;
  const [each, total, name] = [`i=${rows} q=4`, `${totalName(accumulator)}_{i}_{q}`, resultName(accumulator.result)];
  const elements = elementsText(swept, maximum, isEven);
  wide.add(accumulator.result);
  return [
    repeat(each, `var highest_{i}_{q} = ${startOf(accumulator)};`),
    ...block('for (var j = 0u; j < turns; j++) ', [...elements, accumulated(swept, accumulator, 'highest', isEven)]),
    ...metText(swept, accumulator, 'highest'),
    repeat(each, `let next_{i}_{q} = ${combine(accumulator, total, 'highesty_{i}_{q}')};`),
    repeat(each, `let ${name}_{i}_{q} = select(next_{i}_{q}, 0f, next_{i}_{q} == ${startOf(accumulator)});`),
    repeat(each, `let shrink_{i}_{q} = exp(${total} - ${name}_{i}_{q});`),
    repeat(each, `${total} = next_{i}_{q};`),
    ...pass.accumulators.map((one) => repeat(each, `${totalName(one)}_{i}_{q} *= shrink_{i}_{q};`)),
  ];
}

export function outerStart({ kernel, outer, rows }: Swept): readonly string[] {
  if (outer === undefined || kernel.outer === undefined) return [];
  const { n } = kernel.outer;
  const place = placeText(outer.columns, true, kernel.columns);
  const isEven = literalOf(n) === outer.width;
  return [
    'const column = 0u;',
    isEven ? place : place.replace(/= (.*);$/, `= min($1, ${lastText(n)});`),
    ...outer.loads.before,
    `var kept: array<f32, ${Math.max(enough, 4 * rows * outer.count)}>;`,
  ];
}

/**
 * Sums of the outer product between tiles are in an array of their own: as variables they would live through the loops of the products, and
 * all those take minutes to compile. Smaller arrays are made variables.
 */
const enough = 128;

const keptText = ({ count, columns }: NonNullable<Swept['outer']>): string => {
  const own = columns.vector === 'own' ? '{h}u * 4u + {d}u' : '{j}u';
  return `kept[({i}u * ${count}u + ${own}) * 4u + {q}u]`;
};

/** Sums and the outer product, four columns at a time. Where none of its weights is made of products it is left out if all are 0. */
export function passText(swept: Swept, isEven: boolean): readonly string[] {
  const { kernel, sweep, rows, columns, outer } = swept;
  const { pass, weight } = sweep;
  const idle = outer === undefined ? undefined : idleRegion(kernel);
  const elements = elementsText(swept, pass, isEven);
  const add = pass.accumulators.map((one) => accumulated(swept, one, totalName(one), isEven));
  if (outer === undefined || weight === undefined) return block('for (var j = 0u; j < turns; j++) ', [...elements, ...add]);
  const weighed = isEven ? elementOf(swept, weight) : `select(0f, ${elementOf(swept, weight)}, isInside)`;
  const [each, sum] = accumulatorsOf(outer);
  const product = [
    ...quadSwaps.map((swap, u) => {
      return [0, 1, 2, 3].map((q) => repeat(`i=${rows}`, `let z{i}_${q}_${u} = ${swap}(w{i}_${q ^ u});`));
    }),
  ].flat();
  const main = [
    ...elements,
    ...add,
    repeat(`i=${rows} q=4`, `let w{i}_{q} = ${weighed};`),
    ...product,
    'let k = column + 4u * j;',
    ...(isExact(kernel.columns, 4) ? [] : [crossedSteps.replace(/= (.*);$/, '= min($1, columns - 1u - k);')]),
    ...outer.loads.step(4),
    repeat(`${each} u=4`, `${sum} += z{i}_{q}_{u} * ${elementName(outer.columns)};`),
  ];
  const kept = keptText(outer);
  const start = repeat(each, `var ${sum} = ${kept} * shrink_{i}_{q};`);
  const keep = repeat(each, `${kept} = ${sum};`);
  if (idle === undefined) return [start, ...block('for (var j = 0u; j < turns; j++) ', main), keep];
  const zeros = [weight, ...pass.accumulators.map(({ operand }) => operand)].map((result) =>
    repeat(`i=${rows} q=4`, `live = live | select(1u, 0u, ${elementOf(swept, result)} == 0f);`),
  );
  return [
    `let covered = ${coversText(idle, 4 * rows, 4 * columns)};`,
    'var live = select(1u, 0u, covered);',
    ...block('for (var j = 0u; j < select(0u, turns, covered); j++) ', [...elements, ...zeros]),
    'live = live | quadSwapX(live);',
    'live = live | quadSwapY(live);',
    start,
    ...block('for (var j = 0u; j < select(0u, turns, live != 0u); j++) ', main),
    keep,
  ];
}

/** Sums of rows meet; rows are stored; and what the outer product has still to be multiplied with is. */
export function afterText(swept: Swept, isEven: boolean): readonly string[] {
  const { sweep, rows, outer, wide } = swept;
  const { maximum, pass, factors, after } = sweep;
  const [each, total] = [`i=${rows} q=4`, `${totalName(maximum.accumulator)}_{i}_{q}`];
  const nothing = `${total} == ${startOf(maximum.accumulator)}`;
  const [sums, sum] = outer === undefined ? ['', ''] : accumulatorsOf(outer);
  const known = pass.accumulators.flatMap((one) => {
    wide.add(one.result);
    const name = `${totalName(one)}y_{i}_{q}`;
    const value = `select(${name}, bitcast<f32>(nan_bits), ${nothing})`;
    return [...metText(swept, one, totalName(one)), repeat(each, `let ${resultName(one.result)}_{i}_{q} = ${value};`)];
  });
  const stored = after.flatMap((one) => {
    const lines = wideStatement(swept, one);
    if (one.kind !== 'store' || isEven) return lines;
    return lines.map((line) => line.replace(/^(repeat [^:]+: )(.*)$/, '$1if (row + 4u * {i}u + lane < rows) { $2 }'));
  });
  return [
    repeat(each, `let ${resultName(maximum.accumulator.result)}_{i}_{q} = ${total};`),
    ...known,
    ...stored,
    ...(outer === undefined ? [] : [repeat(sums, `var ${sum} = ${keptText(outer)};`)]),
    ...(outer === undefined || factors.length > 0 ? [] : [repeat(sums, `${sum} = select(${sum}, bitcast<f32>(nan_bits), ${nothing});`)]),
    ...factors.map(({ result, isDivisor }) => repeat(sums, `${sum} ${isDivisor ? '/' : '*'}= ${elementOf(swept, result)};`)),
  ];
}

export function finishFunction({ kernel, context, outer }: Swept, isEven: boolean): readonly string[] {
  if (outer === undefined || kernel.outer === undefined) return [];
  const { n, accumulator, epilogue } = kernel.outer;
  const guard = [...(isEven ? [] : ['m < rows']), ...(literalOf(n) === outer.width ? [] : [`n < ${sizeText(n)}`])];
  return functionText('finish', ['b', 'm', 'n'], accumulator, 'f32', epilogue, guard, context);
}
