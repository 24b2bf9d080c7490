/** The sum of products over paired axes, in f64: for each element of the result, the products in order. */

import { arithmetic } from './elementArithmetic.ts';
import { at, type Elements } from './elements.ts';
import { offsets, rowMajorStrides } from './strides.ts';
import type { Value } from './value.ts';

export function evaluateContract(
  { params, dtype }: Value<'contract'>,
  operands: readonly Elements[],
  sizes: readonly number[],
): Float64Array {
  const [left, right] = [at(operands, 0), at(operands, 1)];
  const [leftStrides, rightStrides] = [rowMajorStrides(left.sizes), rowMajorStrides(right.sizes)];
  const free = (operand: Elements, used: readonly number[]) => operand.sizes.map((_, axis) => axis).filter((axis) => !used.includes(axis));
  const leftFree = free(left, [...params.left, ...params.leftBatch]);
  const rightFree = free(right, [...params.right, ...params.rightBatch]);
  // for each axis of the result, the step in either operand
  const inLeft = [...params.leftBatch, ...leftFree].map((axis) => at(leftStrides, axis)).concat(rightFree.map(() => 0));
  const inRight = [
    ...params.rightBatch.map((axis) => at(rightStrides, axis)),
    ...leftFree.map(() => 0),
    ...rightFree.map((axis) => at(rightStrides, axis)),
  ];
  const innerSizes = params.left.map((axis) => at(left.sizes, axis));
  const innerLeft = offsets(
    innerSizes,
    params.left.map((axis) => at(leftStrides, axis)),
  );
  const innerRight = offsets(
    innerSizes,
    params.right.map((axis) => at(rightStrides, axis)),
  );
  const { add, mul } = arithmetic[dtype];
  const rightStarts = offsets(sizes, inRight);
  return Float64Array.from(offsets(sizes, inLeft), (leftStart, i) => {
    const rightStart = at(rightStarts, i);
    return innerLeft.reduce(
      (sum, offset, k) => add(sum, mul(at(left.elements, leftStart + offset), at(right.elements, rightStart + at(innerRight, k)))),
      0,
    );
  });
}
