/**
 * All kernels of a program in order, those of loops with the ranges that repeat. A loop is its start, then its step's kernels and a turn,
 * as often as it says. The start puts the index and the carries where the step finds them; the turn moves the index on, and the
 * carries that the step did not write in place.
 *
 * Invariant: a step's kernels are those of its own program, bound to other buffers; no kernel binds a buffer twice that it writes.
 */
import type { TensorType } from '../../graph/showShape.ts';
import type { DescribedKernel, Repeat, VariantFigures } from '../../program/program.ts';
import { ceilDivideSizes } from '../../types/size.ts';
import type { FusedGraph, RepeatKernel, TensorNumber } from '../3-fuse/kernel.ts';
import { literalOf, productKey, productOf, toSize } from '../3-fuse/product.ts';
import type { Ordered } from '../4-plan/orderKernels.ts';
import type { BufferAssignment } from '../4-plan/planBuffers.ts';
import { at, get } from '../at.ts';
import { type EmitOptions, emitKernel } from './emit.ts';
import { indent, type KernelContext, moduleText, workgroupNumber } from './kernelText.ts';
import { each, sumSizes } from './kernelWork.ts';
import type { MeasuredVariant } from './variantFigures.ts';
import { sizeText } from './wgslText.ts';

export interface EmittedKernels {
  readonly kernels: readonly DescribedKernel[];
  readonly repeats: readonly Repeat[];
}

export interface RepeatOptions extends EmitOptions {
  readonly storageBuffers: number;
}

export function emitKernels(
  graph: FusedGraph,
  order: readonly Ordered[],
  assignment: BufferAssignment,
  options: RepeatOptions,
): EmittedKernels {
  const kernels: DescribedKernel[] = [];
  const repeats: Repeat[] = [];
  for (const { kernel } of order) {
    if (kernel.body.kind !== 'repeat') {
      kernels.push(emitKernel(graph, { ...kernel, body: kernel.body }, assignment, options));
      continue;
    }
    const { start, step, inner, count } = emitRepeat(graph, kernel.body, assignment, options);
    kernels.push(...start);
    const first = kernels.length;
    kernels.push(...step);
    repeats.push(...inner.map((one) => ({ ...one, first: one.first + first, last: one.last + first })));
    if (count > 1 && step.length > 0) repeats.push({ first, last: kernels.length - 1, times: count });
  }
  return { kernels, repeats };
}

interface Move {
  readonly from: TensorNumber;
  readonly to: TensorNumber;
}

function emitRepeat(
  graph: FusedGraph,
  { step, count, reverse, tensors, index, carries }: RepeatKernel,
  assignment: BufferAssignment,
  options: RepeatOptions,
) {
  const bufferOf = (tensor: TensorNumber): number => get(assignment.bufferOf, tensor);
  const apart = (moves: readonly Move[]): readonly Move[] => moves.filter(({ from, to }) => bufferOf(from) !== bufferOf(to));
  const body = step.program.kernels.map((one) => ({
    ...one,
    bindings: one.bindings.map(({ buffer, access }) => ({ buffer: bufferOf(at(tensors, buffer)), access })),
  }));
  const readsIndex = body.some(({ bindings }) => bindings.some(({ buffer }) => buffer === bufferOf(index)));
  const moves = (label: string, all: readonly Move[], place: string): readonly DescribedKernel[] => {
    const groups = groupMoves(graph, apart(all), Math.floor((options.storageBuffers - 1) / 2));
    if (groups.length === 0 && readsIndex) groups.push([]);
    return groups.map((group, i) =>
      emitMoves(graph, label, group, i === 0 && readsIndex ? { index, place } : undefined, bufferOf, options),
    );
  };
  const title = `loop of ${count}`;
  const start = carries.map(({ from, at }) => ({ from, to: at }));
  const turn = carries.map(({ next, at }) => ({ from: next, to: at }));
  return {
    start: moves(`${title}: start`, start, reverse ? `${count - 1}u` : '0u'),
    step: [...body, ...moves(`${title}: turn`, turn, reverse ? 'place[0] - 1u' : 'place[0] + 1u')],
    inner: step.program.repeats ?? [],
    count,
  };
}

/** Those of one size move together, as many as a kernel binds. */
function groupMoves(graph: FusedGraph, moves: readonly Move[], most: number): (readonly Move[])[] {
  const bySize = new Map<string, Move[]>();
  for (const move of moves) {
    const { shape, dtype } = at(graph.tensors, move.to);
    const key = `${productKey(productOf(shape))} ${dtype === 'f16'}`;
    bySize.set(key, [...(bySize.get(key) ?? []), move]);
  }
  return [...bySize.values()].flatMap((alike) =>
    Array.from({ length: Math.ceil(alike.length / most) }, (_, i) => alike.slice(i * most, (i + 1) * most)),
  );
}

const workgroupSize = 64;

/** Copies tensors of one size, word by word, and sets the index. */
function emitMoves(
  graph: FusedGraph,
  label: string,
  moves: readonly Move[],
  turn: { readonly index: TensorNumber; readonly place: string } | undefined,
  bufferOf: (tensor: TensorNumber) => number,
  { hasSymbols }: EmitOptions,
): DescribedKernel {
  const type: TensorType = moves.length === 0 ? { shape: [], dtype: 'u32' } : at(graph.tensors, at(moves, 0).to);
  const elements = productOf(type.shape);
  const [count, words] =
    type.dtype === 'f16'
      ? [ceilDivideSizes(toSize(elements), 2), `(${sizeText(elements)} + 1u) / 2u`]
      : [toSize(elements), sizeText(elements)];
  const workgroups = ceilDivideSizes(count, workgroupSize);
  const number = workgroupNumber(
    `(${words} + ${workgroupSize - 1}u) / ${workgroupSize}u`,
    literalOf(elements) === undefined || typeof workgroups !== 'number' ? undefined : workgroups,
  );
  const text = (name: string, access: string, binding: number, length: string): string =>
    `@group(0) @binding(${binding}) var<storage, ${access}> ${name}: array<u32, ${length}>;`;
  const names = moves.flatMap((_, i) => [text(`read${i}`, 'read', 2 * i, words), text(`write${i}`, 'read_write', 2 * i + 1, words)]);
  const context: KernelContext = { comments: [label], bound: [], hasSymbols, halfStorage: 'packed', nameOf: () => '' };
  const body = [
    ...names,
    ...(turn === undefined ? [] : [text('place', 'read_write', 2 * moves.length, '1')]),
    `@compute @workgroup_size(${workgroupSize})`,
    `fn main(${number.parameters}, @builtin(local_invocation_index) lane: u32) {`,
    ...indent([
      ...number.statements,
      `let i = group * ${workgroupSize}u + lane;`,
      ...(turn === undefined ? [] : [`if (i == 0u) { place[0] = ${turn.place}; }`]),
      ...(moves.length === 0 ? [] : [`if (i >= ${words}) { return; }`]),
      ...moves.map((_, i) => `write${i}[i] = read${i}[i];`),
    ]),
    '}',
  ];
  const bindings: DescribedKernel['bindings'] = [
    ...moves.flatMap(({ from, to }) => [
      { buffer: bufferOf(from), access: 'read' } as const,
      { buffer: bufferOf(to), access: 'read_write' } as const,
    ]),
    ...(turn === undefined ? [] : [{ buffer: bufferOf(turn.index), access: 'read_write' } as const]),
  ];
  const movesOn = turn?.place.startsWith('place') === true;
  const figures: VariantFigures = {
    per: 'element',
    accumulators: 0,
    workgroupBytes: 0,
    loads: moves.length,
    workgroupLoads: 0,
    barriers: 0,
    flops: { useful: 0, issued: 0, others: 0 },
    // each word is read and written; the index is written, and read where it moves on
    bytes: { moved: sumSizes([each(8 * moves.length, count), turn === undefined ? 0 : movesOn ? 8 : 4]) },
  };
  const variant: MeasuredVariant = { name: 'turn', requires: {}, wgsl: moduleText(context, body), workgroups, figures };
  const bytes = each(4, count);
  const traffic: DescribedKernel['traffic'] = [
    ...moves.flatMap(() => [
      { loads: bytes, stores: 0 },
      { loads: 0, stores: bytes },
    ]),
    ...(turn === undefined ? [] : [{ loads: movesOn ? 4 : 0, stores: 4 }]),
  ];
  return { label, bindings, variants: [variant], summary: [], traffic };
}
