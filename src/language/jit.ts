/**
 * Compiles a function at run time: it is traced once for each new set of shapes, and after that only run.
 *
 * Invariant: the function must give the same recording for the same shapes and plain arguments: what else it reads is read
 * once, while tracing. Symbolic axes stay symbolic, so one program serves every batch size.
 */
import { signatureOf } from '../codegen/signatureOf.ts';
import { type JitDefinition, jitTag, type TracedFunction } from '../codegen/tracedLayer.ts';
import { makeGraph, reachable } from '../graph/graph.ts';
import type { Program } from '../program/program.ts';
import { leavesOf, type Structure, unflatten } from '../program/structure.ts';
import { differenceOf, findSame, structureKey, withLast } from '../program/structureDifference.ts';
import { type DeferredTensor, run, type Uncompiled } from '../runtime/deferredTensor.ts';
import type { settled } from '../types/rules/result.ts';
import type { Tie } from '../types/tie.ts';
import type { Arguments } from '../types/transform.ts';
import { donatedLeaves } from './donatedLeaves.ts';
import { isLazyTensor, LazyTensor } from './lazyTensor.ts';
import { unnest } from './nested.ts';
import { compute, programOf, sourcesOf, type Target, targetOf } from './realize.ts';
import { requireFunction } from './requireFunction.ts';
import { requireOptionNames } from './requireOptionNames.ts';
import { type Trace, traceFunction } from './traceFunction.ts';

/** What `jit` may be told: a name, what to donate, whether measured choices count. */
export interface JitOptions {
  /** For labels and messages; the function's own name by default. */
  readonly name?: string;
  /**
   * Arguments whose memory the program may write: an updated parameter takes the place of the old one, and training allocates
   * nothing. Using them afterwards is an error.
   */
  readonly donate?: readonly number[];
  /**
   * Kernels by what was measured on the adapter, where choices are stored for it; false: by the cost model alone. Default: true.
   * For all functions: the environment variable ADJOINT_TUNING, `all`, `shipped` or `off`.
   */
  readonly tuned?: boolean;
  /** Receives the line that says that a plain argument keeps changing. Default: stderr. */
  readonly onMessage?: (message: string) => void;
}

/** With so many values of its plain arguments, a function is probably called with what changes from step to step. */
const manyValues = 8;

const isTraced = ({ value }: LazyTensor): boolean => value.traced;

interface Traced extends TracedFunction {
  readonly uncompiled: Uncompiled;
  /** The arguments that it was traced for. */
  readonly given: Structure;
  /** Of each result. */
  readonly ties: readonly (Tie | undefined)[];
  /** Data that the function read from outside. */
  readonly captured: readonly DeferredTensor[];
}

/**
 * The same function, compiled. Numbers, strings and booleans among the arguments are part of the program: a new value
 * compiles anew, so pass what changes from step to step as a tensor, such as `tensor(rate)`: that costs four bytes. The eighth
 * value says so.
 * Errors: whatever the function throws while it is traced; `ShapeError` if an argument in `donate` does not exist.
 */
export function jit<A extends Arguments, Y>(f: (...args: A) => settled<'jit', Y>, options: JitOptions = {}): (...args: A) => Y {
  requireFunction('jit', f);
  requireOptionNames<JitOptions>('jit', options, { donate: '[0]', name: "'step'", tuned: 'false', onMessage: 'console.log' });
  const cache = new Map<string, Traced>();
  const warn = warnOfChanges(options);
  const name = options.name ?? (f.name === '' ? 'jit' : f.name);
  /** Those used last: a call like one of them makes no key. */
  let recent: readonly Traced[] = [];

  /** Undefined where the function is part of another trace, not a program of its own. */
  const tracedFor = (structure: Structure): Traced | undefined => {
    const key = structureKey(structure);
    const known = cache.get(key);
    if (known !== undefined) return known;
    const trace = traceFunction('jit', f as never, structure);
    if (readsOuterTrace(trace)) return undefined;
    const closed = closeTrace(name, trace, structure, options);
    const traced: Traced = {
      ...closed,
      uncompiled: { ...signatureOf(closed.forward), compile: compilerOf(closed, options) },
      given: structure,
      ties: leavesOf(closed.result).map(({ leaf }) => leaf.tie),
    };
    cache.set(key, traced);
    warn(name, structure);
    return traced;
  };

  const call = (...args: A): Y => {
    const same = findSame(recent, args, isLazyTensor);
    const given = same ? undefined : unnest(args);
    const leaves = same?.leaves ?? given?.leaves.map(({ leaf }) => leaf) ?? [];
    const traced = leaves.some(isTraced) ? undefined : (same?.call ?? (given && tracedFor(given.structure)));
    if (traced === undefined) return f(...args) as Y;
    if (!same) recent = withLast(recent, traced);
    const inputs = compute(leaves, name);
    const { uncompiled, captured, donated, result, ties } = traced;
    const outputs = run(uncompiled, captured.length === 0 ? inputs : [...inputs, ...captured], { donate: donated });
    return unflatten(
      result,
      outputs.map((output, index) => LazyTensor.of(output, ties[index])),
    ) as Y;
  };
  const definition: JitDefinition = {
    trace: (label, items, parameters) => {
      const args: Structure = { kind: 'tuple', items };
      return closeTrace(label, traceFunction('jit', f as never, args, parameters), args, options);
    },
  };
  return Object.assign(call, { [jitTag]: definition });
}

/** Compiles for the device that is open; once for as many buffers as kernels may bind and the adapter whose choices they follow. */
function compilerOf({ forward, donated }: TracedFunction, { tuned }: JitOptions): () => Program {
  const programs: { readonly target: Target; readonly program: Program }[] = [];
  return () => {
    const target = targetOf(tuned);
    const known = programs.find(
      (one) =>
        one.target.storageBuffers === target.storageBuffers &&
        one.target.choices?.adapter === target.choices?.adapter &&
        one.target.lines === target.lines,
    );
    if (known) return known.program;
    const program = programOf(forward, donated, target);
    programs.push({ target, program });
    return program;
  };
}

/** The trace as a graph of its own: what it read from outside is an input, after the arguments' tensors. */
function closeTrace(
  name: string,
  { inputs, outputs, result }: Trace,
  args: Structure,
  { donate = [] }: JitOptions,
): TracedFunction & { readonly captured: readonly DeferredTensor[] } {
  const { leaves, sources } = sourcesOf(outputs, name, new Set(inputs));
  return {
    result,
    forward: makeGraph(name, [...inputs, ...leaves], outputs),
    donated: donatedLeaves(name, args, donate),
    captured: sources,
  };
}

/** Says once which plain argument keeps changing, while shapes stay. */
function warnOfChanges({ onMessage = console.warn }: JitOptions): (name: string, structure: Structure) => void {
  const seen = new Map<string, { readonly structure: Structure; count: number }>();
  return (name, structure) => {
    const key = structureKey(structure, true);
    const last = seen.get(key);
    const count = (last?.count ?? 0) + 1;
    seen.set(key, { structure, count });
    if (last === undefined || count !== manyValues) return;
    const change = differenceOf(last.structure, structure);
    onMessage(
      `jit: ${name} is compiled for ${count} values of its plain arguments: ${change} (pass what changes as a tensor: tensor(value))`,
    );
  };
}

/** True if a value depends on a traced root that is not one of the function's own inputs. */
function readsOuterTrace({ inputs, outputs }: Trace): boolean {
  const own = new Set(inputs);
  return reachable(outputs).some((value) => value.traced && !own.has(value) && !value.operands.some(({ traced }) => traced));
}
