/**
 * The time that recorded commands take, in processor time as well: on the software device, where a kernel is processor time and other
 * programs share the machine, that is what two kernels can be compared by.
 *
 * Invariant: the thread that waits sleeps, so that it takes nothing of what it measures.
 */

export interface CommandTime {
  readonly wall: number;
  /** Undefined where there is no such clock: in browsers. */
  readonly processor: number | undefined;
}

const nap = typeof SharedArrayBuffer === 'undefined' ? undefined : new Int32Array(new SharedArrayBuffer(4));
/** Not longer, should what is expected be wrong. */
const longestNap = 400;

/** Milliseconds of processor time so far. */
export function processorTime(): number | undefined {
  const usage = globalThis.process?.cpuUsage?.();
  return usage === undefined ? undefined : (usage.user + usage.system) / 1000;
}

/** `expected`: the wall time of the same commands, if that is known. */
export async function timeCommands({ queue }: GPUDevice, commands: GPUCommandBuffer, expected?: number): Promise<CommandTime> {
  const [before, start] = [processorTime(), performance.now()];
  queue.submit([commands]);
  if (expected !== undefined && before !== undefined && nap !== undefined) Atomics.wait(nap, 0, 0, Math.min(expected * 1.5, longestNap));
  await queue.onSubmittedWorkDone();
  const [after, wall] = [processorTime(), performance.now() - start];
  return { wall, processor: before === undefined || after === undefined ? undefined : after - before };
}
