/**
 * Runs a program on a device the plain way, for tests: any variant, nothing cached, every shader module's messages checked.
 */
import { dispatchOrder } from '../../program/dispatchOrder.ts';
import { expandKernel } from '../../program/kernelText.ts';
import type { KernelVariant, Program } from '../../program/program.ts';
import { evaluateSize } from '../../types/size.ts';
import { at } from '../at.ts';

/** As in the WebGPU specification; Node has no globals for them. */
const usage = { mapRead: 1, copySource: 4, copyDestination: 8, storage: 128 } as const;

export interface RunOptions {
  readonly symbols?: Readonly<Record<string, number>>;
  /** Which of a kernel's variants to run: the one whose name begins so, else the last without workgroup memory. */
  readonly variant?: string;
}

export async function makePipeline(
  device: GPUDevice,
  variant: KernelVariant,
  symbols: Readonly<Record<string, number>>,
): Promise<GPUComputePipeline> {
  const code = expandKernel(variant.wgsl, symbols);
  const module = device.createShaderModule({ code });
  const { messages } = await module.getCompilationInfo();
  if (messages.length > 0) throw new Error(`${messages.map(({ lineNum, message }) => `${lineNum}: ${message}`).join('\n')}\n${code}`);
  return device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint: 'main' } });
}

export function pickVariant(variants: readonly KernelVariant[], name: string | undefined): KernelVariant {
  const named = variants.find((variant) => name !== undefined && variant.name.startsWith(name));
  // workgroup memory takes the software device seconds to compile
  const quick = variants.filter((variant) => !/^(shared|split)/.test(variant.name));
  return named ?? quick.at(-1) ?? at(variants, variants.length - 1);
}

const arrays = { f32: Float32Array, f16: Float32Array, i32: Int32Array, u32: Uint32Array, bool: Uint32Array } as const;

/** The elements of each output. */
export async function runProgram(
  device: GPUDevice,
  program: Program,
  inputs: readonly ArrayLike<number>[],
  options: RunOptions = {},
): Promise<number[][]> {
  const symbols = options.symbols ?? {};
  device.pushErrorScope('validation');
  const bytes = program.buffers.map(({ elements }) => evaluateSize(elements, symbols) * 4);
  const buffers = bytes.map((size) => device.createBuffer({ size, usage: usage.storage | usage.copyDestination | usage.copySource }));
  for (const [i, { buffer, dtype }] of program.inputs.entries())
    device.queue.writeBuffer(at(buffers, buffer), 0, arrays[dtype].from(at(inputs, i)));
  const variants = program.kernels.map((kernel) => pickVariant(kernel.variants, options.variant));
  const pipelines = await Promise.all(variants.map((variant) => makePipeline(device, variant, symbols)));
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  for (const i of dispatchOrder(program)) {
    const kernel = at(program.kernels, i);
    const pipeline = at(pipelines, i);
    const entries = kernel.bindings.map(({ buffer }, binding) => ({ binding, resource: { buffer: at(buffers, buffer) } }));
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    const count = evaluateSize(at(variants, i).workgroups, symbols);
    pass.dispatchWorkgroups(Math.min(count, 65_535), Math.ceil(count / 65_535));
  }
  pass.end();
  const readbacks = program.outputs.map(({ buffer }) => {
    const size = at(bytes, buffer);
    const readback = device.createBuffer({ size, usage: usage.mapRead | usage.copyDestination });
    encoder.copyBufferToBuffer(at(buffers, buffer), 0, readback, 0, size);
    return readback;
  });
  device.queue.submit([encoder.finish()]);
  const error = await device.popErrorScope();
  if (error !== null) throw new Error(error.message);
  return Promise.all(
    readbacks.map(async (readback, i) => {
      await readback.mapAsync(1);
      const elements = Array.from(new arrays[at(program.outputs, i).dtype](readback.getMappedRange().slice(0)));
      readback.destroy();
      return elements;
    }),
  ).finally(() => {
    for (const buffer of buffers) buffer.destroy();
  });
}
