/**
 * From recorded values to data: what is asked for in one turn of the event loop is compiled as one program and run in one
 * submit.
 *
 * Invariant: programs are kept by the printed graph, so a loop that records the same steps compiles once.
 */
import { compile } from '../codegen/compile.ts';
import { signatureOf } from '../codegen/signatureOf.ts';
import { input, isPrimitive } from '../graph/build.ts';
import { makeGraph, needsData, reachable } from '../graph/graph.ts';
import { printGraph } from '../graph/print.ts';
import { substitute } from '../graph/substitute.ts';
import type { Graph, Value } from '../graph/value.ts';
import type { Choices } from '../program/choices.ts';
import type { Program } from '../program/program.ts';
import { bindableBuffers, DeferredTensor, run, type Uncompiled } from '../runtime/deferredTensor.ts';
import { AdjointError } from '../runtime/errors.ts';
import type { HostArray } from '../runtime/hostData.ts';
import { filledTensor, hostTensor } from '../runtime/hostTensor.ts';
import { sizeOf, symbolOf } from '../types/dim.ts';
import { symbolsOf } from '../types/size.ts';
import { choicesOfOpenDevice, openDeviceHasLines } from './deviceChoices.ts';
import type { LazyTensor } from './lazyTensor.ts';

/** How many compiled programs are kept; the one least recently used goes first. */
const keptPrograms = 512;
const programs = new Map<string, Program>();

/** The open device, as far as a program depends on it. */
export interface Target {
  /** The most that a kernel may bind. */
  readonly storageBuffers: number;
  /** Of its adapter; undefined also before the device is open. */
  readonly choices: Choices | undefined;
  /** Its subgroups have eight lanes. */
  readonly lines: boolean;
}

export const targetOf = (tuned = true): Target => ({
  storageBuffers: bindableBuffers(),
  choices: tuned ? choicesOfOpenDevice() : undefined,
  lines: openDeviceHasLines(),
});

/** The program of a graph, compiled on first sight. `donated`: positions of inputs whose memory it may write. */
export function programOf(graph: Graph, donated: readonly number[] = [], target = targetOf()): Program {
  const { storageBuffers, choices, lines } = target;
  const names = graph.inputs.map(({ params }) => ('name' in params ? params.name : ''));
  const key = [...names, donated.join(' '), storageBuffers, choices?.adapter ?? '', lines, printGraph(graph)].join('\n');
  const program = programs.get(key) ?? compile(graph, { donated, storageBuffers, choices, lines });
  programs.delete(key);
  programs.set(key, program);
  const [oldest] = programs.keys();
  if (programs.size > keptPrograms && oldest !== undefined) programs.delete(oldest);
  return program;
}

/** The same, compiled as soon as it is known for what: the first call may come before the device is open. */
export const uncompiled = (graph: Graph): Uncompiled => ({ ...signatureOf(graph), compile: () => programOf(graph) });

/** The data under some values, `known` inputs left out. Throws where another `input` without data is reached. */
export function sourcesOf(
  values: readonly Value[],
  operation: string,
  known: ReadonlySet<Value> = new Set(),
): { readonly leaves: readonly Value[]; readonly sources: readonly DeferredTensor[] } {
  const leaves = reachable(values).filter((value) => needsData(value) && !known.has(value));
  const sources = leaves.map((leaf) => {
    const source = 'source' in leaf.params ? leaf.params.source : undefined;
    if (source instanceof DeferredTensor) return source;
    throw new AdjointError(
      `${operation}: the tensor has no data while a function is being traced (return it from the function and read it outside)`,
    );
  });
  return { leaves, sources };
}

/** Compiles and starts what the tensors need. Each becomes its data at once. */
export function compute(tensors: readonly LazyTensor[], operation = 'data'): readonly DeferredTensor[] {
  if (tensors.every(({ leaf }) => leaf !== undefined)) return leavesOf(tensors);
  // A scalar that changes from step to step would be a program for each of its values.
  for (const tensor of tensors) if (tensor.leaf === undefined) settleScalar(tensor);
  const open = [...new Set(tensors.filter(({ leaf }) => leaf === undefined))];
  if (open.length > 0) {
    for (const tensor of open) void tensor.sizes; // an axis without a size is refused before anything runs
    const values = open.map(({ value }) => value);
    const { leaves, sources } = sourcesOf(values, operation);
    // One input a source, however many leaves show it.
    const distinct = [...new Set(sources), ...sizeBearers(open, values, sources)];
    const inputs = distinct.map((source, index) => input(`input${index}`, source.shape, source.dtype));
    const inputOf = new Map(distinct.map((source, index) => [source, inputs[index]]));
    const inputOfLeaf = new Map(leaves.map((leaf, index) => [leaf, inputOf.get(sources[index] as DeferredTensor)]));
    const outputs = substitute(values, (value) => inputOfLeaf.get(value));
    const results = run(uncompiled(makeGraph('data', inputs, outputs)), distinct);
    for (const [index, tensor] of open.entries()) tensor.settle(results[index] as DeferredTensor);
  }
  return leavesOf(tensors);
}

// seam: all have been computed
const leavesOf = (tensors: readonly LazyTensor[]) => tensors.map(({ leaf }) => leaf as DeferredTensor);

function settleScalar(tensor: LazyTensor): void {
  const { value } = tensor;
  if (isPrimitive(value, 'constant') && value.shape.length === 0) tensor.settle(filledTensor('full', [], value.params.value, value.dtype));
}

/** For each symbolic axis that no source has, though its size is known, as in the gradient of a sum: data that only has the size. */
function sizeBearers(open: readonly LazyTensor[], values: readonly Value[], sources: readonly DeferredTensor[]): readonly DeferredTensor[] {
  const known = new Set(sources.flatMap(({ shape }) => shape.map(symbolOf)));
  const needed = new Set(reachable(values).flatMap(({ shape }) => shape.flatMap((dim) => symbolsOf(sizeOf(dim)))));
  const sizes: LazyTensor['symbols'] = Object.assign({}, ...open.map(({ symbols }) => symbols));
  return Object.entries(sizes).flatMap(([name, size]) =>
    needed.has(name) && !known.has(name) ? [hostTensor(new Float32Array(size), [name])] : [],
  );
}

interface Read {
  readonly tensor: LazyTensor;
  readonly resolve: (data: HostArray | Promise<HostArray>) => void;
  readonly reject: (error: unknown) => void;
}

let pending: Read[] = [];

/** The data of a tensor, computed together with all that is asked for in the same turn, and read with the same submit. */
export async function read(tensor: LazyTensor): Promise<HostArray> {
  if (tensor.leaf !== undefined) return tensor.leaf.data();
  sourcesOf([tensor.value], 'data');
  void tensor.sizes; // so that a tensor without sizes fails alone, not with all the others
  if (pending.length === 0) queueMicrotask(flush);
  return new Promise((resolve, reject) => pending.push({ tensor, resolve, reject }));
}

function flush(): void {
  const reads = pending;
  pending = [];
  try {
    const leaves = compute(reads.map(({ tensor }) => tensor));
    for (const [index, { resolve }] of reads.entries()) resolve((leaves[index] as DeferredTensor).data());
  } catch (error) {
    for (const { reject } of reads) reject(error);
  }
}
