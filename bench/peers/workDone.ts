/**
 * Waits for a device; for everybody the same.
 *
 * Under Node, Dawn asks for news in a loop as long as somebody waits, and takes the processor that a software device computes on. So from
 * the first milliseconds on the thread sleeps between two looks, a twentieth of what it has waited so far: times are at most that much too
 * long, for everybody.
 */
import { setImmediate } from 'node:timers/promises';

const never = new Int32Array(new SharedArrayBuffer(4));
const sleepAfter = 2;

export async function quietly(work: Promise<unknown>): Promise<void> {
  const start = performance.now();
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  while (!isDone) {
    const waited = performance.now() - start;
    if (waited > sleepAfter) Atomics.wait(never, 0, 0, waited / 20);
    await Promise.race([setImmediate(), done]);
  }
  await done;
}

/** Until everything that was submitted is done. */
export const workDone = (queue: GPUQueue): Promise<void> => quietly(queue.onSubmittedWorkDone());
