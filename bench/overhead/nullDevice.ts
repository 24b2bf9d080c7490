/** A WebGPU device that does nothing, at once: what is left is the JavaScript of the runtime. */
import type { OpenedDevice } from '../../src/runtime/openDevice.ts';
import { promisedLimits } from '../../src/runtime/testing/promisedLimits.ts';

const nothing = (): void => {};

export function nullDevice(): OpenedDevice {
  const pass = { setPipeline: nothing, setBindGroup: nothing, dispatchWorkgroups: nothing, end: nothing };
  const encoder = { beginComputePass: () => pass, copyBufferToBuffer: nothing, finish: () => ({}) };
  const device = {
    limits: promisedLimits,
    features: new Set(),
    lost: new Promise(nothing),
    queue: { writeBuffer: nothing, submit: nothing },
    createBuffer: ({ size }: GPUBufferDescriptor) => ({
      size,
      mapAsync: async () => {},
      getMappedRange: () => new ArrayBuffer(size),
      unmap: nothing,
      destroy: nothing,
    }),
    createShaderModule: () => ({}),
    createBindGroupLayout: () => ({}),
    createPipelineLayout: () => ({}),
    createComputePipelineAsync: async () => ({}),
    createBindGroup: () => ({}),
    createCommandEncoder: () => encoder,
    pushErrorScope: nothing,
    popErrorScope: async () => null,
    destroy: nothing,
  };
  const info = { vendor: 'none', architecture: 'none', description: 'none', subgroupMinSize: 4, subgroupMaxSize: 4 };
  // seam: as much of WebGPU as the runtime uses
  return {
    device,
    adapter: { info },
    gpu: undefined,
    kind: 'software',
    description: 'null device',
    attempts: [],
  } as unknown as OpenedDevice;
}
