/**
 * Loops: recorded by running one step on formals, and taken as graphs of that step for those who compute it.
 *
 * Invariant: what a step computes without its index, carries and rows is computed once, outside, and captured; views of it and
 * constants stay inside, where they cost nothing. The body keeps its values as they were recorded, since hand-written gradients speak of
 * these; a `bodyGraph` is a copy.
 * Source: jax.lax.scan.
 */
import type { Dim } from '../types/dim.ts';
import { add, constantLike, input, isPrimitive, loopResult, type Origin } from './build.ts';
import { makeGraph, reachable } from './graph.ts';
import type { LoopBody, LoopOutput, Primitive } from './primitive.ts';
import type { TensorType } from './showShape.ts';
import { substitute } from './substitute.ts';
import type { Graph, Value } from './value.ts';

export interface LoopStep {
  readonly carries: readonly Value[];
  /** Stacked along the axis. */
  readonly each: readonly Value[];
}

const leafLike = (name: string, { shape, dtype }: TensorType): Value => input(name, shape, dtype);
const rowOf = ({ shape, dtype }: Value, j: number): Value => input(`row${j}`, shape.slice(1), dtype);

/** Steps along `axis`, which is axis 0 of `xs`: the carries after the last, and the results of each. */
export function loop(
  axis: Dim,
  initial: readonly Value[],
  xs: readonly Value[],
  step: (index: Value, carries: readonly Value[], rows: readonly Value[]) => LoopStep,
  origin?: Origin,
): LoopStep {
  const index = input('index', [], 'u32');
  const before = initial.map((value, k) => leafLike(`carry${k}`, value));
  const rows = xs.map(rowOf);
  const { carries: after, each } = step(index, before, rows);
  const carries = before.map((value, k) => ({ before: value, after: after[k] ?? value }));
  return record({ axis, index, carries, rows }, initial, xs, each, origin);
}

/** The sums of what `term` gives for each row of `xs`, in order. */
export function loopSum(
  axis: Dim,
  xs: readonly Value[],
  term: (index: Value, rows: readonly Value[]) => readonly Value[],
  origin?: Origin,
): readonly Value[] {
  const index = input('index', [], 'u32');
  const rows = xs.map(rowOf);
  const carries = term(index, rows).map((value, k) => {
    const before = leafLike(`sum${k}`, value);
    return { before, after: add(before, value, origin) };
  });
  const initial = carries.map(({ before }) => constantLike(before, 0));
  return record({ axis, index, carries, rows }, initial, xs, [], origin).carries;
}

function record(
  step: Pick<LoopBody, 'axis' | 'index' | 'carries' | 'rows'>,
  initial: readonly Value[],
  xs: readonly Value[],
  each: readonly Value[],
  origin: Origin | undefined,
): LoopStep {
  const { index, carries, rows } = step;
  const captured = capturedBy([...carries.map(({ after }) => after), ...each], [index, ...carries.map(({ before }) => before), ...rows]);
  const body: LoopBody = { ...step, reverse: false, captured };
  return loopResults(body, [...initial, ...xs, ...captured], [...carries.keys()], each, origin);
}

/** Results of one loop: the carries `last`, and what is stacked. */
export function loopResults(
  body: LoopBody,
  operands: readonly Value[],
  last: readonly number[],
  each: readonly Value[],
  origin?: Origin,
): LoopStep {
  return {
    carries: last.map((k) => loopResult(body, { last: k }, operands, origin)),
    each: each.map((value) => loopResult(body, { each: value }, operands, origin)),
  };
}

const freeViews: ReadonlySet<Primitive> = new Set(['permute', 'reshape', 'broadcast']);

/** The values outside that the step is computed from. */
function capturedBy(outputs: readonly Value[], formals: readonly Value[]): readonly Value[] {
  const ends = new Set(formals);
  const inside = new Set(formals);
  for (const value of reachable(outputs, ends)) if (value.operands.some((operand) => inside.has(operand))) inside.add(value);
  // what no data leads to is no more than constants
  const fixed = new Set<Value>();
  for (const value of reachable(outputs, ends)) {
    const isConstant = value.primitive === 'constant' || value.primitive === 'iota';
    if (isConstant || (value.operands.length > 0 && value.operands.every((operand) => fixed.has(operand)))) fixed.add(value);
  }
  const captured = new Set<Value>();
  const seen = new Set<Value>(formals);
  const stack = [...outputs].reverse();
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    if (seen.has(value)) continue;
    seen.add(value);
    if (inside.has(value) || fixed.has(value) || freeViews.has(value.primitive)) stack.push(...[...value.operands].reverse());
    else captured.add(value);
  }
  return [...captured];
}

export const formalsOf = ({ index, carries, rows, captured }: LoopBody): readonly Value[] => [
  index,
  ...carries.map(({ before }) => before),
  ...rows,
  ...captured,
];

/** The results of each loop among some values, together. */
export function groupLoops(values: Iterable<Value>): readonly (readonly Value<'loop'>[])[] {
  const byBody = new Map<LoopBody, Value<'loop'>[][]>();
  for (const value of values) {
    if (!isPrimitive(value, 'loop')) continue;
    const known = byBody.get(value.params.body) ?? [];
    const group = known.find(([first]) => first !== undefined && isSameLoop(first, value));
    if (group === undefined) byBody.set(value.params.body, [...known, [value]]);
    else group.push(value);
  }
  return [...byBody.values()].flat();
}

export function isSameLoop(one: Value<'loop'>, other: Value<'loop'>): boolean {
  return one.params.body === other.params.body && one.operands.every((operand, i) => operand === other.operands[i]);
}

/** A step as a graph, without what the outputs asked for do not need. */
export interface BodyGraph {
  /** From the index, the carries, the rows and what is captured, to the carries and then what is stacked. */
  readonly graph: Graph;
  /** Which of the body's carries, and which of the loop's operands the inputs after the index are, carries first. */
  readonly carries: readonly number[];
  readonly rows: readonly number[];
  readonly captured: readonly number[];
}

export function bodyGraph(body: LoopBody, outputs: readonly LoopOutput[]): BodyGraph {
  const formals = formalsOf(body);
  const ends = new Set(formals);
  const each = outputs.flatMap((output) => ('each' in output ? [output.each] : []));
  const live = new Set(outputs.flatMap((output) => ('last' in output ? [output.last] : [])));
  let reached: ReadonlySet<Value>;
  for (;;) {
    reached = new Set(reachable([...each, ...[...live].flatMap((k) => body.carries[k]?.after ?? [])], ends));
    const missing = body.carries.flatMap(({ before }, k) => (reached.has(before) && !live.has(k) ? [k] : []));
    if (missing.length === 0) break;
    for (const k of missing) live.add(k);
  }
  const carries = [...live].sort((a, b) => a - b);
  const used = (values: readonly Value[], from: number): readonly number[] =>
    values.flatMap((value, i) => (reached.has(value) ? [from + i] : []));
  const rows = used(body.rows, body.carries.length);
  const captured = used(body.captured, body.carries.length + body.rows.length);
  // the operands' formals come after the index
  const taken = [0, ...[...carries, ...rows, ...captured].map((operand) => operand + 1)].flatMap((at) => formals[at] ?? []);
  const leaves = new Map(taken.map((value, i) => [value, input(`formal${i}`, value.shape, value.dtype)]));
  const results = substitute([...carries.flatMap((k) => body.carries[k]?.after ?? []), ...each], (value) => leaves.get(value));
  return { graph: makeGraph('step', [...leaves.values()], results), carries, rows, captured };
}
