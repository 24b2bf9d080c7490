/**
 * What is said of the operands of the functions that take several tensors, or a tensor and a text.
 *
 * Invariant: decides in generic bodies: the dims are not looked at.
 */
import type { dtypeProblem } from '../rules/dtype.ts';
import type { isAny, isUnion, isWide, Shape, showShape } from '../shape.ts';

// shapeOf :: tensor -> Shape, dtypeOf :: tensor -> dtype      one `infer` each, without a constraint: else a generic body stays undecided
export type shapeOf<operand> = operand extends { readonly shape: infer S } ? S : never;
export type dtypeOf<operand> = operand extends { readonly dtype: infer D } ? D : never;

// knownShapeOf :: tensor -> Shape      for sentences
export type knownShapeOf<operand> = operand extends { readonly shape: infer S extends Shape } ? S : never;

// shapesOf :: tensors -> shapes
export type shapesOf<operands extends readonly unknown[]> = { [at in keyof operands]: shapeOf<operands[at]> };

// operandProblem :: (operation, name of the operand, its type) -> sentence | never
export type operandProblem<operation extends string, name extends string | number, operand> =
  isAny<operand> extends true
    ? `${operation}: the operand ${name} has type any (give it a tensor type, such as Tensor<['n', 'in=2']>)`
    : isUnion<operand> extends true
      ? `${operation}: the operand ${name} is a union of tensors (narrow it to one shape first)`
      : shapeOf<operand> extends infer S extends readonly unknown[]
        ? number extends S['length']
          ? `${operation}: the rank of the operand ${name} is unknown (give it a tensor type, such as Tensor<['n', 'in=2']>)`
          : dtypeOf<operand> extends 'bool'
            ? `${operation}: takes numbers, not bool${showShape<S>} (make the tensor numbers)`
            : never
        : never;

// operandsProblem :: of the first operand that is wrong; dtypes are compared with the first
export type operandsProblem<operation extends string, operands, before extends readonly unknown[] = []> = operands extends readonly [
  infer head,
  ...infer rest,
]
  ? [operandProblem<operation, [...before, 0]['length'] & number, head>] extends [never]
    ? before extends readonly [infer first, ...unknown[]]
      ? [mixedDTypes<operation, first, head>] extends [never]
        ? operandsProblem<operation, rest, [...before, head]>
        : mixedDTypes<operation, first, head>
      : operandsProblem<operation, rest, [head]>
    : operandProblem<operation, [...before, 0]['length'] & number, head>
  : operands extends readonly []
    ? never
    : `${operation}: the number of operands is not known (write them in the call)`;

type mixedDTypes<operation extends string, first, operand> =
  dtypeOf<first> extends dtypeOf<operand>
    ? never
    : dtypeProblem<operation, dtypeOf<first>, knownShapeOf<first>, dtypeOf<operand>, knownShapeOf<operand>>;

// isKnownText :: a literal -> true, string, a union or a pattern -> false
export type isKnownText<text> =
  isAny<text> extends true ? false : isUnion<text> extends true ? false : isWide<text> extends true ? false : true;

// canonical :: object -> the same, one type for all objects of these members, so that what is asked of it is asked once and not
// once a call      by `infer`: as the whole body, the mapped type would take this alias's name and be another one for each object
export type canonical<members> = { [name in keyof members]: [name, members[name]] }[keyof members] extends infer pairs
  ? Members<pairs>
  : never;
type Members<pairs> = { [pair in pairs as keyOf<pair>]: pair extends readonly [unknown, infer member] ? member : never };
type keyOf<pair> = pair extends readonly [infer name extends PropertyKey, unknown] ? name : never;
