/**
 * Runs, reads and releases in the order in which they were asked for, encoded a batch at a time: everything asked for in one tick
 * becomes one encoder, one compute pass and one submit.
 *
 * Invariants: uploads of a batch go to buffers that were idle before it, because `writeBuffer` overtakes what is not yet submitted. A
 * storage is released after the last command that was asked for before the release. An error is found later, when the error scopes
 * answer; it then marks the outputs of the batch and of every later run that used them, before any of their reads is answered.
 */

import type { Program } from '../program/program.ts';
import { BufferPool, type DeviceBuffer } from './bufferPool.ts';
import { AdjointError, DeviceCommandError, OutOfMemoryError } from './errors.ts';
import { toDevice } from './hostData.ts';
import type { DeviceOptions } from './openDevice.ts';
import { PipelineCache, type PipelineEntry } from './pipelineCache.ts';
import type { KernelPlan, RunPlan } from './planRun.ts';
import { copyOut, type Transfer } from './readback.ts';
import type { Counters } from './statistics.ts';
import type { Storage } from './tensor.ts';
import { toError } from './toError.ts';

export interface Run {
  readonly kind: 'run';
  readonly label: string;
  readonly program: Program;
  readonly plan: RunPlan;
  readonly inputs: readonly Storage[];
  readonly outputs: readonly Storage[];
  readonly donated: readonly Storage[];
}

export interface Read {
  readonly kind: 'read';
  readonly storage: Storage;
  readonly resolve: (bytes: ArrayBuffer) => void;
  readonly reject: (error: Error) => void;
}

export interface Release {
  readonly kind: 'release';
  readonly storage: Storage;
}

export type Command = Run | Read | Release;

/** Reads that are more bytes together get a staging buffer each. */
const stagingShare = 64 * 1024 * 1024;
const scopes = ['validation', 'out-of-memory', 'internal'] as const;

export function markFailed(storages: readonly Storage[], error: Error): void {
  for (const storage of storages) {
    storage.error ??= error;
    if (storage.state === 'pending' || storage.state === 'ready') storage.state = 'failed';
  }
}

/** The encoder of one batch: opens its pass at the first dispatch, closes it for copies. */
class Batch {
  readonly runs: ReadonlyMap<Run, readonly PipelineEntry[]>;
  readonly uploads: Storage[] = [];
  readonly transfers: { readonly transfer: Transfer; readonly reads: readonly Read[] }[] = [];
  copies: Read[] = [];
  encoder: GPUCommandEncoder | undefined;
  pass: GPUComputePassEncoder | undefined;

  /** `runs` with the pipelines of their kernels. */
  constructor(runs: ReadonlyMap<Run, readonly PipelineEntry[]>) {
    this.runs = runs;
  }

  endPass(): void {
    this.pass?.end();
    this.pass = undefined;
  }
}

export class CommandQueue {
  readonly pool: BufferPool;
  readonly #device: GPUDevice;
  readonly #pipelines: PipelineCache;
  readonly #counters: Counters;
  #pending: Command[] = [];
  #flushing = false;
  /** Resolves when the error scopes of all batches so far have answered. Never rejects. */
  #checked: Promise<void> = Promise.resolve();
  #lost: AdjointError | undefined;
  /** Reads that were encoded and not answered. */
  readonly #unanswered = new Set<Read>();

  constructor(device: GPUDevice, counters: Counters, onCompile: DeviceOptions['onCompile']) {
    this.#device = device;
    this.#counters = counters;
    this.pool = new BufferPool(device, counters);
    this.#pipelines = new PipelineCache(device, counters, onCompile);
  }

  enqueue(command: Command): void {
    if (this.#lost) {
      this.#refuse(command, this.#lost);
      return;
    }
    // Nothing before it: nobody can be using it.
    if (command.kind === 'release' && !this.#flushing) {
      this.#release(command.storage);
      return;
    }
    this.#pending.push(command);
    if (this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => void this.#flush());
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
    while (this.#pending.length > 0) {
      const commands = this.#pending.splice(0);
      const runs = commands.filter((command) => command.kind === 'run');
      const pipelines = new Map(runs.map((run) => [run, run.plan.kernels.map((kernel) => this.#pipelines.get(kernel))] as const));
      const compiling = [...pipelines.values()].flat().filter(({ pipeline }) => !pipeline);
      if (compiling.length > 0) await Promise.all(compiling.map(({ settled }) => settled));
      if (this.#lost) for (const command of commands) this.#refuse(command, this.#lost);
      else this.#submit(commands, new Batch(pipelines));
    }
    this.#flushing = false;
  }

  /** Encodes and submits one batch, inside error scopes. */
  #submit(commands: readonly Command[], batch: Batch): void {
    if (commands.every(({ kind }) => kind === 'release')) {
      this.#encode(commands, batch);
      return;
    }
    const device = this.#device;
    let thrown: Error | undefined;
    for (const scope of scopes) device.pushErrorScope(scope);
    try {
      this.#upload(commands, batch);
      this.#encode(commands, batch);
      batch.endPass();
      this.#copyOut(batch);
      if (batch.encoder) {
        device.queue.submit([batch.encoder.finish()]);
        this.#counters.submits += 1;
      }
    } catch (error) {
      thrown = toError(error);
      for (const command of commands) if (command.kind === 'release') this.#release(command.storage);
    }
    const answers = Promise.all(scopes.map(() => device.popErrorScope())).catch(() => []);
    const created = this.pool.takeCreated();
    const before = this.#checked;
    const checked = answers.then(async (errors) => {
      await before;
      const found = errors.find((error) => error !== null);
      if (found || thrown) this.#failBatch(batch, created, found, thrown);
      // A run of a batch that went well still fails with its inputs.
      for (const run of batch.runs.keys()) this.#inherit(run);
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
    const runs = [...batch.runs.keys()];
    const where = [...new Set(runs.map(({ label }) => label))].join(', ') || 'upload';
    const detail = found?.message ?? thrown?.message ?? '';
    // By name, since Node has no global GPUOutOfMemoryError to compare with.
    const isMemory = found?.constructor.name === 'GPUOutOfMemoryError';
    const error = isMemory ? new OutOfMemoryError(where, this.#counters.bytesAllocated) : new DeviceCommandError(where, detail);
    for (const buffer of created) buffer.broken = true;
    this.pool.clear();
    const read = batch.transfers.flatMap(({ reads }) => reads.map(({ storage }) => storage));
    markFailed([...batch.uploads, ...runs.flatMap(({ outputs }) => outputs), ...read], error);
  }

  /** True if the run has failed because an input had. */
  #inherit(run: Run): boolean {
    const error = run.inputs.find((input) => input.error)?.error;
    if (error) markFailed(run.outputs, error);
    return error !== undefined;
  }

  #upload(commands: readonly Command[], batch: Batch): void {
    for (const storage of commands.flatMap((command) => (command.kind === 'run' ? command.inputs : []))) {
      if (!storage.host || storage.buffer) continue;
      storage.buffer = this.pool.acquire(storage.byteLength, storage.label);
      const bytes = toDevice(storage.host, storage.dtype);
      // seam: typed arrays of ours never lie in shared memory
      this.#device.queue.writeBuffer(storage.buffer.buffer, 0, bytes as Float32Array<ArrayBuffer>);
      storage.host = undefined;
      batch.uploads.push(storage);
    }
  }

  #encode(commands: readonly Command[], batch: Batch): void {
    for (const command of commands) {
      if (command.kind === 'run') this.#encodeRun(command, batch);
      else if (command.kind === 'read') this.#encodeRead(command, batch);
      else this.#releaseAfterCopies(command.storage, batch);
    }
  }

  #encodeRun(run: Run, batch: Batch): void {
    const { plan } = run;
    const pipelines = batch.runs.get(run) ?? [];
    const error = pipelines.find((entry) => entry.error)?.error;
    if (error) markFailed(run.outputs, error);
    if (!error && !this.#inherit(run)) {
      const { buffers, temporaries } = this.#buffersOf(run, batch);
      const bindGroups = this.#pipelines.bindGroups(plan, buffers);
      const pass = this.#pass(batch, run.label);
      for (const index of plan.order) {
        // seam: all have settled, and none with an error; the order is of the plan's kernels
        const { x, y } = plan.kernels[index] as KernelPlan;
        pass.setPipeline(pipelines[index]?.pipeline as GPUComputePipeline);
        pass.setBindGroup(0, bindGroups[index]);
        pass.dispatchWorkgroups(x, y);
      }
      this.#counters.dispatches += plan.order.length;
      for (const output of run.outputs) if (output.state === 'pending') output.state = 'ready';
      for (const temporary of temporaries) this.pool.release(temporary);
    }
    for (const storage of run.donated) this.#releaseAfterCopies(storage, batch);
  }

  /** A buffer for each of the program's. An input that kernels write to is copied first, unless it is donated and nothing else. */
  #buffersOf({ program, plan, label, inputs, outputs, donated }: Run, batch: Batch) {
    const buffers: DeviceBuffer[] = [];
    const owned = new Set<number>();
    const acquire = (index: number): DeviceBuffer => {
      owned.add(index);
      return this.pool.acquire(plan.byteLengths[index] ?? 0, `${label}: ${program.buffers[index]?.label}`);
    };
    program.inputs.forEach(({ buffer: index }, position) => {
      // seam: as many as the program takes, each with a buffer since the uploads
      const storage = inputs[position] as Storage;
      const buffer = storage.buffer as DeviceBuffer;
      buffers[index] = buffer;
      if (!plan.written.has(index)) return;
      if (donated.includes(storage) && inputs.indexOf(storage) === inputs.lastIndexOf(storage)) {
        // Who asked for it before still gets what was there.
        if (batch.copies.some((read) => read.storage === storage)) this.#copyOut(batch);
        storage.buffer = undefined;
        owned.add(index);
      } else {
        batch.endPass();
        const copy = acquire(index);
        this.#encoder(batch).copyBufferToBuffer(buffer.buffer, 0, copy.buffer, 0, copy.byteLength);
        buffers[index] = copy;
      }
    });
    plan.byteLengths.forEach((_, index) => {
      buffers[index] ??= acquire(index);
    });
    program.outputs.forEach(({ buffer: index }, position) => {
      const output = outputs[position];
      if (output) output.buffer = buffers[index];
      owned.delete(index);
    });
    return { buffers, temporaries: [...owned].flatMap((index) => buffers[index] ?? []) };
  }

  #encodeRead(read: Read, batch: Batch): void {
    const { storage, reject } = read;
    if (storage.buffer && !storage.error) batch.copies.push(read);
    else reject(storage.error ?? new AdjointError(`data: internal: '${storage.label}' has no buffer (report it)`));
  }

  #encoder(batch: Batch): GPUCommandEncoder {
    if (!batch.encoder) {
      batch.encoder = this.#device.createCommandEncoder({ label: 'adjoint batch' });
      this.#counters.encodersCreated += 1;
    }
    return batch.encoder;
  }

  #pass(batch: Batch, label: string): GPUComputePassEncoder {
    if (!batch.pass) {
      batch.pass = this.#encoder(batch).beginComputePass({ label });
      this.#counters.computePasses += 1;
    }
    return batch.pass;
  }

  /** Copies wait for the end of the batch, so that there is one pass, unless a buffer they read is given away before. */
  #copyOut(batch: Batch): void {
    const waiting = batch.copies.splice(0);
    if (waiting.length === 0) return;
    batch.endPass();
    const total = waiting.reduce((sum, { storage }) => sum + storage.byteLength, 0);
    for (const reads of total > stagingShare ? waiting.map((read) => [read]) : [waiting]) {
      const sources = reads.flatMap(({ storage }) => storage.buffer ?? []);
      batch.transfers.push({ reads, transfer: copyOut(this.#encoder(batch), sources, this.pool, this.#device.limits.maxBufferSize) });
      for (const read of reads) this.#unanswered.add(read);
    }
  }

  #releaseAfterCopies(storage: Storage, batch: Batch): void {
    if (batch.copies.some((read) => read.storage === storage)) this.#copyOut(batch);
    this.#release(storage);
  }

  #release(storage: Storage): void {
    if (storage.buffer) this.pool.release(storage.buffer);
    storage.buffer = undefined;
    storage.host = undefined;
  }

  async #answer(transfer: Transfer, reads: readonly Read[], checked: Promise<void>): Promise<void> {
    const mapped = await transfer().catch(toError);
    await checked;
    // Some drivers fail the mapping before they say that the device is lost.
    if (mapped instanceof Error) await Promise.race([this.#device.lost, new Promise((resolve) => setTimeout(resolve, 100))]);
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
