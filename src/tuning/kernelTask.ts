/**
 * One kernel of a program alone on a device: its buffers with data, its pipelines, its results.
 *
 * Invariant: before every run whose results are read, all buffers hold the same data as before the first. Data is positive and of
 * many magnitudes: sums do not cancel, and an element in the wrong place shows.
 */
import { expandKernel } from '../program/kernelText.ts';
import type { Kernel, KernelVariant, Program } from '../program/program.ts';
import { fromDevice, type HostArray, storedBytes, toDevice } from '../runtime/hostData.ts';
import { splitWorkgroups } from '../runtime/planRun.ts';
import type { DType } from '../types/dtype.ts';
import { evaluateSize } from '../types/size.ts';

export interface KernelTask {
  readonly program: Program;
  readonly kernel: Kernel;
  readonly symbols: Readonly<Record<string, number>>;
}

/** As in the WebGPU specification; Node has no globals for them. */
const usage = { mapRead: 1, copySource: 4, copyDestination: 8, storage: 128 } as const;
const computeStage = 4;

interface BoundBuffer {
  readonly gpu: GPUBuffer;
  readonly dtype: DType;
  readonly elements: number;
  readonly isWritten: boolean;
  readonly data: HostArray;
}

/** Bytes of all that a kernel binds; undefined if its sizes do not come out whole and positive. */
export function bytesOfTask({ program, kernel, symbols }: KernelTask): number | undefined {
  const bytes = kernel.bindings.map(({ buffer }) => {
    const plan = program.buffers[buffer];
    const elements = plan === undefined ? 0 : evaluateSize(plan.elements, symbols);
    return plan === undefined || !Number.isInteger(elements) || elements < 1 ? undefined : storedBytes(elements, plan.dtype);
  });
  return bytes.every((one) => one !== undefined) ? bytes.reduce((sum, one) => sum + one, 0) : undefined;
}

export class KernelBench {
  readonly #device: GPUDevice;
  readonly #task: KernelTask;
  readonly #buffers: readonly BoundBuffer[];
  readonly #layout: GPUBindGroupLayout;
  readonly #group: GPUBindGroup;

  constructor(device: GPUDevice, task: KernelTask) {
    const { program, kernel, symbols } = task;
    this.#device = device;
    this.#task = task;
    this.#buffers = kernel.bindings.flatMap(({ buffer, access }, seed) => {
      const plan = program.buffers[buffer];
      if (plan === undefined) return [];
      const elements = evaluateSize(plan.elements, symbols);
      const size = storedBytes(elements, plan.dtype);
      const gpu = device.createBuffer({ label: 'tuning', size, usage: usage.storage | usage.copyDestination | usage.copySource });
      return [{ gpu, dtype: plan.dtype, elements, isWritten: access === 'read_write', data: dataOf(plan.dtype, elements, seed) }];
    });
    this.#layout = device.createBindGroupLayout({
      entries: kernel.bindings.map(({ access }, binding) => ({
        binding,
        visibility: computeStage,
        buffer: { type: access === 'read' ? 'read-only-storage' : 'storage' },
      })),
    });
    const entries = this.#buffers.map(({ gpu }, binding) => ({ binding, resource: { buffer: gpu } }));
    this.#group = device.createBindGroup({ layout: this.#layout, entries });
    this.reset();
  }

  /** Rejects if the device refuses it. */
  async pipeline({ wgsl }: KernelVariant): Promise<GPUComputePipeline> {
    const device = this.#device;
    device.pushErrorScope('validation');
    try {
      const module = device.createShaderModule({ code: expandKernel(wgsl, this.#task.symbols) });
      const layout = device.createPipelineLayout({ bindGroupLayouts: [this.#layout] });
      return await device.createComputePipelineAsync({ layout, compute: { module, entryPoint: 'main' } });
    } finally {
      await device.popErrorScope(); // the pipeline's promise says it
    }
  }

  /** The kernel some times over, in one pass. */
  record(pipeline: GPUComputePipeline, { workgroups }: KernelVariant, repeats: number): GPUCommandBuffer {
    const { x, y } = splitWorkgroups(evaluateSize(workgroups, this.#task.symbols));
    const encoder = this.#device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, this.#group);
    for (let i = 0; i < repeats; i++) pass.dispatchWorkgroups(x, y);
    pass.end();
    return encoder.finish();
  }

  reset(): void {
    for (const { gpu, data, dtype } of this.#buffers)
      this.#device.queue.writeBuffer(gpu, 0, toDevice(data, dtype) as Float32Array<ArrayBuffer>); // seam: all that toDevice makes are such
  }

  /** What the kernel has written. */
  async results(): Promise<readonly HostArray[]> {
    const written = this.#buffers.filter(({ isWritten }) => isWritten);
    const encoder = this.#device.createCommandEncoder();
    const copies = written.map(({ gpu }) => {
      const copy = this.#device.createBuffer({ label: 'tuning', size: gpu.size, usage: usage.mapRead | usage.copyDestination });
      encoder.copyBufferToBuffer(gpu, 0, copy, 0, gpu.size);
      return copy;
    });
    this.#device.queue.submit([encoder.finish()]);
    return Promise.all(
      written.map(async ({ dtype, elements }, i) => {
        const copy = copies[i] as GPUBuffer; // seam: one each
        await copy.mapAsync(1);
        const bytes = copy.getMappedRange().slice(0);
        copy.destroy();
        return fromDevice(bytes, dtype, elements);
      }),
    );
  }

  destroy(): void {
    for (const { gpu } of this.#buffers) gpu.destroy();
  }
}

/** Floats from 1/8 to 8, the same for the same seed; of integers 0 and 1. */
function dataOf(dtype: DType, elements: number, seed: number): HostArray {
  let state = (seed + 1) * 0x9e3779b9;
  const next = (): number => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    return (state >>> 8) / 2 ** 24;
  };
  if (dtype === 'f32' || dtype === 'f16') return Float32Array.from({ length: elements }, () => 2 ** Math.round(6 * next() - 3));
  const bits = { length: elements };
  const bit = (): number => Math.round(next());
  if (dtype === 'bool') return Uint8Array.from(bits, bit);
  return dtype === 'i32' ? Int32Array.from(bits, bit) : Uint32Array.from(bits, bit);
}
