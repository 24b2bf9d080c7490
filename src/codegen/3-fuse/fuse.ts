/**
 * From a graph to kernels: values get groups, groups decide what is stored, and each group with something to store becomes a
 * kernel. Where a kernel would bind more buffers than a device allows, tensors are packed; if it still would, it is cut: one of
 * its values starts a group of its own.
 *
 * Source of the rules: epilogue and prologue fusion as in XLA and TVM; here a stored value is the exception, not the rule.
 */
import { isPrimitive } from '../../graph/build.ts';
import { needsData, reachable } from '../../graph/graph.ts';
import type { Graph, Value } from '../../graph/value.ts';
import { at } from '../at.ts';
import { CompileError } from '../compileError.ts';
import { alignReductions } from './alignReductions.ts';
import { assignGroups } from './assignGroups.ts';
import { type Cuts, cutGroup, everyCut, noCuts } from './cuts.ts';
import type { Group, Grouping } from './group.ts';
import type { FusedGraph, FusedKernel, StepProgram, StoredTensor, TensorNumber } from './kernel.ts';
import { lowerChain } from './lowerChain.ts';
import { lowerContract } from './lowerContract.ts';
import { type Lowering, makeLowering, type RowOutput } from './lowering.ts';
import { lowerLoop } from './lowerLoop.ts';
import { type CompileStep, lowerRepeat } from './lowerRepeat.ts';
import { lowerScatter } from './lowerScatter.ts';
import { mergeKernels } from './mergeKernels.ts';
import { packTensors } from './packTensors.ts';
import { placeValues } from './placeValues.ts';
import { prepareLoops, underReshapes } from './prepareLoops.ts';
import { prepareOutputs } from './prepareOutputs.ts';
import { splitReductions } from './splitReductions.ts';
import { awaitedBy } from './views.ts';

export interface FuseOptions {
  /** The most storage buffers that a kernel may bind. */
  readonly storageBuffers: number;
  /** From output to the input in whose buffer it is written: the two need one binding. */
  readonly inPlace?: (graph: FusedGraph) => ReadonlyMap<TensorNumber, TensorNumber>;
  /** False: every value has a kernel of its own. */
  readonly isWhole?: boolean;
  /** The outputs that are rows of larger tensors, by position. */
  readonly rows?: ReadonlyMap<number, RowOutput>;
  /** Compiles the step of a loop. */
  readonly compileStep?: CompileStep;
  /** Stores what is otherwise computed tile by tile wherever it is needed. */
  readonly storePlanes?: boolean;
}

export function fuse(graph: Graph, options: FuseOptions): FusedGraph {
  const { storageBuffers, inPlace = () => new Map(), isWhole = true, storePlanes = false } = options;
  const aligned = alignReductions(prepareOutputs(graph));
  const prepared = prepareLoops(isWhole ? splitReductions(aligned) : aligned);
  const steps = new Map<Value, StepProgram>();
  const cuts = isWhole ? noCuts() : everyCut(reachable(prepared.outputs));
  if (storePlanes) for (const value of reachable(prepared.outputs)) cuts.unchained.add(value);
  const isBindable = (graph: FusedGraph): boolean => {
    const replaced = inPlace(graph);
    return graph.kernels.every((kernel) => countBuffers(kernel, replaced) <= storageBuffers);
  };
  for (;;) {
    const { fused: whole, groups } = fuseWith(prepared, cuts, options, steps);
    const inOneBuffer = inPlace(whole);
    const fused = isWhole ? packTensors(whole, (kernel) => countBuffers(kernel, inOneBuffer) > storageBuffers) : whole;
    const replaced = inPlace(fused);
    const over = fused.kernels.flatMap((kernel, i) =>
      countBuffers(kernel, replaced) > storageBuffers ? [{ kernel, group: at(groups, i) }] : [],
    );
    if (over.length === 0) return isWhole ? mergeKernels(fused, isBindable) : fused;
    for (const { kernel, group } of over) {
      if (!cutGroup(group, kernel.values, cuts)) {
        throw new CompileError(`compile: a kernel of ${graph.name} binds more than ${storageBuffers} buffers and cannot be cut`);
      }
    }
  }
}

/** A step's own kernels were counted when it was compiled. */
const countBuffers = ({ body, loads, stores }: FusedKernel, replaced: ReadonlyMap<TensorNumber, TensorNumber>): number =>
  body.kind === 'repeat' ? 0 : new Set([...loads, ...stores.map((tensor) => replaced.get(tensor) ?? tensor)]).size;

/** The tensor that a value is, or those that it is computed from. */
const storedBelow =
  (numbers: ReadonlyMap<Value, TensorNumber>) =>
  (value: Value): readonly TensorNumber[] => {
    const found = new Set<TensorNumber>();
    const seen = new Set<Value>();
    const stack = [value];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      const number = numbers.get(next);
      if (number === undefined) stack.push(...next.operands);
      else found.add(number);
    }
    return [...found];
  };

function lowerGroup(group: Group, { planes }: Grouping, stores: readonly Value[], lowering: Lowering): FusedKernel['body'] {
  if (group.chain !== undefined) return lowerChain({ ...group, chain: group.chain }, stores, planes, lowering);
  if (group.scatter !== undefined) return lowerScatter(group, group.scatter, stores, lowering);
  return group.contract === undefined ? lowerLoop(group, stores, lowering) : lowerContract(group, group.contract, stores, lowering);
}

const refuseLoops: CompileStep = () => {
  throw new CompileError('internal: a loop, and nothing to compile its step with');
};

function fuseWith(
  graph: Graph,
  cuts: Cuts,
  { rows: rowsAt = new Map(), compileStep = refuseLoops }: FuseOptions,
  steps: Map<Value, StepProgram>,
): { readonly fused: FusedGraph; readonly groups: readonly Group[] } {
  const rows = new Map([...rowsAt].map(([position, row]) => [at(graph.outputs, position), row]));
  // what loops are given counts as a result: it is stored as it is
  const given = reachable(graph.outputs).flatMap((value) => (value.primitive === 'loop' ? value.operands.map(underReshapes) : []));
  const outputs = [...new Set([...graph.outputs, ...given.filter((value) => !needsData(value))])];
  const grouping = assignGroups({ ...graph, outputs }, cuts);
  const stored = placeValues({ ...graph, outputs }, grouping, cuts.kept);
  const values = [...graph.inputs, ...grouping.order.filter((value) => stored.has(value))];
  const tensors: StoredTensor[] = values.map((value) => {
    const row = rows.get(value);
    return row === undefined ? value : { ...value, shape: [row.axis, ...value.shape] };
  });
  const numbers = new Map<Value, TensorNumber>(values.map((value, number) => [value, number]));
  const numberOf = (value: Value): TensorNumber => {
    const number = numbers.get(value);
    if (number === undefined) throw new CompileError(`internal: a ${value.primitive} is loaded and not stored`);
    return number;
  };
  const groups = grouping.groups.filter((group) => [...group.members.keys()].some((value) => stored.has(value)));
  const kernels = groups.map((group): FusedKernel => {
    const stores = grouping.order.filter((value) => stored.has(value) && group.members.has(value));
    if (group.loop !== undefined) {
      const { loop } = group;
      const outputs = stores.flatMap((value) => (isPrimitive(value, 'loop') ? [value.params.output] : []));
      const step = steps.get(loop) ?? compileStep(loop.params.body, outputs);
      steps.set(loop, step);
      return lowerRepeat(loop, stores, step, { numberOf, scratch: (type) => tensors.push({ ...type, primitive: 'scratch' }) - 1 });
    }
    const lowering = makeLowering((value) => (group.members.has(value) ? undefined : numbers.get(value)), numberOf, rows);
    const body = lowerGroup(group, grouping, stores, lowering);
    const values = [...lowering.values];
    const awaits = values.flatMap(({ operands }) => operands.flatMap(awaitedBy)).flatMap(storedBelow(numbers));
    return { body, loads: [...lowering.loads], stores: stores.map(numberOf), awaits: [...new Set(awaits)], values };
  });
  return { fused: { tensors, inputs: graph.inputs.map(numberOf), outputs: graph.outputs.map(numberOf), kernels }, groups };
}
