/**
 * One batch of commands, encoded: uploads, then one encoder with one compute pass, then the copies that reads wait for.
 *
 * Invariants: uploads go to buffers that were idle before the batch, because `writeBuffer` overtakes what is not yet submitted. A storage
 * is released after the last command that was asked for before the release. The pass opens at the first dispatch and closes for copies.
 */
import type { BufferPool, DeviceBuffer } from './bufferPool.ts';
import { type Command, markFailed, type Read, type Run } from './command.ts';
import { AdjointError } from './errors.ts';
import { toDevice } from './hostData.ts';
import type { PipelineCache, PipelineEntry } from './pipelineCache.ts';
import type { KernelPlan, RunPlan } from './planRun.ts';
import { copyOut, type Transfer } from './readback.ts';
import type { Counters } from './statistics.ts';
import type { Storage } from './tensor.ts';

/** Reads that are more bytes together get a staging buffer each. */
const stagingShare = 64 * 1024 * 1024;

/** What batches are encoded with; one for all of a device. */
export interface Encoding {
  readonly device: GPUDevice;
  readonly pool: BufferPool;
  readonly pipelines: PipelineCache;
  readonly counters: Counters;
}

/** Gives a storage's memory back. */
export function release(pool: BufferPool, storage: Storage): void {
  if (storage.buffer) pool.release(storage.buffer);
  storage.buffer = undefined;
  storage.host = undefined;
}

/** True if the run has failed because an input had. */
export function inherit(run: Run): boolean {
  const error = run.inputs.find((input) => input.error)?.error;
  if (error) markFailed(run.outputs, error);
  return error !== undefined;
}

export class Batch {
  readonly runs: readonly Run[];
  readonly uploads: Storage[] = [];
  readonly transfers: { readonly transfer: Transfer; readonly reads: readonly Read[] }[] = [];
  readonly #on: Encoding;
  readonly #pipelines: ReadonlyMap<RunPlan, readonly PipelineEntry[]>;
  readonly #copies: Read[] = [];
  #encoder: GPUCommandEncoder | undefined;
  #pass: GPUComputePassEncoder | undefined;
  /** What the pass has set. */
  #pipeline: GPUComputePipeline | undefined;
  #bindGroup: GPUBindGroup | undefined;

  /** `pipelines` of the kernels of each plan. */
  constructor(runs: readonly Run[], pipelines: ReadonlyMap<RunPlan, readonly PipelineEntry[]>, on: Encoding) {
    this.runs = runs;
    this.#pipelines = pipelines;
    this.#on = on;
  }

  encode(commands: readonly Command[]): void {
    for (const command of commands) {
      if (command.kind === 'run') this.#run(command);
      else if (command.kind === 'read') this.#read(command);
      else this.#releaseAfterCopies(command.storage);
    }
  }

  /** What to submit, if there is anything. */
  finish(): GPUCommandBuffer | undefined {
    this.#endPass();
    this.#copyOut();
    return this.#encoder?.finish();
  }

  upload(): void {
    for (const { inputs } of this.runs) {
      for (const storage of inputs) {
        if (!storage.host || storage.buffer) continue;
        storage.buffer = this.#on.pool.acquire(storage.byteLength, storage.label);
        const bytes = toDevice(storage.host, storage.dtype);
        // seam: typed arrays of ours never lie in shared memory
        this.#on.device.queue.writeBuffer(storage.buffer.buffer, 0, bytes as Float32Array<ArrayBuffer>);
        storage.host = undefined;
        this.uploads.push(storage);
      }
    }
  }

  #run(run: Run): void {
    const { plan } = run;
    const pipelines = this.#pipelines.get(plan) ?? [];
    const error = pipelines.find((entry) => entry.error)?.error;
    if (error) markFailed(run.outputs, error);
    if (!error && !inherit(run)) {
      const { buffers, temporaries } = this.#buffersOf(run);
      const bindGroups = this.#on.pipelines.bindGroups(plan, buffers);
      const pass = this.#openPass(run.label);
      for (const index of plan.order) {
        // seam: all have settled, and none with an error; the order is of the plan's kernels
        const { x, y } = plan.kernels[index] as KernelPlan;
        const pipeline = pipelines[index]?.pipeline as GPUComputePipeline;
        const bindGroup = bindGroups[index] as GPUBindGroup;
        if (pipeline !== this.#pipeline) pass.setPipeline(pipeline);
        if (bindGroup !== this.#bindGroup) pass.setBindGroup(0, bindGroup);
        this.#pipeline = pipeline;
        this.#bindGroup = bindGroup;
        pass.dispatchWorkgroups(x, y);
      }
      this.#on.counters.dispatches += plan.order.length;
      for (const output of run.outputs) if (output.state === 'pending') output.state = 'ready';
      for (const temporary of temporaries) this.#on.pool.release(temporary);
    }
    for (const storage of run.donated) this.#releaseAfterCopies(storage);
  }

  /** A buffer for each of the program's. An input that kernels write to is copied first, unless it is donated and nothing else. */
  #buffersOf({ program, plan, inputs, outputs, donated }: Run) {
    const buffers: DeviceBuffer[] = [];
    const temporaries: DeviceBuffer[] = [];
    const own = (index: number, buffer: DeviceBuffer): DeviceBuffer => {
      if (!plan.leaving.includes(index)) temporaries.push(buffer);
      buffers[index] = buffer;
      return buffer;
    };
    const acquire = (index: number): DeviceBuffer =>
      own(index, this.#on.pool.acquire(plan.byteLengths[index] ?? 0, plan.labels[index] ?? ''));
    program.inputs.forEach(({ buffer: index }, position) => {
      // seam: as many as the program takes, each with a buffer since the uploads
      const storage = inputs[position] as Storage;
      const buffer = storage.buffer as DeviceBuffer;
      buffers[index] = buffer;
      if (!plan.written.has(index)) return;
      if (donated.includes(storage) && inputs.indexOf(storage) === inputs.lastIndexOf(storage)) {
        // Who asked for it before still gets what was there.
        if (this.#copies.some((read) => read.storage === storage)) this.#copyOut();
        storage.buffer = undefined;
        own(index, buffer);
      } else {
        this.#endPass();
        const copy = acquire(index);
        this.#open().copyBufferToBuffer(buffer.buffer, 0, copy.buffer, 0, copy.byteLength);
      }
    });
    for (let index = 0; index < plan.byteLengths.length; index++) if (buffers[index] === undefined) acquire(index);
    outputs.forEach((output, position) => {
      output.buffer = buffers[plan.leaving[position] as number];
    });
    return { buffers, temporaries };
  }

  #read(read: Read): void {
    const { storage, reject } = read;
    if (storage.buffer && !storage.error) this.#copies.push(read);
    else reject(storage.error ?? new AdjointError(`data: internal: '${storage.label}' has no buffer (report it)`));
  }

  #open(): GPUCommandEncoder {
    if (!this.#encoder) {
      this.#encoder = this.#on.device.createCommandEncoder({ label: 'adjoint batch' });
      this.#on.counters.encodersCreated += 1;
    }
    return this.#encoder;
  }

  #openPass(label: string): GPUComputePassEncoder {
    if (!this.#pass) {
      this.#pass = this.#open().beginComputePass({ label });
      this.#on.counters.computePasses += 1;
    }
    return this.#pass;
  }

  /** Copies wait for the end of the batch, so that there is one pass, unless a buffer they read is given away before. */
  #copyOut(): void {
    const waiting = this.#copies.splice(0);
    if (waiting.length === 0) return;
    this.#endPass();
    const total = waiting.reduce((sum, { storage }) => sum + storage.byteLength, 0);
    for (const reads of total > stagingShare ? waiting.map((read) => [read]) : [waiting]) {
      const sources = reads.flatMap(({ storage }) => storage.buffer ?? []);
      this.transfers.push({ reads, transfer: copyOut(this.#open(), sources, this.#on.pool, this.#on.device.limits.maxBufferSize) });
    }
  }

  #releaseAfterCopies(storage: Storage): void {
    if (this.#copies.some((read) => read.storage === storage)) this.#copyOut();
    release(this.#on.pool, storage);
  }

  #endPass(): void {
    this.#pass?.end();
    this.#pass = this.#pipeline = this.#bindGroup = undefined;
  }
}
