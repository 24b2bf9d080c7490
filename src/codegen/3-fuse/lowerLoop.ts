/**
 * A group without a contract becomes a loop kernel: reductions in stages, each a loop over the reduced axes that computes what
 * it needs anew from the row's values; then a loop that stores. Stores join the first loop in which they are known.
 */
import type { Value } from '../../graph/value.ts';
import { at, get } from '../at.ts';
import { isReduction } from './alignReductions.ts';
import { axesOf, type Group, indicesAlong, operandPlace, type Place } from './group.ts';
import { unflatten } from './indexArithmetic.ts';
import { type Index, variable } from './indexing.ts';
import type { Accumulator, LoopKernel, Step } from './kernel.ts';
import { type Lowering, makeScope, type Scope } from './lowering.ts';
import { one, type Product, times } from './product.ts';
import { basesOf } from './views.ts';

export function lowerLoop(group: Group, stores: readonly Value[], lowering: Lowering): LoopKernel {
  const outer = axesOf(group, 'outer');
  const reduced = group.reduced ?? [];
  const [rows, columns] = [sizeAlong(group, outer), sizeAlong(group, reduced)];
  const positions = spread(group, outer, 'i', rows, spread(group, reduced, 'r', columns, new Map()));
  const indicesOf = (place: Place): readonly Index[] => indicesAlong(group, place, (axis) => get(positions, axis));
  const placeOf = (value: Value): Place => get(group.members, value);

  const stageOf = findStages(group, stores);
  const lastStage = Math.max(
    0,
    ...stores.map((value) => get(stageOf, value)),
    ...[...stageOf].map(([value, stage]) => (isReduction(value) ? stage : 0)),
  );
  const row = makeScope(undefined, (name) => name !== 'r');
  const steps: Step[] = [];
  const flushRow = (): void => {
    if (row.body.length > 0) steps.push({ kind: 'row', body: row.body.splice(0) });
  };

  for (let stage = 0; stage <= lastStage; stage++) {
    const loop: Scope = makeScope(row, () => true);
    const accumulated = [...group.members.keys()].filter((value) => isReduction(value) && stageOf.get(value) === stage + 1);
    const operands = accumulated.map((value) => ({
      value,
      operand: lowering.evaluate(at(value.operands, 0), operandIndices(group, value, positions), loop),
    }));
    const due = stores.filter((value) => get(stageOf, value) === stage && !isReduction(value));
    for (const value of due)
      if (placeOf(value).level === 'full' && reduced.length > 0) lowering.store(value, indicesOf(placeOf(value)), loop);
    const accumulators = operands.map(({ value, operand }): Accumulator => {
      const operation = value.primitive === 'reduceMax' ? 'max' : 'sum';
      return { result: lowering.define(value, row), operation, operand, dtype: value.dtype };
    });
    for (const value of due)
      if (placeOf(value).level === 'outer' || reduced.length === 0) lowering.store(value, indicesOf(placeOf(value)), row);
    flushRow();
    if (loop.body.length > 0 || accumulators.length > 0) steps.push({ kind: 'loop', body: loop.body, accumulators });
    for (const value of stores)
      if (isReduction(value) && get(stageOf, value) === stage + 1) lowering.store(value, indicesOf(placeOf(value)), row);
  }
  flushRow();
  return { kind: 'loop', rows, reduced: reduced.length === 0 ? undefined : columns, steps };
}

const sizeAlong = (group: Group, axes: readonly number[]): Product => axes.map((axis) => at(group.space, axis)).reduce(times, one);

/** Gives each axis its share of one flat variable. */
function spread(group: Group, axes: readonly number[], name: string, size: Product, positions: Map<number, Index>): Map<number, Index> {
  const shares = unflatten(
    variable(name, size),
    axes.map((axis) => at(group.space, axis)),
  );
  for (const [i, axis] of axes.entries()) positions.set(axis, at(shares, i));
  return positions;
}

function operandIndices(group: Group, value: Value, positions: ReadonlyMap<number, Index>): readonly Index[] {
  const place = operandPlace(group, value);
  return place === undefined ? [] : indicesAlong(group, place, (axis) => get(positions, axis));
}

/** How many loops must have run before a value is known; a reduction is known after its own. Members stand operands first. */
function findStages(group: Group, stores: readonly Value[]): ReadonlyMap<Value, number> {
  const inGroup = (value: Value): readonly Value[] => value.operands.flatMap(basesOf).filter((base) => group.members.has(base));
  const needed = new Set(stores);
  for (const value of [...group.members.keys()].reverse()) if (needed.has(value)) for (const below of inGroup(value)) needed.add(below);
  const stages = new Map<Value, number>();
  for (const value of group.members.keys()) {
    if (!needed.has(value)) continue;
    const below = inGroup(value).reduce((latest, operand) => Math.max(latest, get(stages, operand)), 0);
    stages.set(value, below + (isReduction(value) ? 1 : 0));
  }
  return stages;
}
