/**
 * Splits a gradient into a forward and a backward half: which values of the forward pass must be kept for the backward one.
 *
 * Invariant: what backward reads is an argument, a result, a cotangent, a residual, or made of these by views and cheap
 * pointwise steps; nothing expensive is computed twice, but planes, which would cost more to keep. Of a repeated or reordered value
 * that value is kept.
 */

import { sizeOf, symbolOf } from '../../types/dim.ts';
import { symbolsOf } from '../../types/size.ts';
import { input } from '../build.ts';
import { makeGraph, reachable } from '../graph.ts';
import type { Primitive } from '../primitive.ts';
import { substitute } from '../substitute.ts';
import type { Graph, Value } from '../value.ts';
import { valuesOfPlanes } from './planes.ts';

const again = true;
const keep = false;

/** Whether backward computes a value again from available operands, or gets it as a residual. */
const isRecomputed: { readonly [P in Primitive]: boolean } = {
  input: keep,
  data: keep,
  constant: again,
  iota: again,
  neg: again,
  exp: keep,
  log: keep,
  sqrt: keep,
  tanh: keep,
  sigmoid: keep,
  sin: keep,
  cos: keep,
  erf: keep,
  log1p: keep,
  expm1: keep,
  floor: again,
  round: again,
  relu: again,
  add: again,
  sub: again,
  mul: again,
  div: keep,
  maximum: again,
  pow: keep,
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
  identity: again,
  stopGradient: again,
  after: again,
  customGradient: again,
};

/** No larger than what they show. */
const isRearranged: ReadonlySet<Primitive> = new Set(['permute', 'reshape', 'broadcast', 'identity', 'stopGradient']);

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
  const order = reachable(gradients);
  const given = new Set([...args, ...results]);
  const fromCotangent = new Set<Value>(cotangents);
  const isFree = new Set<Value>();
  const planes = valuesOfPlanes(results);
  for (const value of order) {
    if (value.operands.some((operand) => fromCotangent.has(operand))) fromCotangent.add(value);
    // customGradient's first operand is its result; the others only matter to its backward, which has run.
    const needed = value.primitive === 'customGradient' ? value.operands.slice(0, 1) : value.operands;
    const isAgain = planes.has(value) || (isRecomputed[value.primitive] && needed.every((operand) => isFree.has(operand)));
    if (given.has(value) || isAgain) isFree.add(value);
  }
  const available: Value[] = [];
  const residuals: Value[] = [];
  const seen = new Set<Value>();
  const walk = [...gradients];
  for (let value = walk.pop(); value !== undefined; value = walk.pop()) {
    if (seen.has(value)) continue;
    seen.add(value);
    if (given.has(value)) available.push(value);
    else if (!fromCotangent.has(value) && !isFree.has(value) && !isRearranged.has(value.primitive)) residuals.push(value);
    else if (value.primitive === 'customGradient') walk.push(...value.operands.slice(0, 1));
    else walk.push(...value.operands);
  }
  const inputOf = new Map([...available, ...residuals].map((value, index) => [value, input(`saved${index}`, value.shape, value.dtype)]));
  const outputs = substitute(
    gradients,
    (value) => inputOf.get(value) ?? (value.primitive === 'customGradient' ? value.operands[0] : undefined),
  );
  const bearers = sizeBearers(args, reachable(outputs), [...inputOf.keys(), ...cotangents]);
  for (const value of bearers) inputOf.set(value, input(`size${inputOf.size}`, value.shape, value.dtype));
  const read = [...available, ...bearers];
  const inputs = [...read, ...residuals].flatMap((value) => inputOf.get(value) ?? []);
  return { residuals, available: read, backward: makeGraph(`${name} backward`, [...inputs, ...cotangents], outputs) };
}

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
