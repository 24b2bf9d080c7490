/**
 * The shape and dtype that follow from a primitive, its parameters and its operands; and the preconditions of each primitive.
 * Nothing follows for a leaf: its type is declared where it is made, and the rule checks the declaration.
 *
 * Invariant: the table is total over `Primitive`, and `verifyGraph` runs the same rules that `build.ts` ran.
 */
import { type Dim, sizeOf } from '../types/dim.ts';
import { type DType, isFloating } from '../types/dtype.ts';
import { padShape, skewShape, sliceShape, unskewShape } from './cutShapes.ts';
import { GraphError } from './graphError.ts';
import type { Primitive, PrimitiveParams } from './primitive.ts';
import {
  dimAt,
  elementCountText,
  isInteger,
  isNumeric,
  isSigned,
  one,
  requireAscendingAxes,
  requireAxes,
  requireDType,
  requireEqualTypes,
  requireShape,
  two,
} from './shapeChecks.ts';
import { showShape, type TensorType } from './showShape.ts';
import type { Value } from './value.ts';

/** `declared` is the type written where a leaf is made; primitives with operands ignore it. */
type InferShape<P extends Primitive> = (
  params: PrimitiveParams[P],
  operands: readonly Value[],
  declared: TensorType | undefined,
) => TensorType;

function leaf(primitive: Primitive, operands: readonly Value[], declared: TensorType | undefined): TensorType {
  if (operands.length !== 0) throw new GraphError(primitive, `takes no operands, not ${operands.length}`);
  if (declared === undefined) throw new GraphError(primitive, 'a leaf needs a declared shape and dtype');
  requireShape(primitive, declared.shape);
  return { shape: declared.shape, dtype: declared.dtype };
}

function unary(primitive: Primitive, accepts: (dtype: DType) => boolean) {
  return (_: unknown, operands: readonly Value[]): TensorType => {
    const { shape, dtype } = one(primitive, operands);
    requireDType(primitive, accepts, dtype);
    return { shape, dtype };
  };
}

function binary(primitive: Primitive, accepts: (dtype: DType) => boolean = isNumeric) {
  return (_: unknown, operands: readonly Value[]): TensorType => {
    const [left, right] = two(primitive, operands);
    requireEqualTypes(primitive, left, right);
    requireDType(primitive, accepts, left.dtype);
    return { shape: left.shape, dtype: left.dtype };
  };
}

function reduction(primitive: Primitive) {
  return ({ axes }: { readonly axes: readonly number[] }, operands: readonly Value[]): TensorType => {
    const { shape, dtype } = one(primitive, operands);
    requireDType(primitive, isNumeric, dtype);
    requireAscendingAxes(primitive, axes, shape.length);
    return { shape: shape.filter((_, axis) => !axes.includes(axis)), dtype };
  };
}

const mark = (primitive: Primitive) => unary(primitive, () => true);

function contractShape(params: PrimitiveParams['contract'], left: readonly Dim[], right: readonly Dim[]): readonly Dim[] {
  requireAxes('contract', [...params.leftBatch, ...params.left], left.length);
  requireAxes('contract', [...params.rightBatch, ...params.right], right.length);
  const pairUp = (kind: string, leftAxes: readonly number[], rightAxes: readonly number[]): readonly Dim[] => {
    if (leftAxes.length !== rightAxes.length) {
      throw new GraphError('contract', `${kind} axes do not pair up: [${leftAxes.join(', ')}], [${rightAxes.join(', ')}]`);
    }
    return leftAxes.map((axis, i) => {
      const dim = dimAt('contract', left, axis);
      if (dim !== right[rightAxes[i] ?? -1])
        throw new GraphError('contract', `${kind} axes differ: ${showShape(left)}, ${showShape(right)}`);
      return dim;
    });
  };
  pairUp('contracted', params.left, params.right);
  const batch = pairUp('batch', params.leftBatch, params.rightBatch);
  const leftFree = left.filter((_, axis) => !params.left.includes(axis) && !params.leftBatch.includes(axis));
  const rightFree = right.filter((_, axis) => !params.right.includes(axis) && !params.rightBatch.includes(axis));
  return [...batch, ...leftFree, ...rightFree];
}

/** Operands have the types of the formals, those read by rows with the loop's axis before it. */
function loopType({ body, output }: PrimitiveParams['loop'], operands: readonly Value[]): TensorType {
  const { axis, index, carries, rows, captured } = body;
  const along = ({ shape, dtype }: TensorType): TensorType => ({ shape: [axis, ...shape], dtype });
  const expected = [...carries.map(({ before }) => before), ...rows.map(along), ...captured];
  if (typeof sizeOf(axis) !== 'number') throw new GraphError('loop', `the axis '${axis}' has no size`);
  if (operands.length !== expected.length) throw new GraphError('loop', `takes ${expected.length} operands, not ${operands.length}`);
  for (const [i, type] of expected.entries()) requireEqualTypes('loop', operands[i] as Value, type);
  for (const { before, after } of carries) requireEqualTypes('loop', after, before);
  requireEqualTypes('loop', index, { shape: [], dtype: 'u32' });
  if ('each' in output) return along(output.each);
  const carry = carries[output.last];
  if (carry === undefined) throw new GraphError('loop', `has no carry ${output.last}`);
  return { shape: carry.before.shape, dtype: carry.before.dtype };
}

export const inferShape: { readonly [P in Primitive]: InferShape<P> } = {
  input: (_, operands, declared) => leaf('input', operands, declared),
  data: (_, operands, declared) => leaf('data', operands, declared),
  constant: ({ value }, operands, declared) => {
    const type = leaf('constant', operands, declared);
    if (type.dtype === 'bool' && value !== 0 && value !== 1) throw new GraphError('constant', `bool is 0 or 1, not ${value}`);
    if (!isFloating(type.dtype) && !Number.isInteger(value)) throw new GraphError('constant', `${value} is not a ${type.dtype}`);
    return type;
  },
  iota: ({ axis }, operands, declared) => {
    const type = leaf('iota', operands, declared);
    requireAxes('iota', [axis], type.shape.length);
    requireDType('iota', isNumeric, type.dtype);
    return type;
  },

  neg: unary('neg', isSigned),
  exp: unary('exp', isFloating),
  log: unary('log', isFloating),
  sqrt: unary('sqrt', isFloating),
  tanh: unary('tanh', isFloating),
  sigmoid: unary('sigmoid', isFloating),
  sin: unary('sin', isFloating),
  cos: unary('cos', isFloating),
  erf: unary('erf', isFloating),
  log1p: unary('log1p', isFloating),
  expm1: unary('expm1', isFloating),
  floor: unary('floor', isFloating),
  round: unary('round', isFloating),
  relu: unary('relu', isSigned),
  add: binary('add'),
  sub: binary('sub'),
  mul: binary('mul'),
  div: binary('div'),
  maximum: binary('maximum'),
  pow: binary('pow', isFloating),
  rem: binary('rem', isInteger),
  bitAnd: binary('bitAnd', isInteger),
  bitOr: binary('bitOr', isInteger),
  bitXor: binary('bitXor', isInteger),
  shiftLeft: binary('shiftLeft', isInteger),
  shiftRight: binary('shiftRight', isInteger),
  compare: (_, operands) => {
    const [left, right] = two('compare', operands);
    requireEqualTypes('compare', left, right);
    return { shape: left.shape, dtype: 'bool' };
  },
  select: (_, operands) => {
    const [condition, whenTrue, whenFalse] = operands;
    if (condition === undefined || whenTrue === undefined || whenFalse === undefined || operands.length !== 3) {
      throw new GraphError('select', `takes 3 operands, not ${operands.length}`);
    }
    requireEqualTypes('select', whenTrue, whenFalse);
    requireEqualTypes('select', condition, { shape: whenTrue.shape, dtype: 'bool' });
    return { shape: whenTrue.shape, dtype: whenTrue.dtype };
  },
  cast: ({ dtype }, operands) => ({ shape: one('cast', operands).shape, dtype }),
  randomBits: (_, operands) => {
    const [first] = operands;
    if (first === undefined || operands.length !== 4) throw new GraphError('randomBits', `takes 4 operands, not ${operands.length}`);
    for (const operand of operands) requireEqualTypes('randomBits', operand, { shape: first.shape, dtype: 'u32' });
    return { shape: first.shape, dtype: 'u32' };
  },

  permute: ({ order }, operands) => {
    const { shape, dtype } = one('permute', operands);
    requireAxes('permute', order, shape.length);
    if (order.length !== shape.length) throw new GraphError('permute', `[${order.join(', ')}] leaves out an axis of ${showShape(shape)}`);
    return { shape: order.map((axis) => dimAt('permute', shape, axis)), dtype };
  },
  reshape: ({ shape: to }, operands) => {
    const { shape, dtype } = one('reshape', operands);
    requireShape('reshape', to);
    if (elementCountText(shape) !== elementCountText(to)) {
      throw new GraphError(
        'reshape',
        `sizes differ: ${showShape(shape)} has ${elementCountText(shape)} elements, ${showShape(to)} has ${elementCountText(to)}`,
      );
    }
    return { shape: to, dtype };
  },
  broadcast: ({ shape: to, axes }, operands) => {
    const { shape, dtype } = one('broadcast', operands);
    requireShape('broadcast', to);
    requireAscendingAxes('broadcast', axes, to.length);
    if (axes.length !== shape.length) throw new GraphError('broadcast', `${axes.length} axes for the operand ${showShape(shape)}`);
    shape.forEach((dim, j) => {
      if (dim !== to[axes[j] ?? -1] && sizeOf(dim) !== 1) {
        throw new GraphError('broadcast', `${showShape(shape)} does not broadcast to ${showShape(to)} along [${axes.join(', ')}]`);
      }
    });
    return { shape: to, dtype };
  },
  slice: sliceShape,
  pad: padShape,
  skew: skewShape,
  unskew: unskewShape,
  gather: ({ axis }, operands) => {
    const [x, indices] = two('gather', operands);
    requireAxes('gather', [axis], x.shape.length);
    requireDType('gather', isInteger, indices.dtype);
    return { shape: x.shape.toSpliced(axis, 1, ...indices.shape), dtype: x.dtype };
  },

  scatterAdd: ({ axis, dim }, operands) => {
    const [updates, indices] = two('scatterAdd', operands);
    requireDType('scatterAdd', isInteger, indices.dtype);
    requireDType('scatterAdd', isNumeric, updates.dtype);
    const rank = indices.shape.length;
    const own = updates.shape.slice(axis, axis + rank);
    if (axis < 0 || own.length !== rank || own.some((one, i) => one !== indices.shape[i])) {
      throw new GraphError(
        'scatterAdd',
        `the axes of ${showShape(updates.shape)} from ${axis} are not those of ${showShape(indices.shape)}`,
      );
    }
    const shape = updates.shape.toSpliced(axis, rank, dim);
    requireShape('scatterAdd', shape);
    return { shape, dtype: updates.dtype };
  },

  reduceSum: reduction('reduceSum'),
  reduceMax: reduction('reduceMax'),

  contract: (params, operands) => {
    const [left, right] = two('contract', operands);
    if (left.dtype !== right.dtype) throw new GraphError('contract', `dtypes differ: ${left.dtype}, ${right.dtype}`);
    requireDType('contract', isNumeric, left.dtype);
    return { shape: contractShape(params, left.shape, right.shape), dtype: left.dtype };
  },

  loop: loopType,

  identity: mark('identity'),
  stopGradient: mark('stopGradient'),
  after: (_, [x]) => {
    if (x === undefined) throw new GraphError('after', 'takes the value as its first operand');
    return { shape: x.shape, dtype: x.dtype };
  },
  customGradient: ({ call, output }, operands) => {
    const [y] = operands;
    if (y === undefined) throw new GraphError('customGradient', 'takes the result as its first operand');
    const declared = call.outputs[output];
    if (declared === undefined) throw new GraphError('customGradient', `output ${output} of a call with ${call.outputs.length}`);
    requireEqualTypes('customGradient', y, declared);
    return { shape: y.shape, dtype: y.dtype };
  },
};
