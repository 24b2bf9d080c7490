/**
 * A group that streams over a plane becomes a chain kernel. Every step that streams asks for what it needs of the plane anew:
 * for elements of products, and for whatever is made of them.
 */
import type { Value } from '../../graph/value.ts';
import { at, get } from '../at.ts';
import { isReduction } from './alignReductions.ts';
import { type Group, indicesAlong, type Level } from './group.ts';
import { unflatten } from './indexArithmetic.ts';
import { type Index, variable, zero } from './indexing.ts';
import type { Accumulator, ChainKernel, ChainStep, ContractOperand, PlaneProduct } from './kernel.ts';
import { type Lowering, makeScope, type Scope } from './lowering.ts';
import { productsBelow } from './planeCost.ts';
import type { Direction, Plane, Planes } from './planes.ts';
import { one, type Product, times } from './product.ts';
import { sizesOf } from './views.ts';

type ChainGroup = Group & { readonly chain: NonNullable<Group['chain']> };
type Stream = Extract<ChainStep, { kind: 'stream' }>;

/** The index of each axis of a plane, its batch, rows and what is streamed over having one variable each. */
interface PlaneAxes {
  readonly batch: Product;
  readonly rows: Product;
  readonly columns: Product;
  readonly indices: (streamed: string) => readonly Index[];
}

export function lowerChain(group: ChainGroup, stores: readonly Value[], { products }: Planes, lowering: Lowering): ChainKernel {
  const { contract, chain } = group;
  const stream = contract === undefined ? undefined : products.get(contract);
  const axes = planeAxes(chain.plane, chain.direction, contract, stream?.side);
  const used: Value<'contract'>[] = [];
  const row = makeScope(undefined, (name) => name !== 'k');

  const streamed = (values: readonly Value[]): { readonly loop: Scope; readonly step: Stream; readonly results: readonly number[] } => {
    const loop = makeScope(row, () => true);
    const reads = productsBelow(values, chain.plane.values).map((product) => {
      if (!used.includes(product)) used.push(product);
      return { number: used.indexOf(product), result: lowering.define(product, loop) };
    });
    const results = values.map((value) => lowering.evaluate(value, axes.indices('k'), loop));
    return { loop, results, step: { kind: 'stream', products: reads, body: loop.body, accumulators: [] } };
  };

  const level: Level = stream?.side ?? 'outer';
  const steps: ChainStep[] = [];
  const flushRow = (): void => {
    if (row.body.length > 0) steps.push({ kind: 'row', body: row.body.splice(0) });
  };
  const reductions = [...group.members.keys()].filter(isReduction);
  for (const stage of stagesOf(reductions)) {
    const operands = stage.map((value) => at(value.operands, 0));
    const { step, results } = streamed(operands);
    flushRow();
    const accumulators = stage.map((value, i): Accumulator => {
      const operation = value.primitive === 'reduceMax' ? 'max' : 'sum';
      return { result: lowering.define(value, row), operation, operand: at(results, i), dtype: value.dtype };
    });
    steps.push({ ...step, accumulators });
  }
  const rowIndices = group.space.map((_, axis) => indexOnSpace(group, chain.plane, axes, axis, stream?.side));
  for (const value of stores) {
    const place = get(group.members, value);
    if (place.level !== level) continue;
    const indices = indicesAlong(group, place, (axis) => at(rowIndices, axis));
    lowering.store(value, indices, row);
  }
  flushRow();
  const outer = contract === undefined || stream === undefined ? undefined : lowerOuter(contract, stream.side);
  flushRow();
  return { kind: 'chain', batch: axes.batch, rows: axes.rows, columns: axes.columns, products: used.map(lowerProduct), steps, outer };

  function lowerOuter(product: Value<'contract'>, side: 'left' | 'right'): ChainKernel['outer'] {
    const other = side === 'left' ? 'right' : 'left';
    const [factor, value] = [at(product.operands, side === 'left' ? 0 : 1), at(product.operands, side === 'left' ? 1 : 0)];
    const { step, results } = streamed([factor]);
    flushRow();
    const { params } = product;
    const plane = axes.indices('k');
    const free = [...value.shape.keys()].filter((axis) => ![...params[other], ...params[`${other}Batch`]].includes(axis));
    const sizes = free.map((axis) => at(sizesOf(value), axis));
    const n = sizes.reduce(times, one);
    const columns = unflatten(variable('n', n), sizes);
    const indices = value.shape.map((_, axis) => {
      const [bound, batch] = [params[other].indexOf(axis), params[`${other}Batch`].indexOf(axis)];
      if (bound >= 0) return at(plane, at(params[side], bound));
      return batch >= 0 ? at(plane, at(params[`${side}Batch`], batch)) : at(columns, free.indexOf(axis));
    });
    const right = operandAt(value, indices);
    const scope = makeScope(undefined, () => true);
    const accumulator = lowering.define(product, scope);
    const kept = factor.shape
      .map((_, axis) => axis)
      .filter((axis) => !params[side].includes(axis) && !params[`${side}Batch`].includes(axis));
    const rowsOfPlane = kept.map((axis) => at(plane, axis));
    const positions = [
      ...params[`${side}Batch`].map((axis) => at(plane, axis)),
      ...(side === 'left' ? [...rowsOfPlane, ...columns] : [...columns, ...rowsOfPlane]),
    ];
    for (const stored of stores) {
      const place = get(group.members, stored);
      const places = indicesAlong(group, place, (axis) => at(positions, axis));
      if (place.level === 'full') lowering.store(stored, places, scope);
    }
    return { step, weight: at(results, 0), right, n, accumulator, epilogue: scope.body };
  }

  function lowerProduct(product: Value<'contract'>): PlaneProduct {
    const { params } = product;
    const [left, right] = [at(product.operands, 0), at(product.operands, 1)];
    const plane = axes.indices('n');
    const depths = params.left.map((axis) => at(sizesOf(left), axis));
    const depth = depths.reduce(times, one);
    const bound = unflatten(variable('k', depth), depths);
    const factor = (value: Value, side: 'left' | 'right', own: readonly number[]): ContractOperand => {
      const free = [...value.shape.keys()].filter((axis) => ![...params[side], ...params[`${side}Batch`]].includes(axis));
      const indices = value.shape.map((_, axis) => {
        const [inner, batch] = [params[side].indexOf(axis), params[`${side}Batch`].indexOf(axis)];
        if (inner >= 0) return at(bound, inner);
        return batch >= 0 ? at(plane, batch) : at(plane, at(own, free.indexOf(axis)));
      });
      return operandAt(value, indices);
    };
    const [first, second] = [factor(left, 'left', chain.plane.rows), factor(right, 'right', chain.plane.columns)];
    return chain.direction === 'rows' ? { left: first, right: second, depth } : { left: second, right: first, depth };
  }

  function operandAt(value: Value, indices: readonly Index[]): ContractOperand {
    const scope = makeScope(undefined, () => true);
    return { result: lowering.evaluate(value, indices, scope), body: scope.body };
  }
}

/** Reductions that need no other's result first, then those that need these, and so on. */
function stagesOf(reductions: readonly Value[]): readonly (readonly Value[])[] {
  const stages: Value[][] = [];
  const stageOf = new Map<Value, number>();
  const latest = (from: Value): number => {
    const seen = new Set<Value>();
    const stack = [...from.operands];
    let stage = -1;
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      const known = stageOf.get(next);
      if (known !== undefined) stage = Math.max(stage, known);
      else stack.push(...next.operands);
    }
    return stage;
  };
  for (const value of reductions) {
    const stage = latest(value) + 1;
    stageOf.set(value, stage);
    stages[stage] = [...(stages[stage] ?? []), value];
  }
  return stages;
}

function planeAxes(
  plane: Plane,
  direction: Direction,
  contract: Value<'contract'> | undefined,
  side: 'left' | 'right' | undefined,
): PlaneAxes {
  const [sample] = plane.values;
  const sizes = sample === undefined ? [] : sizesOf(sample);
  // the order in which the product that streams names the axes
  const bound = contract === undefined || side === undefined ? undefined : contract.params;
  const batch = bound?.[`${side ?? 'left'}Batch`] ?? plane.batch;
  const streamed = bound?.[side ?? 'left'] ?? (direction === 'rows' ? plane.columns : plane.rows);
  const rows = direction === 'rows' ? plane.rows : plane.columns;
  const sizeOf = (axes: readonly number[]): Product => axes.map((axis) => at(sizes, axis)).reduce(times, one);
  const spread = (name: string, axes: readonly number[]): ReadonlyMap<number, Index> => {
    const shares = unflatten(
      variable(name, sizeOf(axes)),
      axes.map((axis) => at(sizes, axis)),
    );
    return new Map(axes.map((axis, i) => [axis, at(shares, i)]));
  };
  return {
    batch: sizeOf(batch),
    rows: sizeOf(rows),
    columns: sizeOf(streamed),
    indices: (name) => {
      const all = new Map([...spread('b', batch), ...spread('m', rows), ...spread(name, streamed)]);
      return sizes.map((_, axis) => get(all, axis));
    },
  };
}

/** The index of an axis of the group's space, as far as it is one of the plane's rows. */
function indexOnSpace({ contract }: ChainGroup, plane: Plane, axes: PlaneAxes, axis: number, side: 'left' | 'right' | undefined): Index {
  const indices = axes.indices('k');
  if (contract === undefined || side === undefined) return at(indices, axis);
  const { params } = contract;
  const factor = at(contract.operands, side === 'left' ? 0 : 1);
  const batch = params[`${side}Batch`];
  const free = [...factor.shape.keys()].filter((own) => !params[side].includes(own) && !batch.includes(own));
  const first = side === 'left' ? batch.length : contract.shape.length - free.length;
  const from = axis < batch.length ? batch[axis] : free[axis - first];
  return from === undefined || plane.values.size === 0 ? zero : at(indices, from);
}
