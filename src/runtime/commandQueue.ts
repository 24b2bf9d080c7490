/**
 * Runs, reads and releases in the order in which they were asked for, encoded a batch at a time: everything asked for in one tick
 * becomes one encoder, one compute pass and one submit, or one for each so many commands.
 *
 * Invariant: an error is found later, when the error scopes answer; it then marks the outputs of the batch and of every later run
 * that used them, before any of their reads is answered.
 */
import { Batch, type Encoding, inherit, release } from './batch.ts';
import { BufferPool, type DeviceBuffer } from './bufferPool.ts';
import { type Command, markFailed, type Read } from './command.ts';
import { type AdjointError, DeviceCommandError, OutOfMemoryError } from './errors.ts';
import type { DeviceOptions } from './openDevice.ts';
import { PipelineCache, type PipelineEntry } from './pipelineCache.ts';
import type { RunPlan } from './planRun.ts';
import type { Transfer } from './readback.ts';
import type { Counters } from './statistics.ts';
import { toError } from './toError.ts';

/** With so many commands a batch is submitted before its tick ends: the device need not wait for a long loop. */
const longestWait = 128;

const scopes = ['validation', 'out-of-memory', 'internal'] as const;

export class CommandQueue {
  readonly pool: BufferPool;
  readonly #on: Encoding;
  #pending: Command[] = [];
  /** Where the commands being encoded are: asked for at the tick's end, or waiting for pipelines. */
  #state: 'idle' | 'asked' | 'flushing' = 'idle';
  /** Resolves when the error scopes of all batches so far have answered. Never rejects. */
  #checked: Promise<void> = Promise.resolve();
  #lost: AdjointError | undefined;
  /** Reads that were encoded and not answered. */
  readonly #unanswered = new Set<Read>();

  constructor(device: GPUDevice, counters: Counters, onCompile: DeviceOptions['onCompile']) {
    this.pool = new BufferPool(device, counters);
    this.#on = { device, pool: this.pool, pipelines: new PipelineCache(device, counters, onCompile), counters };
  }

  enqueue(command: Command): void {
    if (this.#lost) {
      this.#refuse(command, this.#lost);
      return;
    }
    // Nothing before it: nobody can be using it.
    if (command.kind === 'release' && this.#state === 'idle') {
      release(this.pool, command.storage);
      return;
    }
    this.#pending.push(command);
    if (this.#state === 'idle') {
      this.#state = 'asked';
      queueMicrotask(() => void this.#flush());
    } else if (this.#pending.length >= longestWait) void this.#flush();
  }

  /** The device is gone: everything pending fails with `error`, and so does everything asked for from now on. */
  fail(error: AdjointError): void {
    this.#lost = error;
    for (const command of this.#pending.splice(0)) this.#refuse(command, error);
    for (const { reject } of this.#unanswered) reject(error);
    this.#unanswered.clear();
  }

  #refuse(command: Command, error: Error): void {
    if (command.kind === 'read') command.reject(error);
    if (command.kind === 'run') markFailed(command.outputs, error);
  }

  async #flush(): Promise<void> {
    if (this.#state !== 'asked') return;
    this.#state = 'flushing';
    while (this.#pending.length > 0) {
      const commands = this.#pending;
      this.#pending = [];
      const runs = commands.filter((command) => command.kind === 'run');
      const pipelines = new Map<RunPlan, readonly PipelineEntry[]>();
      for (const { plan } of runs) {
        if (!pipelines.has(plan)) pipelines.set(plan, plan.kernels.map((kernel) => this.#on.pipelines.get(kernel))); // biome-ignore format: one line
      }
      const compiling = [...pipelines.values()].flat().filter(({ pipeline }) => !pipeline);
      if (compiling.length > 0) await Promise.all(compiling.map(({ settled }) => settled));
      if (this.#lost) for (const command of commands) this.#refuse(command, this.#lost);
      else this.#submit(commands, new Batch(runs, pipelines, this.#on));
    }
    this.#state = 'idle';
  }

  /** Encodes and submits one batch, inside error scopes. */
  #submit(commands: readonly Command[], batch: Batch): void {
    if (commands.every(({ kind }) => kind === 'release')) {
      batch.encode(commands);
      return;
    }
    const { device } = this.#on;
    let thrown: Error | undefined;
    for (const scope of scopes) device.pushErrorScope(scope);
    try {
      batch.upload();
      batch.encode(commands);
      const encoded = batch.finish();
      if (encoded) {
        device.queue.submit([encoded]);
        this.#on.counters.submits += 1;
      }
    } catch (error) {
      thrown = toError(error);
      for (const command of commands) if (command.kind === 'release') release(this.pool, command.storage);
    }
    for (const { reads } of batch.transfers) for (const read of reads) this.#unanswered.add(read);
    const answers = Promise.all(scopes.map(() => device.popErrorScope())).catch(() => []);
    const created = this.pool.takeCreated();
    const before = this.#checked;
    const checked = answers.then(async (errors) => {
      await before;
      const found = errors.find((error) => error !== null);
      if (found || thrown) this.#failBatch(batch, created, found, thrown);
      // A run of a batch that went well still fails with its inputs.
      for (const run of batch.runs) inherit(run);
    });
    this.#checked = checked;
    if (thrown) {
      const read = commands.filter((command) => command.kind === 'read');
      void checked.then(() => {
        for (const { reject, storage } of read) reject(storage.error ?? new DeviceCommandError('data', thrown.message));
      });
    } else {
      for (const { transfer, reads } of batch.transfers) void this.#answer(transfer, reads, checked);
    }
  }

  #failBatch(batch: Batch, created: readonly DeviceBuffer[], found: GPUError | null | undefined, thrown: Error | undefined): void {
    const { runs } = batch;
    const where = [...new Set(runs.map(({ label }) => label))].join(', ') || 'upload';
    const detail = found?.message ?? thrown?.message ?? '';
    // By name, since Node has no global GPUOutOfMemoryError to compare with.
    const isMemory = found?.constructor.name === 'GPUOutOfMemoryError';
    const error = isMemory ? new OutOfMemoryError(where, this.#on.counters.bytesAllocated) : new DeviceCommandError(where, detail);
    for (const buffer of created) buffer.broken = true;
    this.pool.clear();
    const read = batch.transfers.flatMap(({ reads }) => reads.map(({ storage }) => storage));
    markFailed([...batch.uploads, ...runs.flatMap(({ outputs }) => outputs), ...read], error);
  }

  async #answer(transfer: Transfer, reads: readonly Read[], checked: Promise<void>): Promise<void> {
    const mapped = await transfer().catch(toError);
    await checked;
    // Some drivers fail the mapping before they say that the device is lost.
    if (mapped instanceof Error) await Promise.race([this.#on.device.lost, new Promise((resolve) => setTimeout(resolve, 100))]);
    reads.forEach((read, index) => {
      if (!this.#unanswered.delete(read)) return;
      const bytes = Array.isArray(mapped) ? mapped[index] : undefined;
      const { error } = read.storage;
      if (bytes && !error) read.resolve(bytes);
      else
        read.reject(error ?? this.#lost ?? new DeviceCommandError('data', mapped instanceof Error ? mapped.message : 'nothing was read'));
    });
  }
}
