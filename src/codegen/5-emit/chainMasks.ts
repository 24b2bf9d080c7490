/**
 * Which tiles of a chain's products need not be computed: where a comparison of the row's number with the column's, as of a causal
 * mask, sends every use of the product's elements to a branch that does not read them.
 *
 * Invariant: what is left out is read by no result, so that results stay the same, whatever the scores are.
 */
import type { CompareDirection } from '../../graph/primitive.ts';
import type { Index } from '../3-fuse/indexing.ts';
import type { ChainKernel, ChainStep, Instruction, Result } from '../3-fuse/kernel.ts';
import { literalOf } from '../3-fuse/product.ts';

/** Columns `k` after `m + offset`, or before it. */
export interface Region {
  readonly kind: 'after' | 'before';
  readonly offset: number;
}

type Stream = Extract<ChainStep, { kind: 'stream' }>;

const same = (one: Region, other: Region): boolean => one.kind === other.kind && one.offset === other.offset;

/** True in WGSL if the region has all of a tile, whose first row is `row` and first column `column`. */
export function coversText(region: Region, height: number, width: number): string {
  const edge = edgeText(region, height);
  return region.kind === 'after' ? `column >= ${edge}` : `column + ${width}u <= ${edge}`;
}

/** The first column that a region has for all of `height` rows; of the region before a row, the first that it has not for some. */
export function edgeText({ kind, offset }: Region, height: number): string {
  const shift = kind === 'after' ? height + offset : offset;
  return shift >= 0 ? `row + ${shift}u` : `max(row, ${-shift}u) - ${-shift}u`;
}

/** A region in which none of the steps that read a product needs its elements. */
export function unreadRegion(kernel: ChainKernel, steps: readonly Stream[], product: number): Region | undefined {
  const regions = steps
    .filter(({ products }) => products.some(({ number }) => number === product))
    .map((step) => regionsOf(kernel, step).flatMap(({ region, read }) => (read.has(product) ? [] : [region])));
  const [first = [], ...others] = regions;
  return first.find((region) => others.every((found) => found.some((other) => same(region, other))));
}

export const streamsOf = ({ steps, outer }: ChainKernel): readonly Stream[] => [
  ...steps.filter((step) => step.kind === 'stream'),
  ...(outer === undefined ? [] : [outer.step]),
];

/** Where no weight of the outer product is made of products: none is computed there, and if all of them are 0, no sum goes over them. */
export function idleRegion(kernel: ChainKernel): Region | undefined {
  const step = kernel.outer?.step;
  const regions = (step?.products ?? []).map(({ number }) => step && unreadRegion(kernel, [step], number));
  const [first] = regions;
  return first !== undefined && regions.every((region) => region?.kind === first.kind && region.offset === first.offset)
    ? first
    : undefined;
}

interface Found {
  readonly region: Region;
  /** The products that are read there. */
  readonly read: ReadonlySet<number>;
}

function regionsOf(kernel: ChainKernel, step: Stream): readonly Found[] {
  const rows = kernel.steps.flatMap((one) => (one.kind === 'row' ? one.body : []));
  const known = new Map([...rows, ...step.body].flatMap((one) => (one.kind === 'store' ? [] : [[one.result, one] as const])));
  const wanted = [...step.accumulators.map(({ operand }) => operand), ...(kernel.outer?.step === step ? [kernel.outer.weight] : [])];
  return step.body.flatMap((one) => {
    const relation = relationOf(one, known);
    if (relation === undefined) return [];
    return [true, false].flatMap((held): readonly Found[] => {
      const region = regionWhere(relation.direction, relation.offset, held);
      return region === undefined ? [] : [{ region, read: readWhere([...rows, ...step.body], step, wanted, one, held) }];
    });
  });
}

/** `k direction m + offset`. */
interface Relation {
  readonly direction: CompareDirection;
  readonly offset: number;
}

const turned: { readonly [D in CompareDirection]: CompareDirection } = { lt: 'gt', le: 'ge', gt: 'lt', ge: 'le', eq: 'eq', ne: 'ne' };

function relationOf(one: Instruction, known: ReadonlyMap<Result, Instruction>): Relation | undefined {
  if (one.kind !== 'compute' || one.primitive !== 'compare' || one.direction === undefined) return undefined;
  const [left, right] = one.operands.map((operand) => {
    const made = known.get(operand);
    return made?.kind === 'position' ? shiftedVariable(made.index) : undefined;
  });
  if (left === undefined || right === undefined) return undefined;
  if (left.name === 'k' && right.name === 'm') return { direction: one.direction, offset: right.shift - left.shift };
  return left.name === 'm' && right.name === 'k' ? { direction: turned[one.direction], offset: left.shift - right.shift } : undefined;
}

/** An index that is a variable and a constant. */
function shiftedVariable({ terms }: Index): { readonly name: string; readonly shift: number } | undefined {
  let [name, shift]: [string | undefined, number] = [undefined, 0];
  for (const { atom, factor } of terms) {
    const literal = literalOf(factor);
    if (atom.kind === 'unit' && literal !== undefined) shift += literal;
    else if (atom.kind === 'variable' && literal === 1 && name === undefined) name = atom.name;
    else return undefined;
  }
  return name === undefined ? undefined : { name, shift };
}

function regionWhere(direction: CompareDirection, offset: number, held: boolean): Region | undefined {
  if (direction === 'eq' || direction === 'ne') return undefined;
  const isAfter = (direction === 'gt' || direction === 'ge') === held;
  const isStrict = (direction === 'gt' || direction === 'lt') === held;
  return { kind: isAfter ? 'after' : 'before', offset: isStrict ? offset : offset + (isAfter ? -1 : 1) };
}

/** The products that `wanted` is made of where the result of `compared` is `held`. */
function readWhere(
  body: readonly Instruction[],
  { products }: Stream,
  wanted: readonly Result[],
  compared: Instruction,
  held: boolean,
): ReadonlySet<number> {
  const truths = new Map<Result, boolean>();
  const reads = new Map<Result, ReadonlySet<number>>(products.map(({ number, result }) => [result, new Set([number])]));
  const readBy = (results: readonly Result[]): ReadonlySet<number> => new Set(results.flatMap((result) => [...(reads.get(result) ?? [])]));
  for (const one of body) {
    if (one.kind === 'store') continue;
    if (one.kind === 'constant' && one.dtype === 'bool') truths.set(one.result, one.value !== 0);
    if (one.kind === 'mask') reads.set(one.result, readBy([one.operand]));
    if (one.kind !== 'compute') continue;
    const truth = one === compared ? held : truthOf(one, truths);
    if (truth !== undefined) truths.set(one.result, truth);
    reads.set(one.result, truth === undefined ? readBy(takenBy(one, truths)) : new Set());
  }
  return readBy(wanted);
}

type Compute = Extract<Instruction, { kind: 'compute' }>;

/** The operands that decide the result: of a select with a known condition, one of the two. */
function takenBy({ primitive, operands }: Compute, truths: ReadonlyMap<Result, boolean>): readonly Result[] {
  const [condition = 0, ...branches] = operands;
  const truth = primitive === 'select' ? truths.get(condition) : undefined;
  return truth === undefined ? operands : branches.slice(truth ? 0 : 1, truth ? 1 : 2);
}

/** Of what is made of conditions: `and` and `or` are selects. */
function truthOf({ dtype, primitive, operands }: Compute, truths: ReadonlyMap<Result, boolean>): boolean | undefined {
  if (dtype !== 'bool' || primitive !== 'select') return undefined;
  const [condition, whenTrue, whenFalse] = operands.map((operand) => truths.get(operand));
  if (condition !== undefined) return condition ? whenTrue : whenFalse;
  return whenTrue === whenFalse ? whenTrue : undefined;
}
