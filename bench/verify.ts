/**
 * Results are compared before anything is timed: a wrong result has no time.
 *
 * The reference is the f64 evaluator for tasks that it does in a moment, else what the first peer, this project, computed: then all must
 * agree with it. The distance of two arrays is their largest difference over the reference's largest element.
 */
import { evaluate } from '../src/graph/evaluate.ts';
import { makeGraph } from '../src/graph/graph.ts';
import { traceFunction } from '../src/language/traceFunction.ts';
import type { Structure } from '../src/program/structure.ts';
import { adjointTasks } from './peers/adjointTasks.ts';
import type { Task, TaskCall } from './tasks.ts';

type Outputs = readonly ArrayLike<number>[];

/** Sums in f32, in another order, of up to 4096 terms. */
const tolerance = 1e-4;
/** Adam divides a gradient by its own size: where a gradient is nearly zero, its sign is noise. */
const tolerances: Partial<Record<TaskCall['kind'], number>> = { mlpAdam: 2e-3 };

export const toleranceOf = (call: TaskCall): number => tolerances[call.kind] ?? tolerance;

/** The largest distance over all outputs; infinite if shapes or counts differ or a number is not finite. */
export function distance(reference: Outputs, outputs: Outputs): number {
  if (reference.length !== outputs.length) return Number.POSITIVE_INFINITY;
  return Math.max(...reference.map((expected, index) => arrayDistance(expected, outputs[index] ?? [])));
}

function arrayDistance(expected: ArrayLike<number>, got: ArrayLike<number>): number {
  if (expected.length !== got.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const apart = Math.abs((expected[i] ?? 0) - (got[i] ?? 0));
    if (!Number.isFinite(apart)) return Number.POSITIVE_INFINITY;
    difference = Math.max(difference, apart);
    largest = Math.max(largest, Math.abs(expected[i] ?? 0));
  }
  return difference === 0 ? 0 : difference / (largest || 1);
}

/** The evaluator takes about a second for this many operations. */
const evaluatedFlops = 4e7;

/** The task in f64, without a device or a compiler; undefined if it would take long. */
export function referenceOf(call: TaskCall, task: Task, inputs: readonly Float32Array[]): Outputs | undefined {
  if (task.flops > evaluatedFlops) return undefined;
  const tensors = task.inputs.map(
    ({ axes }): Structure => ({
      kind: 'tensor',
      type: { shape: Object.entries(axes).map(([name, size]) => `${name}=${size}`), dtype: 'f32' },
    }),
  );
  const items: readonly Structure[] = [{ kind: 'tuple', items: tensors.slice(0, task.carried) }, ...tensors.slice(task.carried)];
  const trace = traceFunction('jit', adjointTasks[call.kind] as never, { kind: 'tuple', items });
  return evaluate(
    makeGraph(call.kind, trace.inputs, trace.outputs),
    inputs.map((elements) => Float64Array.from(elements)),
  );
}
