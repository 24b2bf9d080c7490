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
import { differenceOf, structureKey } from '../program/structureDifference.ts';
import { type DeferredTensor, run, type Uncompiled } from '../runtime/deferredTensor.ts';
import type { settled } from '../types/rules/result.ts';
import type { Arguments } from '../types/transform.ts';
import { donatedLeaves } from './donatedLeaves.ts';
import { LazyTensor } from './lazyTensor.ts';
import { unnest } from './nested.ts';
import { compute, programOf, sourcesOf, targetOf } from './realize.ts';
import { requireFunction } from './requireFunction.ts';
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

interface Traced extends TracedFunction {
  readonly uncompiled: Uncompiled;
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
  const cache = new Map<string, Traced>();
  const warn = warnOfChanges(options);
  const name = options.name ?? (f.name === '' ? 'jit' : f.name);
  const call = (...args: A): Y => {
    const given = unnest(args);
    if (given.leaves.some(({ leaf }) => leaf.value.traced)) return f(...args) as Y;
    const key = structureKey(given.structure);
    let traced = cache.get(key);
    if (traced === undefined) {
      const trace = traceFunction('jit', f as never, given.structure);
      // A function made inside another one may read what that one is traced with: then it is part of it, not a program of its own.
      if (readsOuterTrace(trace)) return f(...args) as Y;
      const closed = closeTrace(name, trace, given.structure, options);
      traced = { ...closed, uncompiled: { ...signatureOf(closed.forward), compile: compilerOf(closed, options) } };
      cache.set(key, traced);
      warn(name, given.structure);
    }
    const inputs = compute(
      given.leaves.map(({ leaf }) => leaf),
      name,
    );
    const outputs = run(traced.uncompiled, [...inputs, ...traced.captured], { donate: traced.donated });
    const types = leavesOf(traced.result);
    return unflatten(
      traced.result,
      outputs.map((output, index) => LazyTensor.of(output, types[index]?.leaf.tie)),
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
  const programs = new Map<string, Program>();
  return () => {
    const target = targetOf(tuned);
    const key = `${target.storageBuffers} ${target.choices?.adapter ?? ''}`;
    const program = programs.get(key) ?? programOf(forward, donated, target);
    programs.set(key, program);
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
