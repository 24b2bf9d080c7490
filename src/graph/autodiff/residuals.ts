/**
 * Splits a gradient into a forward and a backward half: which values of the forward pass must be kept for the backward one.
 *
 * Invariant: what backward reads is an argument, a result, a cotangent, a residual, or made of these by views and
 * pointwise steps; no product and no reduction is computed twice, but planes, which would cost more to keep. The residuals are
 * the smallest that do, of as small ones the fewest, as a minimum cut between what is not computed again and what backward reads. What products read is kept, since
 * backward would have to store it anyway; of a repeated or reordered value that value is kept.
 *
 * Source: the min-cut partitioner of PyTorch's AOTAutograd (Ansel et al., 2024).
 */

import { sizeOf, symbolOf } from '../../types/dim.ts';
import { symbolsOf } from '../../types/size.ts';
import { input, isPrimitive, withOperands } from '../build.ts';
import { makeGraph, reachable } from '../graph.ts';
import type { Primitive } from '../primitive.ts';
import type { Graph, Value } from '../value.ts';
import { type CutNode, minimumCut } from './minimumCut.ts';
import { valuesOfPlanes } from './planes.ts';
import { typicalElements } from './typicalElements.ts';

const again = true;
const keep = false;

/** Whether backward computes a value again from available operands, or gets it as a residual. */
const isRecomputed: { readonly [P in Primitive]: boolean } = {
  input: keep,
  data: keep,
  constant: again,
  iota: again,
  neg: again,
  exp: again,
  log: again,
  sqrt: again,
  tanh: again,
  sigmoid: again,
  sin: again,
  cos: again,
  erf: again,
  log1p: again,
  expm1: again,
  floor: again,
  round: again,
  relu: again,
  add: again,
  sub: again,
  mul: again,
  div: again,
  maximum: again,
  pow: again,
  rem: again,
  bitAnd: again,
  bitOr: again,
  bitXor: again,
  shiftLeft: again,
  shiftRight: again,
  compare: again,
  select: again,
  cast: again,
  randomBits: again, // from its key: a mask is never kept
  permute: again,
  reshape: again,
  broadcast: again,
  slice: again,
  pad: again,
  skew: again,
  unskew: again,
  gather: again,
  scatterAdd: keep,
  reduceSum: keep,
  reduceMax: keep,
  contract: keep,
  loop: keep,
  identity: again,
  stopGradient: again,
  after: again,
  customGradient: again,
};

/** No larger than what they show. */
const isRearranged: ReadonlySet<Primitive> = new Set(['permute', 'reshape', 'broadcast', 'identity', 'stopGradient']);

/** A sum over axes of size 1 moves nothing. */
function onlyDropsAxes(value: Value): boolean {
  const [operand] = value.operands;
  return isPrimitive(value, 'reduceSum') && value.params.axes.every((axis) => sizeOf(operand?.shape[axis] ?? 0) === 1);
}

const isMoved = (value: Value): boolean => isRearranged.has(value.primitive) || onlyDropsAxes(value);

export interface Split {
  /** Results of the forward pass that are neither arguments nor results. */
  readonly residuals: readonly Value[];
  /** From the values in `available`, then the residuals, then the cotangents, to the gradients. */
  readonly backward: Graph;
  /** The arguments and results that backward reads, in the order of its inputs. */
  readonly available: readonly Value[];
}

/** `gradients` are values over `args`, `results` and the leaves `cotangents`. */
export function splitGradient(
  name: string,
  args: readonly Value[],
  results: readonly Value[],
  cotangents: readonly Value[],
  gradients: readonly Value[],
): Split {
  const given = new Set([...args, ...results]);
  const reading = readBy(gradients, cotangents);
  const { needed, kept } = chooseResiduals(reading, given, new Set([...valuesOfPlanes(results), ...constantsIn(gradients)]));
  const available = needed.filter((value) => given.has(value));
  const residuals = needed.filter((value) => kept.has(value));
  const inputOf = new Map([...available, ...residuals].map((value, index) => [value, input(`saved${index}`, value.shape, value.dtype)]));
  const outputs = withInputs(gradients, inputOf);
  const bearers = sizeBearers(args, reachable(outputs), [...inputOf.keys(), ...cotangents]);
  for (const value of bearers) inputOf.set(value, input(`size${inputOf.size}`, value.shape, value.dtype));
  const read = [...available, ...bearers];
  const inputs = [...read, ...residuals].flatMap((value) => inputOf.get(value) ?? []);
  return { residuals, available: read, backward: makeGraph(`${name} backward`, [...inputs, ...cotangents], outputs) };
}

/** What a step needs to be computed: of a custom gradient its result alone; the rest only matters to its backward, which has run. */
const needsOf = ({ primitive, operands }: Value): readonly Value[] => (primitive === 'customGradient' ? operands.slice(0, 1) : operands);

/** The gradients over `inputOf`'s inputs, hand-written gradients' marks left out. */
function withInputs(gradients: readonly Value[], inputOf: ReadonlyMap<Value, Value>): readonly Value[] {
  const rewritten = new Map<Value, Value>(inputOf);
  const now = (value: Value): Value => rewritten.get(value) ?? value;
  for (const value of reachable(gradients, new Set(inputOf.keys()))) {
    if (rewritten.has(value)) continue;
    const [result] = value.operands;
    const isMark = value.primitive === 'customGradient' && result !== undefined;
    rewritten.set(value, isMark ? now(result) : withOperands(value, value.operands.map(now)));
  }
  return gradients.map(now);
}

export interface Reading {
  /** The values of the forward pass that gradients are, or are made of by steps that the cotangents lead to. */
  readonly read: ReadonlySet<Value>;
  /** Those among what they are views of that products read: they are stored, by the one pass or the other. */
  readonly factors: ReadonlySet<Value>;
}

/**
 * What the gradients read of the forward pass: the values that no cotangent leads to and that something after a cotangent reads, and
 * those of them that are factors of a product. The walk stops at `ends`.
 */
export function readBy(gradients: readonly Value[], cotangents: readonly Value[], ends: ReadonlySet<Value> = new Set()): Reading {
  const fromCotangent = new Set<Value>(cotangents);
  for (const value of reachable(gradients, ends)) {
    if (!ends.has(value) && value.operands.some((operand) => fromCotangent.has(operand))) fromCotangent.add(value);
  }
  const read = new Set<Value>();
  const factors = new Set<Value>();
  const seen = new Set<Value>(cotangents);
  const walk = [...gradients];
  for (let value = walk.pop(); value !== undefined; value = walk.pop()) {
    if (seen.has(value)) continue;
    seen.add(value);
    if (!fromCotangent.has(value)) read.add(value);
    else {
      walk.push(...needsOf(value));
      if (value.primitive === 'contract') for (const factor of value.operands) if (!fromCotangent.has(factor)) factors.add(baseOf(factor));
    }
  }
  return { read, factors };
}

function baseOf(view: Value): Value {
  let base = view;
  for (let below = base.operands[0]; below !== undefined && isRearranged.has(base.primitive); below = base.operands[0]) base = below;
  return base;
}

/** The values that no argument leads to, in order of computation: the compiler folds them. The walk stops at `ends`. */
export function constantsIn(gradients: readonly Value[], ends: ReadonlySet<Value> = new Set()): readonly Value[] {
  const varying = new Set<Value>();
  return reachable(gradients, ends).filter((value) => {
    const isLeaf = value.primitive === 'input' || value.primitive === 'data' || ends.has(value);
    if (isLeaf || value.operands.some((operand) => varying.has(operand))) varying.add(value);
    return !varying.has(value);
  });
}

export interface Residuals {
  /** What backward needs that is given or kept, in the order in which it is met. */
  readonly needed: readonly Value[];
  readonly kept: ReadonlySet<Value>;
}

/**
 * Which values to keep so that backward finds what it reads, in as few bytes as there can be: a minimum cut between what is `given` and
 * what is read. `free`: values that are computed again whatever they are.
 */
export function chooseResiduals({ read, factors }: Reading, given: ReadonlySet<Value>, free: ReadonlySet<Value>): Residuals {
  const isAgain = (value: Value): boolean => free.has(value) || isRecomputed[value.primitive] || onlyDropsAxes(value);
  const candidates: Value[] = [];
  const reached = new Set<Value>();
  const walk = [...read];
  for (let value = walk.pop(); value !== undefined; value = walk.pop()) {
    if (given.has(value) || reached.has(value)) continue;
    reached.add(value);
    candidates.push(value);
    if (isAgain(value)) walk.push(...needsOf(value));
  }
  const positions = new Map(candidates.map((value, position) => [value, position]));
  const weightOf = (value: Value): number => {
    if (isAgain(value) && (free.has(value) || isMoved(value))) return Number.POSITIVE_INFINITY;
    return factors.has(value) ? 0 : bytesOf(value) + 1;
  };
  const cut = minimumCut(
    candidates.map((value): CutNode => {
      const below = isAgain(value) ? needsOf(value) : [];
      return {
        weight: weightOf(value),
        from: below.flatMap((operand) => positions.get(operand) ?? []),
        isSource: !isAgain(value),
        isSink: read.has(value),
      };
    }),
  );
  const kept = new Set(candidates.filter((_, position) => cut.has(position)));
  const needed: Value[] = [];
  const seen = new Set<Value>();
  const downward = [...read];
  for (let value = downward.pop(); value !== undefined; value = downward.pop()) {
    if (seen.has(value)) continue;
    seen.add(value);
    if (given.has(value) || kept.has(value)) needed.push(value);
    else downward.push(...needsOf(value));
  }
  return { needed, kept };
}

const bytesOf = ({ shape, dtype }: Value): number => typicalElements(shape) * (dtype === 'f16' ? 2 : 4);

/** For each symbolic axis that nothing read has, as in the gradient of a sum: an argument that has its size. */
function sizeBearers(args: readonly Value[], computed: readonly Value[], read: readonly Value[]): readonly Value[] {
  const symbolsIn = ({ shape }: Value): readonly string[] => shape.flatMap((dim) => symbolOf(dim) ?? []);
  const known = new Set(read.flatMap(symbolsIn));
  const needed = new Set(computed.flatMap(({ shape }) => shape.flatMap((dim) => symbolsOf(sizeOf(dim)))));
  return args.filter((arg) => {
    const isBearer = symbolsIn(arg).some((symbol) => needed.has(symbol) && !known.has(symbol));
    if (isBearer) for (const symbol of symbolsIn(arg)) known.add(symbol);
    return isBearer;
  });
}
