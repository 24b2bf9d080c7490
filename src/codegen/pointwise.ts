/** Which primitives are pointwise, and what one element of each costs. */
import type { Primitive } from '../graph/primitive.ts';
import type { Value } from '../graph/value.ts';

/** In simple operations; undefined for primitives that are not pointwise. Above `cheap`, an element is worth keeping. */
const costs: { readonly [P in Primitive]: number | undefined } = {
  input: undefined,
  data: undefined,
  constant: undefined,
  iota: undefined,
  neg: 1,
  exp: 10,
  log: 10,
  sqrt: 4,
  tanh: 15,
  sigmoid: 12,
  sin: 10,
  cos: 10,
  erf: 20,
  log1p: 14,
  expm1: 14,
  floor: 1,
  round: 1,
  relu: 1,
  add: 1,
  sub: 1,
  mul: 1,
  div: 2,
  maximum: 1,
  pow: 20,
  rem: 2,
  bitAnd: 1,
  bitOr: 1,
  bitXor: 1,
  shiftLeft: 1,
  shiftRight: 1,
  compare: 1,
  select: 1,
  cast: 1,
  randomBits: 60,
  permute: undefined,
  reshape: undefined,
  broadcast: undefined,
  slice: undefined,
  pad: undefined,
  skew: undefined,
  unskew: undefined,
  gather: undefined,
  scatterAdd: undefined,
  reduceSum: undefined,
  reduceMax: undefined,
  contract: undefined,
  loop: undefined,
  identity: 0,
  stopGradient: 0,
  after: undefined,
  customGradient: undefined,
};

export function isPointwise(value: Value): boolean {
  return costs[value.primitive] !== undefined;
}

/** 0 for what is not pointwise. */
export function costOf(value: Value): number {
  return costOfPrimitive(value.primitive);
}

export const costOfPrimitive = (primitive: Primitive): number => costs[primitive] ?? 0;
