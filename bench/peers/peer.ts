/**
 * What the bench wants of a library that it measures.
 *
 * Invariant: everybody gets the same inputs, returns the same outputs in the same order and in row-major order of the task's axes, and a
 * run is over when the device has done its work: `queue.onSubmittedWorkDone`, for all the same.
 */
import type { Task, TaskCall } from '../tasks.ts';

export interface Peer {
  readonly name: string;
  readonly version: string;
  /** Uploads the inputs, runs once and reads what came out. Throws where the library cannot do the task. */
  prepare(call: TaskCall, task: Task, inputs: readonly Float32Array[]): Promise<Prepared>;
}

export interface Prepared {
  /** The outputs of the first run. */
  readonly outputs: readonly Float32Array[];
  /** So many more runs, as a loop that waits for none of them but the last; to their end on the device. */
  run(count: number): Promise<void>;
  dispose(): void;
}

/** Opens a library on the adapter that `navigator.gpu` offers. */
export type OpenPeer = () => Promise<Peer>;
