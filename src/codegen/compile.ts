/**
 * From a graph to a program: simplify, fuse, plan, emit. This file is the table of contents; each phase is a folder.
 *
 * Invariant: the program depends on the graph's structure and the options only; equal graphs give equal text, on any machine.
 */
import { isPrimitive } from '../graph/build.ts';
import { reachable } from '../graph/graph.ts';
import type { Graph, Value } from '../graph/value.ts';
import { verifyGraph } from '../graph/verify.ts';
import type { Choices } from '../program/choices.ts';
import { type Port, type Program, programFormat } from '../program/program.ts';
import { sizeExpression } from '../types/arithmetic/sizeExpression.ts';
import { type Size, sizeOf, sizeTextOf, symbolOf } from '../types/dim.ts';
import { symbolsOf } from '../types/size.ts';
import { simplify } from './2-simplify/simplify.ts';
import { fuse } from './3-fuse/fuse.ts';
import type { FusedGraph } from './3-fuse/kernel.ts';
import { splitSums } from './3-fuse/splitSums.ts';
import { orderKernels } from './4-plan/orderKernels.ts';
import { planBuffers } from './4-plan/planBuffers.ts';
import { countStatistics } from './4-plan/statistics.ts';
import { updateInPlace } from './4-plan/updateInPlace.ts';
import { emitKernel } from './5-emit/emit.ts';
import type { VariantChoice } from './5-emit/kernelText.ts';
import { basenameAndLine, type SourceName } from './5-emit/sourceLines.ts';
import { get } from './at.ts';
import { CompileError } from './compileError.ts';

/** What decides which variants kernels have. */
export interface VariantOptions {
  /** `all`: every variant of a kernel that there is, the cheapest of its design first, to measure which is best. */
  readonly variants?: VariantChoice;
  /** Tiles that were measured fastest; where there is none, or none that fits, the cost model chooses. */
  readonly choices?: Choices | undefined;
}

export interface CompileOptions extends VariantOptions {
  /** Paths for messages and labels, in the order of the graph's outputs: `y`, `loss`. */
  readonly outputNames?: readonly string[];
  /** The same for inputs; otherwise the names that they carry. */
  readonly inputNames?: readonly string[];
  /** What to call the source line of a value in the kernels' comments; `file` is absolute. By default `model.ts:12`. */
  readonly sourceName?: SourceName;
  /** Positions of inputs whose memory the program may write: outputs and temporaries may lie there. */
  readonly donated?: readonly number[];
  /** The most storage buffers that a kernel may bind: WebGPU promises 8. */
  readonly storageBuffers?: number;
  /** Without it, marks go and nothing else: for tests, which compare both. */
  readonly simplify?: boolean;
  /** Without it, every value that is computed is stored by a kernel of its own: for tests, which compare both. */
  readonly fuse?: boolean;
  /** Stores planes (the scores of attention) instead of computing them tile by tile: for tests, which compare both. */
  readonly storePlanes?: boolean;
  /** The graph is verified before the first pass and after each: for tests. */
  readonly verify?: boolean;
}

/** Throws a `CompileError` on a dtype that kernels do not compute in, or a symbolic axis that no input has. */
export function compile(graph: Graph, options: CompileOptions = {}): Program {
  const simple = simplified(graph, options);
  const donated = options.donated ?? [];
  const inPlace = (graph: FusedGraph) => updateInPlace(graph, donated).replaced;
  const { storageBuffers = 8, fuse: isWhole = true, storePlanes = false } = options;
  const fused = fuse(isWhole ? splitSums(simple) : simple, { storageBuffers, inPlace, isWhole, storePlanes });
  const { replaced, waits } = updateInPlace(fused, donated);
  const order = orderKernels(fused, waits);
  const names = {
    inputs: graph.inputs.map((value, i) => options.inputNames?.[i] ?? inputName(value, i)),
    outputs: outputNames(graph, options),
  };
  const assignment = planBuffers(fused, order, names, { donated, replaced });
  const symbols = boundSymbols(graph);
  const computed = computedSizes(graph);
  const emitOptions = {
    hasSymbols: symbols.length > 0,
    sourceName: options.sourceName ?? basenameAndLine,
    variants: options.variants ?? 'chosen',
    choices: options.choices,
  };
  const kernels = order.map(({ kernel }) => emitKernel(fused, kernel, assignment, emitOptions));
  const port = (tensors: readonly number[], portNames: readonly string[], values: readonly Value[]): readonly Port[] =>
    values.map(({ shape, dtype }, i) => ({ name: portNames[i] ?? '', shape, dtype, buffer: get(assignment.bufferOf, tensors[i] ?? -1) }));
  return {
    format: programFormat,
    name: graph.name,
    symbols,
    ...(computed.length > 0 ? { computedSizes: computed } : {}),
    inputs: port(fused.inputs, names.inputs, graph.inputs),
    outputs: port(fused.outputs, names.outputs, graph.outputs),
    buffers: assignment.buffers,
    kernels,
    statistics: countStatistics(simple, order, assignment),
  };
}

function simplified(graph: Graph, { simplify: isWhole = true, verify = false }: CompileOptions): Graph {
  if (!verify) return simplify(graph, { isWhole });
  verifyGraph(graph, 'the trace');
  return simplify(graph, { isWhole, observe: (now, pass) => verifyGraph(now, pass.name) });
}

function inputName(value: Value, i: number): string {
  return isPrimitive(value, 'input') ? value.params.name : `data${i}`;
}

function outputNames(graph: Graph, { outputNames }: CompileOptions): readonly string[] {
  return graph.outputs.map((_, i) => outputNames?.[i] ?? (graph.outputs.length === 1 ? 'y' : `y${i}`));
}

/** The symbols whose size an input's axis is. Throws where a size needs another. */
function boundSymbols(graph: Graph): readonly string[] {
  const bound = new Set(graph.inputs.flatMap(({ shape }) => shape.flatMap((dim) => symbolOf(dim) ?? [])));
  const needed = [...graph.inputs, ...reachable(graph.outputs)].flatMap(({ shape }) => shape.flatMap((dim) => symbolsOf(sizeOf(dim))));
  const unknown = needed.find((symbol) => !bound.has(symbol));
  if (unknown !== undefined)
    throw new CompileError(`compile: no input of ${graph.name} has the axis '${unknown}' (its size is taken from the inputs)`);
  return [...bound];
}

/** The sizes that may come out at no whole, positive number. */
function computedSizes(graph: Graph): readonly Size[] {
  const texts = [...graph.inputs, ...reachable(graph.outputs)].flatMap(({ shape }) => shape.map(sizeTextOf));
  return [...new Set(texts)].filter((text) => /[/-]/.test(text)).map(sizeExpression);
}
