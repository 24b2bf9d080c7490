/**
 * The table of docs/support.md, from the tables of the compiler itself: every primitive, what dtypes it takes, what its gradient is, and
 * where kernels compute it.
 *
 * Invariant: nothing here is known of a primitive by name but the sample that it is tried with; what is said of it was asked of shape
 * inference, the gradient rules and fusion.
 */

import { simplify } from '../../src/codegen/2-simplify/simplify.ts';
import { fuse } from '../../src/codegen/3-fuse/fuse.ts';
import type { FusedKernel } from '../../src/codegen/3-fuse/kernel.ts';
import { isView } from '../../src/codegen/3-fuse/views.ts';
import { compile } from '../../src/codegen/compile.ts';
import { vjp } from '../../src/graph/autodiff/vjp.ts';
import { byCall, vjpRules } from '../../src/graph/autodiff/vjpRules.ts';
import * as b from '../../src/graph/build.ts';
import { makeGraph, reachable } from '../../src/graph/graph.ts';
import { loop } from '../../src/graph/loop.ts';
import type { Primitive } from '../../src/graph/primitive.ts';
import type { Graph, Value } from '../../src/graph/value.ts';
import { type DType, dtypes, isFloating } from '../../src/types/dtype.ts';

/** The primitive on operands of a dtype; throws where it does not take the dtype. */
type Sample = (x: Value, y: Value) => Value;

const whole = (shape: readonly number[]): Value => b.input('whole', shape, 'i32');
const words = (): Value => b.input('words', [4, 6], 'u32');
const cut = { starts: [1, 0], limits: [3, undefined], strides: [1, 1], shape: [2, 6] };
const padding = { low: [1, 0], high: [0, 0], interior: [0, 0], value: 0, shape: [5, 6] };
const window = { axis: 0, window: 1, stride: 1, dilation: 1 };

export const samples: { readonly [P in Primitive]: Sample } = {
  input: (x) => x,
  data: (x) => b.data({}, x.shape, x.dtype),
  constant: (x) => b.constantLike(x, 1),
  iota: (x) => b.iota(1, x.shape, x.dtype),
  neg: (x) => b.neg(x),
  exp: (x) => b.exp(x),
  log: (x) => b.log(x),
  sqrt: (x) => b.sqrt(x),
  tanh: (x) => b.tanh(x),
  sigmoid: (x) => b.sigmoid(x),
  sin: (x) => b.sin(x),
  cos: (x) => b.cos(x),
  erf: (x) => b.erf(x),
  log1p: (x) => b.log1p(x),
  expm1: (x) => b.expm1(x),
  floor: (x) => b.floor(x),
  round: (x) => b.round(x),
  relu: (x) => b.relu(x),
  add: b.add,
  sub: b.sub,
  mul: b.mul,
  div: b.div,
  maximum: b.maximum,
  pow: b.pow,
  rem: b.rem,
  bitAnd: b.bitAnd,
  bitOr: b.bitOr,
  bitXor: b.bitXor,
  shiftLeft: b.shiftLeft,
  shiftRight: b.shiftRight,
  compare: (x, y) => b.compare(x, y, 'lt'),
  select: (x, y) => b.select(b.input('condition', [4, 6], 'bool'), x, y),
  cast: (x) => b.cast(x, x.dtype === 'f32' ? 'f16' : 'f32'),
  randomBits: (x, y) => b.randomBits([x, y], [words(), words()], 'both'),
  permute: (x) => b.permute(x, [1, 0]),
  reshape: (x) => b.reshape(x, [8, 3]),
  broadcast: (x) => b.broadcast(x, [2, 4, 6], [1, 2]),
  slice: (x) => b.slice(x, cut),
  pad: (x) => b.pad(x, padding),
  skew: (x) => b.skew(x, { ...window, axis: 1, window: 0, shape: [4, 3] }),
  unskew: (x) => b.unskew(x, { ...window, axis: 1, window: 0, shape: [4, 9] }),
  gather: (x) => b.gather(x, whole([5]), 0),
  scatterAdd: (x) => b.scatterAdd(x, whole([4]), 0, 50),
  reduceSum: (x) => b.reduceSum(x, [1]),
  reduceMax: (x) => b.reduceMax(x, [1]),
  contract: (x, y) => b.contract(x, y, { left: [1], right: [1] }),
  loop: (x) => {
    const { each } = loop(4, [b.reduceMax(x, [0])], [x], (_, [state], [row]) => ({
      carries: [b.add(state as Value, row as Value)],
      each: [b.mul(state as Value, row as Value)],
    }));
    return each[0] as Value;
  },
  identity: (x) => b.identity(x),
  stopGradient: (x) => b.stopGradient(x),
  after: (x, y) => b.after(x, [y]),
  customGradient: (x) => b.customGradient([x], [x], ([dy]) => [dy])[0] ?? x,
};

const operand = (name: string, dtype: DType): Value => b.input(name, [4, 6], dtype);

function sampleOf(primitive: Primitive, dtype: DType): { readonly value: Value; readonly x: Value; readonly y: Value } | undefined {
  const [x, y] = [operand('x', dtype), operand('y', dtype)];
  try {
    return { value: samples[primitive](x, y), x, y };
  } catch {
    return undefined;
  }
}

const graphOf = (outputs: readonly Value[]): Graph =>
  makeGraph(
    'sample',
    reachable(outputs).filter(({ primitive }) => primitive === 'input' || primitive === 'data'),
    outputs,
  );

/** Whether a kernel for it can be made. */
function compiles(value: Value): boolean {
  compile(graphOf([value]));
  return true;
}

export function dtypesOf(primitive: Primitive): readonly DType[] {
  return dtypes.filter((dtype) => {
    const sample = sampleOf(primitive, dtype);
    return sample !== undefined && compiles(sample.value);
  });
}

/** `none`, or what the first pullback is made of. */
export function gradientOf(primitive: Primitive): string {
  if (vjpRules[primitive] === byCall) return 'by hand';
  const sample = sampleOf(primitive, 'f32') ?? sampleOf(primitive, 'u32');
  if (sample === undefined || !isFloating(sample.value.dtype)) return 'none';
  const { value, x, y } = sample;
  if (value.operands.length === 0) return 'a leaf';
  const [toX, toY] = vjp([value], [x, y], [operandLike(value)]);
  return toX === undefined && toY === undefined ? 'none' : 'yes';
}

const operandLike = ({ shape, dtype }: Value): Value => b.input('dy', shape, dtype);

/** How many kernels compute it between two other steps, and which kind anchors them. */
export function fusionOf(primitive: Primitive): string {
  const sample = dtypes.flatMap((dtype) => sampleOf(primitive, dtype) ?? [])[0];
  if (sample === undefined) return '';
  const { value } = sample;
  if (value.operands.length === 0) return value.primitive === 'constant' || value.primitive === 'iota' ? 'in the kernel' : 'read';
  if (isView(value)) return 'read through';
  if (compile(graphOf([value])).repeats !== undefined) return 'kernels of its own, repeated';
  const after = value.dtype === 'bool' ? b.select(value, value, b.constantLike(value, 0)) : b.add(value, value);
  const graph = simplify(graphOf([value.dtype === 'f32' ? b.tanh(value) : after]));
  if (!reachable(graph.outputs).some((one) => one.primitive === primitive)) return 'removed';
  const { kernels } = fuse(graph, { storageBuffers: 8 });
  const own = kernels.filter(({ values }) => values.some((one) => one.primitive === primitive));
  return own.length === 1 && kernels.length === 1 ? nameOf(own[0] as FusedKernel) : `${kernels.length} kernels`;
}

/** All kernels but loops have an anchor: a contract, a scatter. */
const nameOf = ({ body }: FusedKernel): string => `${body.kind === 'loop' ? '' : 'anchor, '}with what is before and after`;
