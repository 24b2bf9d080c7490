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
import { functions, pointwiseText } from './pointwiseText.ts';
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
} from './wgslText.ts';

export interface BoundTensor {
  readonly tensor: TensorNumber;
  /** The WGSL variable. */
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Parameters<typeof productOf>[0];
  readonly access: 'read' | 'read_write';
}

export interface KernelContext {
  readonly comments: readonly string[];
  readonly bound: readonly BoundTensor[];
  readonly hasSymbols: boolean;
  readonly nameOf: (tensor: TensorNumber) => string;
}

export interface ModuleOptions {
  readonly enables?: readonly string[];
  /** Tensors that are bound as arrays of four-element vectors. */
  readonly vectors?: ReadonlySet<TensorNumber>;
}

/** The whole module. `body` is the text after the bindings. */
export function moduleText(
  context: KernelContext,
  body: readonly string[],
  { enables = [], vectors = new Set() }: ModuleOptions = {},
): string {
  const text = body.join('\n');
  const used = [...specialBits, ...functions].filter(([name]) => text.includes(name)).map(([, declaration]) => declaration);
  return [
    ...context.comments.map((line) => `// ${line}`),
    ...enables.map((feature) => `enable ${feature};`),
    ...(context.hasSymbols ? [symbolsMarker] : []),
    ...context.bound.map((bound, binding) => bindingText(bound, binding, vectors.has(bound.tensor))),
    ...used,
    text,
    '',
  ].join('\n');
}

function bindingText({ name, dtype, shape, access }: BoundTensor, binding: number, isVector: boolean): string {
  const [type, size] = [storedType(dtype), sizeText(productOf(shape))];
  const array = isVector ? `array<vec4<${type}>, ${size} / 4u>` : `array<${type}, ${size}>`;
  return `@group(0) @binding(${binding}) var<storage, ${access}> ${name}: ${array};`;
}

export function statement(instruction: Instruction, context: KernelContext, names: VariableNames): string {
  const { dtype } = instruction;
  if (instruction.kind === 'store') {
    const value = resultName(instruction.operand);
    return `${context.nameOf(instruction.tensor)}[${indexText(instruction.index, names)}] = ${dtype === 'bool' ? `select(0u, 1u, ${value})` : value};`;
  }
  return `let ${resultName(instruction.result)} = ${expression(instruction, context, names)};`;
}

function expression(instruction: Exclude<Instruction, { kind: 'store' }>, context: KernelContext, names: VariableNames): string {
  const { dtype } = instruction;
  if (instruction.kind === 'load') return loadText(context.nameOf(instruction.tensor), indexText(instruction.index, names), dtype);
  if (instruction.kind === 'constant') return literalText(instruction.value, dtype);
  if (instruction.kind === 'position') return `${computedType(dtype)}(${indexText(instruction.index, names)})`;
  if (instruction.kind === 'mask') return maskText(instruction, resultName(instruction.operand), (index) => indexText(index, names));
  if (instruction.kind === 'nearest') {
    const [operand, last] = [resultName(instruction.operand), lastText(instruction.size)];
    return instruction.from === 'i32' ? `min(u32(max(${operand}, 0i)), ${last})` : `min(${operand}, ${last})`;
  }
  const text = pointwiseText[instruction.primitive];
  if (text === undefined) throw new CompileError(`internal: a ${instruction.primitive} is not pointwise`);
  return text(instruction.operands.map(resultName), instruction);
}

/** `operand` where the mask's conditions hold. */
export function maskText(mask: Extract<Instruction, { kind: 'mask' }>, operand: string, part: (index: Index) => string): string {
  return `select(${literalText(mask.outside, mask.dtype)}, ${operand}, ${conditionsText(mask.conditions, part)})`;
}

export function loadText(array: string, index: string, dtype: DType): string {
  return dtype === 'bool' ? `${array}[${index}] != 0u` : `${array}[${index}]`;
}

/** The most workgroups along one dimension of a dispatch. */
const dimensionLimit = 65_535;

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

export function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}
