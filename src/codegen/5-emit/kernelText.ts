/**
 * What all kernels share: the head of a module (comments, symbols, bindings) and instructions as statements.
 *
 * Invariant: arrays have fixed sizes, constants or expressions of the symbols', so that the device can prove indices in range.
 */
import { symbolsMarker } from '../../program/program.ts';
import type { DType } from '../../types/dtype.ts';
import type { Index } from '../3-fuse/indexing.ts';
import type { Instruction, TensorNumber } from '../3-fuse/kernel.ts';
import { productOf } from '../3-fuse/product.ts';
import { CompileError } from '../compileError.ts';
import { type HalfStorage, halfArray, halfFunctions, loadHalf, type StoredArray, storeHalf } from './halfText.ts';
import { pointwiseText } from './pointwiseText.ts';
import { wgslFunctions } from './wgslFunctions.ts';
import {
  computedType,
  conditionsText,
  indexText,
  lastText,
  literalText,
  resultName,
  sizeText,
  specialBits,
  storedType,
  type VariableNames,
  vectorType,
} from './wgslText.ts';

export interface BoundTensor {
  readonly tensor: TensorNumber;
  /** The WGSL variable. */
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Parameters<typeof productOf>[0];
  readonly access: 'read' | 'read_write';
}

/** Which variants of a kernel are emitted: those that the cost model takes, or all that there are, for measuring. */
export type VariantChoice = 'chosen' | 'all';

export interface KernelContext {
  readonly comments: readonly string[];
  readonly bound: readonly BoundTensor[];
  readonly hasSymbols: boolean;
  readonly halfStorage: HalfStorage;
  readonly nameOf: (tensor: TensorNumber) => string;
}

export interface ModuleOptions {
  readonly enables?: readonly string[];
  /** What the device's compiler is told not to check. */
  readonly unchecked?: readonly string[];
  /** Tensors that are bound as arrays of vectors. */
  readonly vectors?: ReadonlySet<TensorNumber>;
  /** The elements of a vector: 4 unless said. */
  readonly vectorSize?: number;
}

/** The whole module. `body` is the text after the bindings. */
export function moduleText(
  context: KernelContext,
  body: readonly string[],
  { enables = [], unchecked = [], vectors = new Set(), vectorSize = 4 }: ModuleOptions = {},
): string {
  const text = body.join('\n');
  const bindings = context.bound.map((bound, binding) =>
    bindingText(bound, binding, vectors.has(bound.tensor) ? vectorSize : 1, context.halfStorage),
  );
  const accessors = bindings.flatMap((binding) => binding.functions);
  const used = declarationsUsed([text, ...accessors].join('\n'));
  return [
    ...context.comments.map((line) => `// ${line}`),
    ...[...enables, ...(accessors.length > 0 && context.halfStorage === 'native' ? ['f16'] : [])].map((feature) => `enable ${feature};`),
    ...unchecked.map((rule) => `diagnostic(off, ${rule});`),
    ...(context.hasSymbols ? [symbolsMarker] : []),
    ...bindings.map((binding) => binding.text),
    ...used,
    ...accessors,
    text,
    '',
  ].join('\n');
}

/** What the text uses, and what that uses. */
function declarationsUsed(text: string): readonly string[] {
  const known = [...specialBits, ...wgslFunctions, ...halfFunctions];
  let used: readonly string[] = [];
  // what is used may use others
  for (;;) {
    const all = [text, ...used].join('\n');
    const more = known.filter(([name]) => all.includes(name)).map(([, declaration]) => declaration);
    if (more.length === used.length) return used;
    used = more;
  }
}

interface BindingText {
  readonly text: string;
  readonly functions: readonly string[];
}

function bindingText(bound: BoundTensor, binding: number, elements: number, storage: HalfStorage): BindingText {
  const { name, access } = bound;
  const array = arrayOf(bound, elements, storage);
  const text = `@group(0) @binding(${binding}) var<storage, ${access}> ${name}: array<${array.elementType}, ${array.length}>;`;
  return { text, functions: array.functions };
}

function arrayOf({ name, dtype, shape, access }: BoundTensor, elements: number, storage: HalfStorage): StoredArray {
  const length = sizeText(productOf(shape));
  if (dtype === 'f16') return halfArray(name, length, access, storage);
  const type = storedType(dtype);
  return elements > 1
    ? { elementType: vectorType(type, elements), length: `${length} / ${elements}u`, functions: [] }
    : { elementType: type, length, functions: [] };
}

export function statement(instruction: Instruction, context: KernelContext, names: VariableNames): string {
  const { dtype } = instruction;
  if (instruction.kind === 'store') {
    const value = names(resultName(instruction.operand));
    if (dtype === 'f16') return storeHalf(context.nameOf(instruction.tensor), indexText(instruction.index, names), value);
    return `${context.nameOf(instruction.tensor)}[${indexText(instruction.index, names)}] = ${storedText(value, dtype)};`;
  }
  return `let ${names(resultName(instruction.result))} = ${expression(instruction, context, names)};`;
}

/** A value as it is stored. */
export const storedText = (value: string, dtype: DType): string => (dtype === 'bool' ? `select(0u, 1u, ${value})` : value);

function expression(instruction: Exclude<Instruction, { kind: 'store' }>, context: KernelContext, names: VariableNames): string {
  const { dtype } = instruction;
  if (instruction.kind === 'load') return loadText(context.nameOf(instruction.tensor), indexText(instruction.index, names), dtype);
  if (instruction.kind === 'constant') return literalText(instruction.value, dtype);
  if (instruction.kind === 'position') return `${computedType(dtype)}(${indexText(instruction.index, names)})`;
  if (instruction.kind === 'mask') return maskText(instruction, names(resultName(instruction.operand)), (index) => indexText(index, names));
  if (instruction.kind === 'nearest') {
    const [operand, last] = [names(resultName(instruction.operand)), lastText(instruction.size)];
    return instruction.from === 'i32' ? `min(u32(max(${operand}, 0i)), ${last})` : `min(${operand}, ${last})`;
  }
  const text = pointwiseText[instruction.primitive];
  if (text === undefined) throw new CompileError(`internal: a ${instruction.primitive} is not pointwise`);
  return text(
    instruction.operands.map((operand) => names(resultName(operand))),
    instruction,
  );
}

/** `operand` where the mask's conditions hold. */
export function maskText(mask: Extract<Instruction, { kind: 'mask' }>, operand: string, part: (index: Index) => string): string {
  return `select(${literalText(mask.outside, mask.dtype)}, ${operand}, ${conditionsText(mask.conditions, part)})`;
}

export function loadText(array: string, index: string, dtype: DType): string {
  if (dtype === 'f16') return loadHalf(array, index);
  return dtype === 'bool' ? `${array}[${index}] != 0u` : `${array}[${index}]`;
}

/** The most workgroups along one dimension of a dispatch. */
export const dimensionLimit = 65_535;

export interface WorkgroupNumber {
  readonly parameters: string;
  readonly statements: readonly string[];
}

/** Declares `group`, the workgroup's number; `count` workgroups are due, more may run. */
export function workgroupNumber(count: string, literal: number | undefined): WorkgroupNumber {
  if (literal !== undefined && literal <= dimensionLimit) {
    return { parameters: '@builtin(workgroup_id) workgroup: vec3u', statements: ['let group = workgroup.x;'] };
  }
  return {
    parameters: '@builtin(workgroup_id) workgroup: vec3u, @builtin(num_workgroups) workgroups: vec3u',
    statements: ['let group = workgroup.x + workgroup.y * workgroups.x;', `if (group >= ${count}) { return; }`],
  };
}

/**
 * Declares the place of the workgroup's tile, `row`, `column` and `b`, from its number; `tiles_down` and `tiles_across` are declared. Each
 * is a remainder, since a device knows no bound of a workgroup's number, and would check every index that is made of one.
 */
export function tilePlaceText(batch: string, height: number, width: number): readonly string[] {
  return [
    `let row = group / tiles_across % tiles_down * ${height}u;`,
    `let column = group % tiles_across * ${width}u;`,
    batch === '1u' ? 'let b = 0u;' : `let b = group / (tiles_across * tiles_down) % (${batch});`,
  ];
}

export function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}
