/**
 * Runs the user's modules to trace their layers. Types are erased, so a body has to run; it runs in a thread of its own.
 *
 * Invariant: every call starts a fresh thread: no module is stale, nothing that a module does to its globals stays, and
 * what it prints goes to standard error.
 */
import { Worker } from 'node:worker_threads';
import { sourceCondition } from '../sourceCondition.ts';
import type { TraceAnswer, TraceRequest } from './messages.ts';

/** Plain JavaScript: it is what makes the thread understand TypeScript. */
const bootstrap = `
const { workerData } = require('node:worker_threads');
import(workerData.tsx)
  .then(({ register }) => { register({ tsconfig: workerData.tsconfig ?? false }); return import(workerData.entry); })
  .catch((error) => { throw error; });
`;

/** A thread that waits for modules to trace. */
export interface Tracer {
  /** Once: one answer a request, as they come. Throws if the thread dies: then a module has ended the process. */
  trace(requests: readonly TraceRequest[]): AsyncGenerator<TraceAnswer>;
  /** Where nothing is left to trace. */
  end(): Promise<void>;
}

/** Starts the thread, which loads the compiler while the caller reads types. */
export function startTracer(tsconfig: string | undefined): Tracer {
  const entry = new URL(import.meta.url.endsWith('.ts') ? './traceWorker.ts' : './traceWorker.js', import.meta.url).href;
  const workerData = { tsx: import.meta.resolve('tsx/esm/api'), tsconfig, entry };
  const execArgv = sourceCondition === undefined ? [] : [`--conditions=${sourceCondition}`];
  const worker = new Worker(bootstrap, { eval: true, execArgv, workerData, stdout: true });
  worker.stdout.pipe(process.stderr, { end: false });
  const answers = listen(worker);
  const end = async (): Promise<void> => {
    await worker.terminate();
  };
  return {
    async *trace(requests) {
      try {
        worker.postMessage(requests);
        for (const _ of requests) yield await answers.next();
      } finally {
        await end();
      }
    },
    end,
  };
}

/** Messages in order; after an error or an early end every further one rejects. */
function listen(worker: Worker): { next(): Promise<TraceAnswer> } {
  const arrived: TraceAnswer[] = [];
  let failed: unknown;
  let waiting: { resolve(answer: TraceAnswer): void; reject(reason: unknown): void } | undefined;
  const fail = (reason: unknown): void => {
    failed ??= reason;
    waiting?.reject(failed);
  };
  worker.on('message', (answer: TraceAnswer) => {
    if (waiting === undefined) arrived.push(answer);
    else waiting.resolve(answer);
    waiting = undefined;
  });
  worker.on('error', fail);
  worker.on('exit', (code) => fail(new Error(`it ended before its layers were traced, with exit code ${code}`)));
  return {
    next: () =>
      new Promise((resolve, reject) => {
        const answer = arrived.shift();
        if (answer !== undefined) resolve(answer);
        else if (failed !== undefined) reject(failed);
        else waiting = { resolve, reject };
      }),
  };
}
