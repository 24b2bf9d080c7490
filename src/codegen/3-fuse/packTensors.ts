/**
 * Tensors of one size and dtype become one where a kernel would bind more buffers than a device allows: the maxima and the sums of a
 * softmax's rows, one after the other in one buffer. So the backward pass of attention with a mask or a bias binds 8, and its scores
 * need not be stored.
 *  - Temporaries that one kernel stores are stored so.
 *  - Inputs are copied, the smallest, for kernels that stream over a plane: it would be stored otherwise, which costs more.
 *
 * Invariant: outputs stay as they are; what was the kernels' order still is, copies come after all.
 */
import { at } from '../at.ts';
import { addIndices } from './indexArithmetic.ts';
import { type Index, literalProduct, variable } from './indexing.ts';
import type { FusedGraph, FusedKernel, Instruction, TensorNumber } from './kernel.ts';
import { mapInstructions } from './mapInstructions.ts';
import { type Product, productKey, productOf, times } from './product.ts';

export function packTensors(graph: FusedGraph, isOver: (kernel: FusedKernel) => boolean): FusedGraph {
  let now = graph;
  for (const [i] of graph.kernels.entries()) {
    if (isOver(at(now.kernels, i))) now = temporariesOf(now, at(now.kernels, i)).reduce(packTemporaries, now);
    if (!isOver(at(now.kernels, i)) || at(now.kernels, i).body.kind !== 'chain') continue;
    for (const parts of inputsOf(now, at(now.kernels, i))) if (isOver(at(now.kernels, i))) now = packInputs(now, parts, isOver);
  }
  return now;
}

type Parts = readonly TensorNumber[];

/** Tensors that a kernel reads and that have one key, where they are several. */
function grouped(kernel: FusedKernel, keyOf: (tensor: TensorNumber) => string | undefined): readonly Parts[] {
  const groups = new Map<string, TensorNumber[]>();
  for (const tensor of kernel.loads) {
    const key = keyOf(tensor);
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), tensor]);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

/** Undefined: two halves may share a word. */
function kindOf({ tensors }: FusedGraph, tensor: TensorNumber): string | undefined {
  const { shape, dtype } = at(tensors, tensor);
  return dtype === 'f16' ? undefined : `${dtype} ${productKey(productOf(shape))}`;
}

function temporariesOf(graph: FusedGraph, kernel: FusedKernel): readonly Parts[] {
  // loops read and store whole buffers
  const ofLoops = graph.kernels.flatMap(({ body, loads, stores }) => (body.kind === 'repeat' ? [...loads, ...stores] : []));
  const kept = new Set([...graph.inputs, ...graph.outputs, ...ofLoops]);
  return grouped(kernel, (tensor) => {
    const [kind, from] = [kindOf(graph, tensor), graph.kernels.findIndex(({ stores }) => stores.includes(tensor))];
    return kept.has(tensor) || kind === undefined ? undefined : `${from} ${kind}`;
  });
}

/** The smallest first. */
function inputsOf(graph: FusedGraph, kernel: FusedKernel): readonly Parts[] {
  const sizeOf = ([first = 0]: Parts): Product => productOf(at(graph.tensors, first).shape);
  const groups = grouped(kernel, (tensor) => (graph.inputs.includes(tensor) ? kindOf(graph, tensor) : undefined));
  const rank = (parts: Parts): number => sizeOf(parts).literal * 64 ** sizeOf(parts).symbols.length;
  return [...groups].sort((a, b) => rank(a) - rank(b));
}

function packTemporaries(graph: FusedGraph, parts: Parts): FusedGraph {
  return pack(graph, parts, () => true);
}

/** Copies, for the kernels that are over the limit. */
function packInputs(graph: FusedGraph, parts: Parts, isOver: (kernel: FusedKernel) => boolean): FusedGraph {
  const whole = graph.tensors.length;
  const { shape, dtype } = at(graph.tensors, at(parts, 0));
  const size = productOf(shape);
  const index = variable('i', size);
  const body = parts.flatMap((tensor, part): readonly Instruction[] => [
    { kind: 'load', result: part + 1, dtype, tensor, index },
    { kind: 'store', tensor: whole, index: moved(index, part, size), operand: part + 1, dtype },
  ]);
  const copy: FusedKernel = {
    body: { kind: 'loop', rows: size, reduced: undefined, steps: [{ kind: 'row', body }] },
    loads: parts,
    stores: [whole],
    awaits: [],
    values: [],
  };
  const packed = pack(graph, parts, isOver);
  return { ...packed, kernels: [...packed.kernels, copy] };
}

/** `reads`: the kernels that read the packed tensor in the place of its parts. */
function pack(graph: FusedGraph, parts: Parts, reads: (kernel: FusedKernel) => boolean): FusedGraph {
  const { shape, dtype } = at(graph.tensors, at(parts, 0));
  const whole = graph.tensors.length;
  const renamed = (tensors: Parts): Parts => [...new Set(tensors.map((tensor) => (parts.includes(tensor) ? whole : tensor)))];
  const replace = (one: Instruction): Instruction => {
    if ((one.kind !== 'load' && one.kind !== 'store') || !parts.includes(one.tensor)) return one;
    return { ...one, tensor: whole, index: moved(one.index, parts.indexOf(one.tensor), productOf(shape)) };
  };
  const kernels = graph.kernels.map((kernel) => {
    if (!reads(kernel)) return kernel;
    const { loads, stores, awaits } = kernel;
    const body = mapInstructions(kernel.body, replace);
    return { ...kernel, body, loads: renamed(loads), stores: renamed(stores), awaits: renamed(awaits) };
  });
  return { ...graph, tensors: [...graph.tensors, { shape: [parts.length, ...shape], dtype, primitive: 'pack' }], kernels };
}

/** The index in part number `part`. */
function moved(index: Index, part: number, size: Product): Index {
  if (part === 0) return index;
  return addIndices(index, { terms: [{ atom: { kind: 'unit' }, factor: times(literalProduct(part), size) }] });
}
