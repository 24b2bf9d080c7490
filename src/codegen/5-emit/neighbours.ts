/**
 * Instructions for several neighbours along one variable at once, 4 or 16: what lies side by side in memory is loaded and stored as one
 * value, what is the same for all of them is computed once, and everything else has one statement an element.
 *
 * Invariant: the variable is a multiple of their number wherever this text runs. A tensor is bound as an array of vectors only if every
 * access to it in the kernel is to so many elements side by side, the first at a multiple of it.
 * Measured on SwiftShader: a vector load takes 0.75 of four loads' time, a load of 16 elements 0.65, a vector store 0.45. Of more than 16
 * the time is as long; see docs/kernels.md.
 */
import { repeat } from '../../program/kernelText.ts';
import { type Index, literalProduct, type Term } from '../3-fuse/indexing.ts';
import type { Instruction, Result, TensorNumber } from '../3-fuse/kernel.ts';
import { isOne, literalOf, one, type Product, productOf, quotientOf } from '../3-fuse/product.ts';
import { type KernelContext, statement, storedText } from './kernelText.ts';
import { indexText, resultName, storedType, vectorType } from './wgslText.ts';

/** So many are taken at once: a vector, or an array of as many elements as fit a processor's registers. */
export type NeighbourCount = 4 | 16;

/** How an index moves as the variable goes on from a multiple of the neighbours' number: not at all, by one each, or otherwise. */
type Stride = 'same' | 'next' | 'other';

export const isWhole = ({ literal }: Product, count: NeighbourCount): boolean => literal % count === 0;

export function strideOf({ terms }: Index, along: string, count: NeighbourCount = 4): Stride {
  const strides = terms.map((term) => ({ term, stride: atomStride(term.atom, along, count) }));
  if (strides.some(({ stride }) => stride === 'other')) return 'other';
  const moving = strides.filter(({ stride }) => stride === 'next');
  if (moving.length === 0) return 'same';
  const isNext = moving.every(({ term }) => isOne(term.factor)) && moving.length === 1;
  return isNext && strides.every(({ term, stride }) => stride === 'next' || isWhole(term.factor, count)) ? 'next' : 'other';
}

function atomStride(atom: Term['atom'], along: string, count: NeighbourCount): Stride {
  if (atom.kind === 'variable') return atom.name === along ? 'next' : 'same';
  if (atom.kind === 'unit') return 'same';
  if (atom.kind === 'result') return atom.variables.includes(along) ? 'other' : 'same';
  const inner = strideOf(atom.of, along, count);
  if (inner === 'same') return 'same';
  if (atom.kind === 'clamp' || inner === 'other' || !isWhole(atom.by, count)) return 'other';
  return atom.kind === 'quotient' ? 'same' : 'next';
}

/** The name of the variable over the neighbours' number. */
const shareName = (variable: string): string => `${variable}/`;

/** The first neighbour's index over their number, in terms of the variable over that number. */
function shareOf({ terms }: Index, along: string, count: NeighbourCount): Index {
  const by = literalProduct(count);
  return {
    terms: terms.map(({ atom, factor }): Term => {
      const isNext = atomStride(atom, along, count) === 'next';
      if (!isNext) return { atom, factor: quotientOf(factor, by) ?? factor };
      if (atom.kind === 'variable') return { atom: { ...atom, name: shareName(along) }, factor: one };
      if (atom.kind !== 'remainder') return { atom, factor };
      return { atom: { ...atom, of: shareOf(atom.of, along, count), by: quotientOf(atom.by, by) ?? atom.by }, factor: one };
    }),
  };
}

export interface Accesses {
  readonly body: readonly Instruction[];
  /** Undefined where the kernel takes one element at a time. */
  readonly along: string | undefined;
}

/** All neighbours of an access exist, so no access is to the elements behind the last vector. */
const hasVectors = (size: Product, count: NeighbourCount): boolean => isWhole(size, count) || (literalOf(size) ?? 0) > count;

/** The tensors that can be bound as arrays of vectors, and how many accesses to them there are. */
export function vectorTensors(
  parts: readonly Accesses[],
  context: KernelContext,
  count: NeighbourCount = 4,
): { readonly tensors: ReadonlySet<TensorNumber>; readonly count: number } {
  const accesses = parts.flatMap(({ body, along }) =>
    body.flatMap((one) => {
      if (one.kind !== 'load' && one.kind !== 'store') return [];
      const isNext = along !== undefined && one.dtype !== 'f16' && strideOf(one.index, along, count) === 'next';
      return [{ name: context.nameOf(one.tensor), isNext }];
    }),
  );
  // a tensor that replaces another has its name
  const refused = new Set(accesses.flatMap(({ name, isNext }) => (isNext ? [] : [name])));
  const taken = accesses.filter(({ name }) => !refused.has(name));
  const names = new Set(taken.map(({ name }) => name));
  const bound = context.bound.filter(({ name, shape }) => names.has(name) && hasVectors(productOf(shape), count));
  const kept = new Set(bound.map(({ name }) => name));
  return { tensors: new Set(bound.map(({ tensor }) => tensor)), count: taken.filter(({ name }) => kept.has(name)).length };
}

export interface Neighbours {
  readonly count: NeighbourCount;
  readonly along: string;
  /** As `vectorTensors` says. */
  readonly vectors: ReadonlySet<TensorNumber>;
  /** The results that are one an element; grows as statements are written. */
  readonly wide: Set<Result>;
}

/** The result's name in the line of element `{u}`. */
export const elementOf = ({ wide }: Neighbours, result: Result): string => `${resultName(result)}${wide.has(result) ? '_{u}' : ''}`;

/** A line for each of them. */
export const eachNeighbour = ({ count }: Neighbours, line: string): string => repeat(`u=${count}`, line);

/** Each of a result's names. */
export const elementsOf = (four: Neighbours, result: Result): readonly string[] =>
  Array.from({ length: four.count }, (_, u) => elementOf(four, result).replace('{u}', `${u}`));

/** The variable and its share (`i` and `i4`, or `i16`) are declared before. */
export function neighbourStatements(body: readonly Instruction[], four: Neighbours, context: KernelContext): readonly string[] {
  return body.flatMap((instruction) => neighbourStatement(instruction, four, context));
}

function neighbourStatement(instruction: Instruction, four: Neighbours, context: KernelContext): readonly string[] {
  const { along, count, wide } = four;
  if (!dependsOn(instruction, four)) return [statement(instruction, context, (name) => name)];
  const array = instruction.kind === 'load' || instruction.kind === 'store' ? context.nameOf(instruction.tensor) : '';
  const isVector = context.bound.some(({ name, tensor }) => name === array && four.vectors.has(tensor));
  const share = (index: Index): string =>
    indexText(shareOf(index, along, count), (name) => (name === shareName(along) ? `${along}${count}` : name));
  if (instruction.kind === 'store' && isVector && instruction.dtype !== 'f16') {
    const { dtype, index, operand } = instruction;
    const parts = elementsOf(four, operand).map((element) => storedText(element, dtype));
    return [`${array}[${share(index)}] = ${vectorType(storedType(dtype), count)}(${parts.join(', ')});`];
  }
  if (instruction.kind !== 'store') wide.add(instruction.result);
  if (instruction.kind === 'load' && isVector) {
    const vector = `q${instruction.result}`;
    const element = `${vector}[{u}]${instruction.dtype === 'bool' ? ' != 0u' : ''}`;
    return [
      `let ${vector} = ${array}[${share(instruction.index)}];`,
      eachNeighbour(four, `let ${elementOf(four, instruction.result)} = ${element};`),
    ];
  }
  const names = (name: string): string => {
    const result = /^v(\d+)$/.exec(name)?.[1];
    if (result !== undefined) return elementOf(four, Number(result));
    return name === along ? `(${along} + {u}u)` : name;
  };
  return [eachNeighbour(four, statement(instruction, context, names))];
}

/** Whether it differs among them. */
function dependsOn(instruction: Instruction, { along, count, wide }: Neighbours): boolean {
  const moves = (index: Index): boolean => strideOf(index, along, count) !== 'same';
  switch (instruction.kind) {
    case 'load':
    case 'position':
      return moves(instruction.index);
    case 'constant':
      return false;
    case 'mask':
      return wide.has(instruction.operand) || instruction.conditions.some(({ of }) => moves(of));
    case 'nearest':
      return wide.has(instruction.operand);
    case 'compute':
      return instruction.operands.some((operand) => wide.has(operand));
    case 'store':
      return true;
  }
}
