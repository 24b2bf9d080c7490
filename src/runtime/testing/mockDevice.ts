/**
 * A WebGPU device that computes nothing and writes down every call, for tests of what exactly the runtime asks for.
 *
 * Invariant: every object has the label it was created with; a buffer reads as zeros.
 */
import type { OpenedDevice } from '../openDevice.ts';
import { promisedLimits } from './promisedLimits.ts';

export interface MockDevice {
  readonly opened: OpenedDevice;
  /** `createBuffer x`, `submit`, `dispatch 3,1`, … in order. */
  readonly calls: string[];
  /** What was created without a label. */
  readonly unlabelled: string[];
  /** The next error scopes answer this, once, for the filter named. */
  failNext(filter: GPUErrorFilter, error: GPUError): void;
  /** Makes `createBuffer` throw, once. */
  throwNext(error: Error): void;
  lose(message: string): void;
  count(call: string): number;
}

class GPUOutOfMemoryError {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}
class GPUValidationError extends GPUOutOfMemoryError {}
Object.defineProperty(GPUValidationError, 'name', { value: 'GPUValidationError' });

export const outOfMemory = (): GPUError => new GPUOutOfMemoryError('no room');
export const invalid = (): GPUError => new GPUValidationError('not valid');

export function mockDevice(limits: Partial<Record<string, number>> = {}): MockDevice {
  const calls: string[] = [];
  const unlabelled: string[] = [];
  const scopes: GPUErrorFilter[] = [];
  let failing: { filter: GPUErrorFilter; error: GPUError } | undefined;
  let throwing: Error | undefined;
  let lose: (info: { reason: string; message: string }) => void = () => {};
  const lost = new Promise((resolve) => {
    lose = resolve;
  });

  const made = <Made extends object>(what: string, descriptor: { label?: string } | undefined, rest: Made) => {
    calls.push(`${what} ${descriptor?.label ?? ''}`);
    if (!descriptor?.label) unlabelled.push(what);
    return { label: descriptor?.label ?? '', ...rest };
  };
  const pass = () => ({
    setPipeline: () => calls.push('setPipeline'),
    setBindGroup: () => calls.push('setBindGroup'),
    dispatchWorkgroups: (x: number, y: number) => calls.push(`dispatch ${x},${y}`),
    end: () => calls.push('end'),
  });
  const device = {
    limits: { ...promisedLimits, ...limits },
    features: new Set(['subgroups']),
    lost,
    queue: {
      writeBuffer: (buffer: { label: string }) => calls.push(`writeBuffer ${buffer.label}`),
      submit: () => calls.push('submit'),
    },
    createBuffer: (descriptor: GPUBufferDescriptor) => {
      const error = throwing;
      throwing = undefined;
      if (error) throw error;
      const { size } = descriptor;
      const buffer = made('createBuffer', descriptor, {
        size,
        mapAsync: async () => void calls.push('mapAsync'),
        getMappedRange: () => new ArrayBuffer(size),
        unmap: () => calls.push('unmap'),
        destroy: () => calls.push(`destroy ${descriptor.label}`),
      });
      let { label } = buffer;
      return Object.defineProperty(buffer, 'label', {
        get: () => label,
        set: (next: string) => {
          calls.push(`label ${next}`);
          label = next;
        },
      });
    },
    createShaderModule: (descriptor: GPUShaderModuleDescriptor) => made('createShaderModule', descriptor, {}),
    createBindGroupLayout: (descriptor: GPUBindGroupLayoutDescriptor) => made('createBindGroupLayout', descriptor, {}),
    createPipelineLayout: (descriptor: GPUPipelineLayoutDescriptor) => made('createPipelineLayout', descriptor, {}),
    createComputePipelineAsync: async (descriptor: GPUComputePipelineDescriptor) => made('createComputePipeline', descriptor, {}),
    createBindGroup: (descriptor: GPUBindGroupDescriptor) => made('createBindGroup', descriptor, {}),
    createCommandEncoder: (descriptor: GPUCommandEncoderDescriptor) =>
      made('createCommandEncoder', descriptor, {
        beginComputePass: (passDescriptor: GPUComputePassDescriptor) => made('beginComputePass', passDescriptor, pass()),
        copyBufferToBuffer: () => calls.push('copy'),
        finish: () => calls.push('finish'),
      }),
    pushErrorScope: (filter: GPUErrorFilter) => scopes.push(filter),
    popErrorScope: async () => {
      if (scopes.pop() !== failing?.filter) return null;
      const { error } = failing ?? { error: null };
      failing = undefined;
      return error;
    },
    destroy: () => lose({ reason: 'destroyed', message: '' }),
  };
  const info = { vendor: 'mock', architecture: 'mock', description: 'mock', subgroupMinSize: 4, subgroupMaxSize: 4 };
  return {
    calls,
    unlabelled,
    failNext: (filter, error) => {
      failing = { filter, error };
    },
    throwNext: (error) => {
      throwing = error;
    },
    lose: (message) => lose({ reason: 'unknown', message }),
    count: (call) => calls.filter((made) => made.startsWith(call)).length,
    // seam: as much of WebGPU as the runtime uses
    opened: { device, adapter: { info }, gpu: undefined, kind: 'software', description: 'mock', attempts: [] } as unknown as OpenedDevice,
  };
}
