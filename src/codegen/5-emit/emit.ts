/** Kernels as WGSL, with their bindings: what they load, then what they store. */

import { showType } from '../../graph/print.ts';
import type { Value } from '../../graph/value.ts';
import type { DescribedKernel, KernelVariant } from '../../program/program.ts';
import type { Size } from '../../types/dim.ts';
import type { FusedGraph, FusedKernel, RepeatKernel, TensorNumber } from '../3-fuse/kernel.ts';
import type { BufferAssignment } from '../4-plan/planBuffers.ts';
import { trafficOf } from '../4-plan/traffic.ts';
import { at, get } from '../at.ts';
import { emitChain } from './emitChain.ts';
import { emitContract, type TileOptions } from './emitContract.ts';
import { emitLoop } from './emitLoop.ts';
import { emitScatter } from './emitScatter.ts';
import type { BoundTensor, KernelContext } from './kernelText.ts';
import { sumSizes } from './kernelWork.ts';
import { type SourceName, sourceLine } from './sourceLines.ts';
import type { MeasuredVariant } from './variantFigures.ts';

export interface EmitOptions extends TileOptions {
  readonly hasSymbols: boolean;
  readonly sourceName: SourceName;
}

/** A kernel that is one dispatch. */
type OneKernel = FusedKernel & { readonly body: Exclude<FusedKernel['body'], RepeatKernel> };

export function emitKernel(graph: FusedGraph, kernel: OneKernel, assignment: BufferAssignment, options: EmitOptions): DescribedKernel {
  const { bound, names, legend } = bindTensors(graph, kernel, assignment);
  const summary = kernel.values.map((value) => summaryLine(value, options.sourceName));
  const label = labelOf(kernel);
  const context: KernelContext = {
    comments: [label, ...[...summary, ...legend].map((line) => `  ${line}`)],
    bound,
    hasSymbols: options.hasSymbols,
    halfStorage: 'packed',
    nameOf: (tensor) => names.get(tensor) ?? `tensor${tensor}`,
  };
  const hasHalves = bound.some(({ dtype }) => dtype === 'f16');
  const native = hasHalves ? emitBody(kernel.body, { ...context, halfStorage: 'native' }, options).map(needingHalves) : [];
  const variants = [...native, ...emitBody(kernel.body, context, options)];
  const bindings = bound.map(({ tensor, access }) => ({ buffer: get(assignment.bufferOf, tensor), access }));
  const { loads, stores } = trafficOf(graph, kernel);
  const bytesIn = (bytes: ReadonlyMap<TensorNumber, Size>, buffer: number): Size =>
    sumSizes([...bytes].flatMap(([tensor, size]) => (get(assignment.bufferOf, tensor) === buffer ? [size] : [])));
  const traffic = bindings.map(({ buffer }) => ({ loads: bytesIn(loads, buffer), stores: bytesIn(stores, buffer) }));
  return { label, bindings, variants: withoutRepeatedComments(variants), summary, traffic };
}

type Emitters = {
  readonly [K in OneKernel['body']['kind']]: (
    body: Extract<OneKernel['body'], { kind: K }>,
    context: KernelContext,
    options: TileOptions,
  ) => readonly MeasuredVariant[];
};

/** Each with its figures: a kind of kernel that says nothing of its costs does not compile. */
const emitters: Emitters = {
  contract: emitContract,
  scatter: (body, context) => [emitScatter(body, context)],
  chain: emitChain,
  loop: emitLoop,
};

function emitBody<K extends keyof Emitters>(
  body: Extract<OneKernel['body'], { kind: K }>,
  context: KernelContext,
  options: TileOptions,
): readonly KernelVariant[] {
  // seam: a kernel's kind is its emitter's key, which a union does not keep
  return emitters[body.kind as K](body, context, options);
}

/** The first variant says what the kernel computes and from which lines; the others need not. */
function withoutRepeatedComments([first, ...others]: readonly KernelVariant[]): readonly KernelVariant[] {
  return first === undefined
    ? []
    : [first, ...others.map((variant) => ({ ...variant, wgsl: variant.wgsl.replace(/^(\/\/ {2}.*\n)+/m, '') }))];
}

function needingHalves({ name, requires, ...variant }: KernelVariant): KernelVariant {
  const features = [...(requires.features ?? []), 'shader-f16'];
  return { ...variant, name: `${name}, f16`, requires: { ...requires, features } };
}

interface Bound {
  readonly bound: readonly BoundTensor[];
  readonly names: ReadonlyMap<TensorNumber, string>;
  /** What each name stands for. */
  readonly legend: readonly string[];
}

/**
 * Names are `read0`, `write0`, …, so that kernels that do the same for other tensors are one text, and compile once.
 * A tensor that is written in the place of another has that one's binding: WebGPU does not bind a buffer twice to write to it.
 */
function bindTensors(graph: FusedGraph, kernel: FusedKernel, { buffers, bufferOf }: BufferAssignment): Bound {
  const bound = new Map<number, BoundTensor>();
  const names = new Map<TensorNumber, string>();
  const bind = (tensor: TensorNumber, name: string, access: BoundTensor['access']): void => {
    const { shape, dtype } = at(graph.tensors, tensor);
    const buffer = get(bufferOf, tensor);
    const own = bound.get(buffer)?.name ?? name;
    bound.set(buffer, { tensor, name: own, dtype, shape, access });
    names.set(tensor, own);
  };
  for (const [i, tensor] of kernel.loads.entries()) bind(tensor, `read${i}`, 'read');
  for (const [i, tensor] of kernel.stores.entries()) bind(tensor, `write${i}`, 'read_write');
  const legend = [...bound].map(([buffer, { name }]) => {
    const { role, label } = at(buffers, buffer);
    return `${name}: ${role === 'temporary' ? label : `${role} ${label}`}`;
  });
  return { bound: [...bound.values()], names, legend };
}

function summaryLine(value: Value, sourceName: SourceName): string {
  const source = sourceLine(value, sourceName);
  return `${value.primitive}: ${showType(value)}${source === undefined ? '' : ` (${source})`}`;
}

/** The anchor, then how many other values: `contract + 3`. */
function labelOf({ body, values }: OneKernel): string {
  if (body.kind !== 'loop') return values.length > 1 ? `${body.kind} + ${values.length - 1}` : body.kind;
  const names = values.map(({ primitive }) => primitive);
  return `${body.reduced === undefined ? 'map' : 'rows'} ${names.length > 4 ? `${names.slice(0, 3).join(' ')} … ${names.at(-1)}` : names.join(' ')}`.trim();
}
