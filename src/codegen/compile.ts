/**
 * From a graph to a program: simplify, fuse, plan, emit. This file is the table of contents; each phase is a folder.
 *
 * Invariant: the program depends on the graph's structure and the options only; equal graphs give equal text, on any machine.
 */
import { gather, identity, input } from '../graph/build.ts';
import { makeGraph, reachable } from '../graph/graph.ts';
import { bodyGraph } from '../graph/loop.ts';
import type { LoopBody, LoopOutput } from '../graph/primitive.ts';
import { substitute } from '../graph/substitute.ts';
import type { Graph, Value } from '../graph/value.ts';
import { verifyGraph } from '../graph/verify.ts';
import type { Choices } from '../program/choices.ts';
import { dispatchOrder } from '../program/dispatchOrder.ts';
import { type DescribedProgram, type Port, programFormat } from '../program/program.ts';
import { sizeExpression } from '../types/arithmetic/sizeExpression.ts';
import { type Size, sizeTextOf } from '../types/dim.ts';
import { simplify } from './2-simplify/simplify.ts';
import { type FuseOptions, fuse } from './3-fuse/fuse.ts';
import type { FusedGraph, StepProgram } from './3-fuse/kernel.ts';
import type { RowOutput } from './3-fuse/lowering.ts';
import { splitSums } from './3-fuse/splitSums.ts';
import { orderKernels } from './4-plan/orderKernels.ts';
import { type BufferAssignment, planBuffers } from './4-plan/planBuffers.ts';
import { countStatistics } from './4-plan/statistics.ts';
import { updateInPlace } from './4-plan/updateInPlace.ts';
import { emitKernels } from './5-emit/emitRepeat.ts';
import type { VariantChoice } from './5-emit/kernelText.ts';
import { basenameAndLine, type SourceName } from './5-emit/sourceLines.ts';
import { at, get } from './at.ts';
import { CompileError } from './compileError.ts';
import { boundSymbols, namesOf, type PortNames } from './signatureOf.ts';

/** What decides which variants kernels have. */
export interface VariantOptions {
  /** `all`: every variant of a kernel that there is, the cheapest of its design first, to measure which is best. */
  readonly variants?: VariantChoice;
  /** Tiles that were measured fastest; where there is none, or none that fits, the cost model chooses. */
  readonly choices?: Choices | undefined;
  /** Also variants for subgroups of eight lanes: for a device that has such. Modules built ahead would grow by a quarter. */
  readonly lines?: boolean | undefined;
}

/** What `compile` may be told of the device, of donated inputs and of names. */
export interface CompileOptions extends VariantOptions, PortNames {
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
export function compile(graph: Graph, options: CompileOptions = {}): DescribedProgram {
  return compileWith(graph, options).program;
}

/** What is particular of a graph that is a loop's step. */
interface StepOptions {
  /** Where its rows are stored, by the output's position. */
  readonly rows: ReadonlyMap<number, RowOutput>;
  /** The inputs that are the same carries as outputs, by the output's position. */
  readonly carries: ReadonlyMap<number, number>;
  readonly symbols: readonly string[];
}

interface Compiled {
  readonly program: DescribedProgram;
  readonly shapes: BufferAssignment['shapes'];
}

function compileWith(graph: Graph, options: CompileOptions, step?: StepOptions): Compiled {
  const simple = simplified(graph, options);
  const donated = options.donated ?? [];
  const inPlace = (graph: FusedGraph) => updateInPlace(graph, donated, step?.carries).replaced;
  const { storageBuffers = 8, fuse: isWhole = true, storePlanes = false } = options;
  const symbols = step?.symbols ?? boundSymbols(graph);
  const rows: FuseOptions['rows'] = step?.rows ?? new Map();
  // a row is stored for whoever reads it later, never for this run's kernels
  const stored = simple.outputs.map((value, i) => (rows.has(i) ? identity(value, {}, value.origin) : value));
  const whole = { ...simple, outputs: stored };
  const fused = fuse(isWhole ? splitSums(whole) : whole, {
    storageBuffers,
    inPlace,
    isWhole,
    storePlanes,
    rows,
    compileStep: (loop, asked) => compileStep(loop, asked, options, symbols),
  });
  const { replaced, waits } = updateInPlace(fused, donated, step?.carries);
  const order = orderKernels(fused, waits);
  const names = namesOf(graph, options);
  const kept = new Set([...rows.keys()].map((position) => at(fused.outputs, position)));
  const assignment = planBuffers(fused, order, names, { donated, replaced, kept, reuseInputs: step === undefined });
  const emitOptions = {
    hasSymbols: symbols.length > 0,
    sourceName: options.sourceName ?? basenameAndLine,
    variants: options.variants ?? 'chosen',
    choices: options.choices,
    lines: options.lines,
    storageBuffers,
  };
  const { kernels, repeats } = emitKernels(fused, order, assignment, emitOptions);
  const steps = order.flatMap(({ kernel: { body } }) => (body.kind === 'repeat' ? [body.step.program] : []));
  const computed = [...new Set([...computedSizes(graph), ...steps.flatMap(({ computedSizes = [] }) => computedSizes)])];
  const port = (tensors: readonly number[], portNames: readonly string[], values: readonly Value[]): readonly Port[] =>
    values.map(({ shape, dtype }, i) => ({ name: portNames[i] ?? '', shape, dtype, buffer: get(assignment.bufferOf, tensors[i] ?? -1) }));
  const program: DescribedProgram = {
    format: programFormat,
    name: graph.name,
    symbols,
    ...(computed.length > 0 ? { computedSizes: computed } : {}),
    inputs: port(fused.inputs, names.inputs, graph.inputs),
    outputs: port(fused.outputs, names.outputs, graph.outputs),
    buffers: assignment.buffers,
    kernels,
    ...(repeats.length > 0 ? { repeats } : {}),
    statistics: countStatistics(simple, fused, order, assignment, dispatchOrder({ kernels, repeats }).length),
  };
  return { program, shapes: assignment.shapes };
}

/** A loop's step as a program: carries are written in place where they can be, rows are read and stored where the index says. */
function compileStep(loop: LoopBody, asked: readonly LoopOutput[], options: CompileOptions, symbols: readonly string[]): StepProgram {
  const { graph, carries, rows, captured } = bodyGraph(loop, asked);
  const [index, ...formals] = graph.inputs;
  if (index === undefined) throw new CompileError('internal: a step without an index');
  const wholes = new Map<Value, Value>(
    formals.slice(carries.length, carries.length + rows.length).map((row) => [row, input('rows', [loop.axis, ...row.shape], row.dtype)]),
  );
  const outputs = substitute(graph.outputs, (value) => {
    const whole = wholes.get(value);
    return whole && gather(whole, index, 0);
  });
  const inputs = [index, ...formals.map((value) => wholes.get(value) ?? value)];
  const positions = carries.map((_, i) => i);
  const { simplify: isSimplified, fuse: isFused, storageBuffers, storePlanes, verify, variants, choices, lines, sourceName } = options;
  const shared = { simplify: isSimplified, fuse: isFused, storageBuffers, storePlanes, verify, variants, choices, lines, sourceName };
  const given = Object.fromEntries(Object.entries(shared).filter(([, value]) => value !== undefined)) as CompileOptions; // seam: entries lose their types
  const { program, shapes } = compileWith(
    makeGraph('step', inputs, outputs),
    { ...given, donated: positions.map((i) => i + 1) },
    {
      rows: new Map(outputs.flatMap((_, i) => (i < carries.length ? [] : [[i, { axis: loop.axis, index }] as const]))),
      carries: new Map(positions.map((i) => [i, i + 1])),
      symbols,
    },
  );
  return { program, shapes, operands: [...carries, ...rows, ...captured], carries: carries.length };
}

function simplified(graph: Graph, { simplify: isWhole = true, verify = false }: CompileOptions): Graph {
  if (!verify) return simplify(graph, { isWhole });
  verifyGraph(graph, 'the trace');
  return simplify(graph, { isWhole, observe: (now, pass) => verifyGraph(now, pass.name) });
}

/** The sizes that may come out at no whole, positive number. */
function computedSizes(graph: Graph): readonly Size[] {
  const texts = [...graph.inputs, ...reachable(graph.outputs)].flatMap(({ shape }) => shape.map(sizeTextOf));
  return [...new Set(texts)].filter((text) => /[/-]/.test(text)).map(sizeExpression);
}
