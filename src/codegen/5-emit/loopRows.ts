/**
 * The steps of a row, by one invocation or by the lanes of a workgroup: loops over the row's elements, partial results that meet, and
 * what is computed once a row. Where elements lie side by side in memory, several at a time: 4 or 16 elements of a row a turn (along `r`),
 * or four rows an invocation (along `i`).
 *
 * Invariant: everything is added in one fixed order.
 */
import { isFloating } from '../../types/dtype.ts';
import type { Accumulator, Instruction, LoopKernel, Step } from '../3-fuse/kernel.ts';
import { literalOf } from '../3-fuse/product.ts';
import { indent, type KernelContext, statement } from './kernelText.ts';
import {
  eachNeighbour,
  elementOf,
  isWhole,
  type NeighbourCount,
  type Neighbours,
  neighbourStatements,
  vectorTensors,
} from './neighbours.ts';
import { maximumText } from './pointwiseText.ts';
import { computedType, literalText, resultName, sizeText } from './wgslText.ts';

const names = (variable: string): string => variable;

/** `left` has been accumulated: of a maximum, what is asked of the other operand need not wait for it. */
export function combine({ operation, dtype }: Accumulator, left: string, right: string): string {
  return operation === 'sum' ? `${left} + ${right}` : maximumText(right, left, dtype);
}

export function startOf({ operation, dtype }: Accumulator): string {
  if (operation === 'sum') return literalText(0, dtype);
  return literalText(isFloating(dtype) ? Number.NEGATIVE_INFINITY : dtype === 'i32' ? -(2 ** 31) : 0, dtype);
}

/** With more instructions than this, four times the text takes longer to compile than vectors save. */
const mostInstructions = 40;
/** Fewer rows leave a device idle if each invocation takes four and goes over all their elements. */
const enoughRows = 128;

/**
 * What the kernel's rows or elements are taken several at a time along, if that gains anything. `most`: 16 elements of a row for devices
 * that compute each element of a load by itself; others load no more than a vector at once.
 */
export function neighboursOf(
  { rows, reduced, steps }: LoopKernel,
  context: KernelContext,
  most: NeighbourCount = 4,
): Neighbours | undefined {
  if (steps.some(({ body }) => body.length > mostInstructions)) return undefined;
  const along = (variable: string, kinds: readonly Step['kind'][], size: NeighbourCount): { four: Neighbours; count: number } => {
    const parts = steps.map(({ kind, body }) => ({ body, along: kinds.includes(kind) ? variable : undefined }));
    const { tensors, count } = vectorTensors(parts, context, size);
    return { four: { count: size, along: variable, vectors: tensors, wide: new Set() }, count };
  };
  const count = literalOf(rows);
  const ofRows = isWhole(rows, 4) && (reduced === undefined || count === undefined || count >= enoughRows);
  const candidates = [
    ...(reduced !== undefined && most === 16 && isWhole(reduced, 16) ? [along('r', ['loop'], 16)] : []),
    ...(reduced !== undefined && isWhole(reduced, 4) ? [along('r', ['loop'], 4)] : []),
    ...(ofRows ? [along('i', ['loop', 'row'], 4)] : []),
  ];
  const best = Math.max(0, ...candidates.map((one) => one.count));
  return candidates.find((one) => one.count === best && best > 0)?.four;
}

function statements(body: readonly Instruction[], context: KernelContext, four: Neighbours | undefined): readonly string[] {
  return four === undefined ? body.map((one) => statement(one, context, names)) : neighbourStatements(body, four, context);
}

/** A line for each of four rows, or for the row. */
const eachRow = (four: Neighbours | undefined, line: (element: string) => string): string =>
  four?.along === 'i' ? eachNeighbour(four, line('_{u}')) : line('');

/** The steps of row `i`, or of the four rows from `i` on, all by one invocation. */
export function rowByInvocation(kernel: LoopKernel, context: KernelContext, four?: Neighbours): readonly string[] {
  return kernel.steps.flatMap((step) => {
    if (step.kind === 'row') return statements(step.body, context, four?.along === 'i' ? four : undefined);
    widen(step, four);
    return [
      ...step.accumulators.map((one) => eachRow(four, (row) => `var ${resultName(one.result)}${row} = ${startOf(one)};`)),
      ...loopText(kernel, step, context, { start: '0u', stride: 1 }, (one) => resultName(one.result), four),
    ];
  });
}

type Loop = Extract<Step, { kind: 'loop' }>;

function widen({ accumulators }: Loop, four: Neighbours | undefined): void {
  if (four?.along === 'i') for (const { result } of accumulators) four.wide.add(result);
}

interface Lane {
  /** Its first element of the row, or its first four. */
  readonly start: string;
  /** How far apart its elements are. */
  readonly stride: number;
}

/** How many elements of a row an invocation takes in one turn of its loop, if they divide it: a turn has costs of its own. */
const unrolled = 4;

function loopText(
  kernel: LoopKernel,
  step: Loop,
  context: KernelContext,
  { start, stride }: Lane,
  into: (one: Accumulator) => string,
  four: Neighbours | undefined,
): readonly string[] {
  const isAlong = four?.along === 'r';
  const count = isAlong ? four.count : 1;
  const body = [
    ...(isAlong ? [`let r = ${count}u * r${count};`] : []),
    ...statements(step.body, context, four),
    ...step.accumulators.map((one) => {
      if (four === undefined) return `${into(one)} = ${combine(one, into(one), resultName(one.operand))};`;
      const sum = `${into(one)}${isAlong ? '' : '_{u}'}`;
      return eachNeighbour(four, `${sum} = ${combine(one, sum, elementOf(four, one.operand))};`);
    }),
  ];
  const whole = kernel.reduced === undefined ? 1 : literalOf(kernel.reduced);
  const length = whole === undefined ? whole : whole / count;
  const place = isAlong ? `r${count}` : 'r';
  if (length === undefined || length % stride !== 0) {
    const end = `${kernel.reduced === undefined ? '1u' : sizeText(kernel.reduced)}${isAlong ? ` / ${count}u` : ''}`;
    return [`for (var ${place} = ${start}; ${place} < ${end}; ${place} += ${stride}u) {`, ...indent(body), '}'];
  }
  // turns are counted by ones, from 0 to a constant: then Dawn knows the bounds of what is made of them
  const turns = length / stride;
  const at = (turn: string): string => (stride === 1 ? turn : `${turn} * ${stride}u + ${start}`);
  if (count === 16 || turns % unrolled !== 0)
    return [`for (var turn = 0u; turn < ${turns}u; turn++) {`, ...indent([`let ${place} = ${at('turn')};`, ...body]), '}'];
  const each = Array.from({ length: unrolled }, (_, u) => [
    '{',
    ...indent([`let ${place} = ${at(`(turn * ${unrolled}u + ${u}u)`)};`, ...body]),
    '}',
  ]);
  return [`for (var turn = 0u; turn < ${turns / unrolled}u; turn++) {`, ...indent(each.flat()), '}'];
}

const partial = (one: Accumulator): string => `partial${one.result}`;

/** How the partial results of all lanes become the results, which every lane then knows. */
export type Meet = (accumulators: readonly Accumulator[]) => readonly string[];

/** How a workgroup's lanes share its rows: `wide` side by side with each their own, and the rest of them along the rows. */
export interface RowLanes {
  readonly size: number;
  readonly wide: number;
}

/** The steps of row `i`, or of four rows from `i` on, by the lanes of a workgroup. */
export function rowByWorkgroup(
  kernel: LoopKernel,
  context: KernelContext,
  { size, wide }: RowLanes,
  meet: Meet,
  four?: Neighbours,
): readonly string[] {
  return kernel.steps.flatMap((step) => {
    if (step.kind === 'row') {
      // every lane knows the row's values; one stores them
      return step.body.flatMap((one) => {
        const text = statements([one], context, four?.along === 'i' ? four : undefined);
        return one.kind === 'store' ? [`if (lane < ${wide}u) {`, ...indent(text), '}'] : text;
      });
    }
    widen(step, four);
    const start = wide === 1 ? 'lane' : `lane / ${wide}u`;
    return [
      ...step.accumulators.map((one) => eachRow(four, (row) => `var ${partial(one)}${row} = ${startOf(one)};`)),
      ...loopText(kernel, step, context, { start, stride: size / wide }, partial, four),
      ...(step.accumulators.length === 0 ? [] : meet(step.accumulators)),
    ];
  });
}

/** In workgroup memory, in a tree. */
export function meetInTree(
  { size, wide }: RowLanes,
  four?: Neighbours,
): { readonly declare: (kernel: LoopKernel) => readonly string[]; readonly meet: Meet } {
  const rows = four?.along === 'i' ? 4 : 1;
  const shared = (one: Accumulator, place: string): string => `shared${one.result}[${rows === 1 ? '' : `{u}u * ${size}u + `}${place}]`;
  return {
    declare: ({ steps }) =>
      steps
        .flatMap((step) => (step.kind === 'loop' ? step.accumulators : []))
        .map((one) => `var<workgroup> shared${one.result}: array<${computedType(one.dtype)}, ${rows * size}>;`),
    meet: (accumulators) => [
      ...accumulators.map((one) => eachRow(four, (row) => `${shared(one, 'lane')} = ${partial(one)}${row};`)),
      'workgroupBarrier();',
      `for (var half = ${size / 2}u; half >= ${wide}u; half >>= 1u) {`,
      '  if (lane < half) {',
      ...accumulators.map(
        (one) => `    ${eachRow(four, () => `${shared(one, 'lane')} = ${combine(one, shared(one, 'lane'), shared(one, 'lane + half'))};`)}`,
      ),
      '  }',
      '  workgroupBarrier();',
      '}',
      ...accumulators.map((one) =>
        eachRow(four, (row) => `let ${resultName(one.result)}${row} = ${shared(one, wide === 1 ? '0' : `lane % ${wide}u`)};`),
      ),
    ],
  };
}

/** By swaps within a quad, which is the whole workgroup. */
export const meetInQuad: Meet = (accumulators) =>
  accumulators.flatMap((one) => {
    const [half, whole] = [`half${one.result}`, resultName(one.result)];
    return [
      `let ${half} = ${combine(one, partial(one), `quadSwapX(${partial(one)})`)};`,
      `let ${whole} = ${combine(one, half, `quadSwapY(${half})`)};`,
    ];
  });

/** By exchanges within a line of eight lanes, which is a subgroup. */
export const meetInLine: Meet = (accumulators) =>
  accumulators.flatMap((one) => {
    const [half, whole] = [`half${one.result}`, resultName(one.result)];
    const meet = (found: string, distance: number) => combine(one, found, `subgroupShuffleXor(${found}, ${distance}u)`);
    return [
      `let quarter${one.result} = ${meet(partial(one), 1)};`,
      `let ${half} = ${meet(`quarter${one.result}`, 2)};`,
      `let ${whole} = ${meet(half, 4)};`,
    ];
  });
