/**
 * Time of compiled programs, in processor time as well: on the software device, where a kernel is processor time and other
 * programs share the machine, that is what two versions can be compared by.
 *
 * Invariant: variants take turns; the best of all counts.
 */

import { makePipeline } from '../../src/codegen/testing/runProgram.ts';
import type { KernelVariant, Program } from '../../src/program/program.ts';
import type { Session } from '../../src/runtime/session.ts';
import { processorTime, timeCommands } from '../../src/tuning/timeCommands.ts';
import { evaluateSize } from '../../src/types/size.ts';

export interface Candidate {
  readonly name: string;
  readonly program: Program;
  /** One a kernel. */
  readonly variants: readonly KernelVariant[];
}

export interface Time {
  readonly processor: number;
  readonly wall: number;
  /** Processor time of compiling all its kernels. */
  readonly compile: number;
}

const usage = { copySource: 4, copyDestination: 8, storage: 128 } as const;

interface Ready {
  readonly candidate: Candidate;
  readonly compile: number;
  readonly record: () => GPUCommandBuffer;
  readonly buffers: readonly GPUBuffer[];
}

async function prepare({ device }: Session, candidate: Candidate, runs: number): Promise<Ready> {
  const { program, variants } = candidate;
  const before = processorTime() ?? Number.NaN;
  const pipelines: GPUComputePipeline[] = [];
  for (const variant of variants) pipelines.push(await makePipeline(device, variant, {}));
  const compile = (processorTime() ?? Number.NaN) - before;
  const buffers = program.buffers.map(({ elements, dtype }) => {
    const size = evaluateSize(elements, {}) * 4;
    const buffer = device.createBuffer({ size, usage: usage.storage | usage.copyDestination | usage.copySource });
    const ones = dtype === 'f32' ? new Float32Array(size / 4).fill(0.5) : new Uint32Array(size / 4).fill(1);
    device.queue.writeBuffer(buffer, 0, ones);
    return buffer;
  });
  const groups = program.kernels.map(({ bindings }, i) => {
    const pipeline = pipelines[i] as GPUComputePipeline; // seam: one a kernel, above
    const entries = bindings.map(({ buffer }, binding) => ({ binding, resource: { buffer: buffers[buffer] as GPUBuffer } }));
    return device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  });
  const record = (): GPUCommandBuffer => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (const [i, variant] of Array.from({ length: runs }, () => [...variants.entries()]).flat()) {
      const count = evaluateSize(variant.workgroups, {});
      pass.setPipeline(pipelines[i] as GPUComputePipeline);
      pass.setBindGroup(0, groups[i]);
      pass.dispatchWorkgroups(Math.min(count, 65_535), Math.ceil(count / 65_535));
    }
    pass.end();
    return encoder.finish();
  };
  return { candidate, compile, record, buffers };
}

/** `runs`: what is short is run so many times at once; times are of one run. */
export async function measure(
  session: Session,
  candidates: readonly Candidate[],
  repeats = 7,
  runs = 1,
): Promise<ReadonlyMap<string, Time>> {
  const { device } = session;
  const ready = [];
  for (const candidate of candidates) ready.push(await prepare(session, candidate, runs));
  const times = new Map<string, Time>();
  for (let i = 0; i < repeats; i++) {
    for (const { candidate, compile, record } of ready) {
      const known = times.get(candidate.name);
      const commands = record();
      const { wall, processor = Number.NaN } = await timeCommands(device, commands, known && known.wall * runs);
      times.set(candidate.name, {
        processor: Math.min(known?.processor ?? Number.POSITIVE_INFINITY, processor / runs),
        wall: Math.min(known?.wall ?? Number.POSITIVE_INFINITY, wall / runs),
        compile,
      });
    }
  }
  for (const { buffers } of ready) for (const buffer of buffers) buffer.destroy();
  return times;
}
