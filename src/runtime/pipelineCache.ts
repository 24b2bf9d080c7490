/**
 * Pipelines by their final WGSL without its comments, bind group layouts by access, bind groups by run and buffers.
 *
 * Invariant: layouts are explicit and shared, so a bind group fits every pipeline of the same access. Pipelines compile in parallel; one
 * that failed is not kept.
 */
import { sameItems } from '../program/sameItems.ts';
import type { DeviceBuffer } from './bufferPool.ts';
import { KernelCompileError } from './errors.ts';
import { computeStage } from './gpuConstants.ts';
import type { DeviceOptions } from './openDevice.ts';
import type { KernelPlan, RunPlan } from './planRun.ts';
import type { Counters } from './statistics.ts';
import { toError } from './toError.ts';

export interface PipelineEntry {
  pipeline: GPUComputePipeline | undefined;
  error: Error | undefined;
  /** Never rejects. */
  readonly settled: Promise<void>;
}

interface Layout {
  readonly bindGroup: GPUBindGroupLayout;
  readonly pipeline: GPUPipelineLayout;
}

interface BoundRun {
  readonly buffers: readonly DeviceBuffer[];
  readonly groups: readonly GPUBindGroup[];
}

const runLimit = 64;

export class PipelineCache {
  readonly #device: GPUDevice;
  readonly #counters: Counters;
  readonly #onCompile: DeviceOptions['onCompile'];
  #compiled = 0;
  readonly #layouts = new Map<string, Layout>();
  readonly #pipelines = new Map<string, PipelineEntry>();
  /** Those of whole runs, with the buffers that they bind: a warm step looks once, not once a dispatch. */
  readonly #runs = new WeakMap<RunPlan, BoundRun[]>();

  constructor(device: GPUDevice, counters: Counters, onCompile: DeviceOptions['onCompile']) {
    this.#device = device;
    this.#counters = counters;
    this.#onCompile = onCompile;
  }

  get(kernel: KernelPlan): PipelineEntry {
    const known = this.#pipelines.get(kernel.key);
    if (known) return known;
    const compiled = this.#compile(kernel);
    const entry: PipelineEntry = {
      pipeline: undefined,
      error: undefined,
      settled: compiled.then(
        (pipeline) => {
          entry.pipeline = pipeline;
        },
        (error: Error) => {
          entry.error = error;
          this.#pipelines.delete(kernel.key);
        },
      ),
    };
    this.#pipelines.set(kernel.key, entry);
    return entry;
  }

  /** One for each kernel of a plan; `buffers` are the program's. */
  bindGroups(plan: RunPlan, buffers: readonly DeviceBuffer[]): readonly GPUBindGroup[] {
    const runs = this.#runs.get(plan);
    const known = runs?.find((run) => sameItems(run.buffers, buffers));
    if (known) return known.groups;
    const groups = plan.kernels.map(({ access, label, buffers: indices }) => {
      this.#counters.bindGroupsCreated += 1;
      // seam: a program's bindings are indices into its buffers
      const entries = indices.map((index, binding) => ({ binding, resource: { buffer: (buffers[index] as DeviceBuffer).buffer } }));
      return this.#device.createBindGroup({ label, layout: this.#layout(access).bindGroup, entries });
    });
    const bound = { buffers, groups };
    if (runs && runs.length < runLimit) runs.push(bound);
    else this.#runs.set(plan, [bound]);
    return groups;
  }

  #layout(access: string): Layout {
    const known = this.#layouts.get(access);
    if (known) return known;
    const label = `bindings ${access}`;
    const bindGroup = this.#device.createBindGroupLayout({
      label,
      entries: [...access].map((letter, binding) => ({
        binding,
        visibility: computeStage,
        buffer: { type: letter === 'r' ? 'read-only-storage' : 'storage' },
      })),
    });
    const layout = { bindGroup, pipeline: this.#device.createPipelineLayout({ label, bindGroupLayouts: [bindGroup] }) };
    this.#layouts.set(access, layout);
    return layout;
  }

  async #compile({ label, wgsl, access }: KernelPlan): Promise<GPUComputePipeline> {
    const device = this.#device;
    // The scope only keeps a WGSL error from being reported as uncaught: the pipeline's promise carries it.
    device.pushErrorScope('validation');
    const module = device.createShaderModule({ label, code: wgsl });
    const ignored = device.popErrorScope();
    this.#counters.pipelinesCreated += 1;
    try {
      return await device.createComputePipelineAsync({
        label,
        layout: this.#layout(access).pipeline,
        compute: { module, entryPoint: 'main' },
      });
    } catch (cause) {
      const { messages } = await module.getCompilationInfo();
      const errors = messages.filter(({ type }) => type === 'error');
      const line = errors[0]?.lineNum ?? 0;
      const detail = errors.length > 0 ? errors.map(({ message }) => message) : [toError(cause).message];
      throw new KernelCompileError(label, line, wgsl.split('\n')[line - 1] ?? '', detail);
    } finally {
      await ignored;
      this.#compiled += 1;
      this.#onCompile?.(this.#compiled, this.#counters.pipelinesCreated);
    }
  }
}
