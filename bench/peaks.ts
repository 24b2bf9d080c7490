/**
 * What the device can do at most, measured: arithmetic by chains of multiply-adds that touch no memory, bandwidth by a copy.
 *
 * The chains are long and independent enough that nothing waits; their result depends on a value read at run time, so no compiler can
 * leave them out. Several forms are tried, and the fastest counts. The copy moves more than any cache holds, on devices that have the memory.
 */
import { kindOf } from '../src/runtime/adapters/adapter.ts';
import { workDone } from './peers/workDone.ts';

export interface Peaks {
  /** GFLOP/s. */
  readonly f32: number;
  /** GFLOP/s; undefined where the device has no f16. */
  readonly f16: number | undefined;
  /** GB/s, read and written. */
  readonly copy: number;
}

const usage = { storage: 0x80, copyTarget: 0x8 } as const;
const invocations = 256;
/** Seconds. */
const shortestRun = 0.02;

interface Arithmetic {
  readonly type: 'f32' | 'f16';
  /** How many vec4 each invocation works on by turns: enough to hide latency, few enough to stay in registers. */
  readonly chains: number;
  readonly fused: boolean;
}

const steps = 256;
const flopsOf = ({ chains }: Arithmetic) => 8 * chains * steps * invocations;

function multiplyAdds({ type, chains, fused }: Arithmetic): string {
  const names = Array.from({ length: chains }, (_, index) => `c${index}`);
  return `
${type === 'f16' ? 'enable f16;' : ''}
@group(0) @binding(0) var<storage, read_write> data: array<vec4<${type}>, 2>;
@compute @workgroup_size(${invocations}) fn main(@builtin(global_invocation_id) id: vec3u) {
  let a = data[0];
  let b = data[1];
  ${names.map((name, index) => `var ${name} = a * ${type}(${index + 1});`).join('\n  ')}
  for (var i = 0u; i < ${steps}u; i++) {
    ${names.map((name) => `${name} = ${fused ? `fma(${name}, a, b)` : `${name} * a + b`};`).join('\n    ')}
  }
  let sum = ${names.join(' + ')};
  if (sum.x == ${type}(12345)) { data[id.x % 2u] = sum; }
}`;
}

const copyKernel = (elements: number, rows: number) => `
@group(0) @binding(0) var<storage, read_write> target_: array<vec4f, ${elements}>;
@group(0) @binding(1) var<storage, read> source: array<vec4f, ${elements}>;
@compute @workgroup_size(${invocations}) fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.y * ${rows * invocations}u + id.x;
  if (i < ${elements}u) { target_[i] = source[i]; }
}`;

interface Work {
  readonly code: string;
  readonly buffers: readonly GPUBuffer[];
  readonly x: number;
  readonly y: number;
}

/** Dispatches for each second: the best of several runs, each long enough to be measured. */
async function dispatchRate(device: GPUDevice, { code, buffers, x, y }: Work): Promise<number> {
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module: device.createShaderModule({ code }) } });
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  const run = async (count: number) => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    for (let i = 0; i < count; i++) pass.dispatchWorkgroups(x, y);
    pass.end();
    const start = performance.now();
    device.queue.submit([encoder.finish()]);
    await workDone(device.queue);
    return (performance.now() - start) / 1000;
  };
  let count = 1;
  while ((await run(count)) < shortestRun) count *= 2;
  const seconds: number[] = [];
  for (let i = 0; i < 4; i++) seconds.push(await run(count));
  return count / Math.min(...seconds);
}

export async function measurePeaks(gpu: GPU): Promise<Peaks> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('bench: the adapter is gone');
  const hasF16 = adapter.features.has('shader-f16');
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const device = await adapter.requestDevice({
    requiredFeatures: hasF16 ? ['shader-f16'] : [],
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
  });
  const isSoftware = kindOf(adapter) === 'software';

  const factors = device.createBuffer({ size: 32, usage: usage.storage | usage.copyTarget });
  device.queue.writeBuffer(factors, 0, new Float32Array(8).fill(1e-3));
  const workgroups = isSoftware ? 64 : 16_384;
  const arithmetic = async (type: 'f32' | 'f16') => {
    const rates: number[] = [];
    for (const chains of [1, 2, 4, 8]) {
      for (const fused of [true, false]) {
        const kernel = { type, chains, fused };
        const work = { code: multiplyAdds(kernel), buffers: [factors], x: workgroups, y: 1 };
        rates.push((await dispatchRate(device, work)) * flopsOf(kernel) * workgroups);
      }
    }
    return Math.max(...rates) / 1e9;
  };

  const bytes = Math.min(maxStorageBufferBindingSize, maxBufferSize, (isSoftware ? 32 : 512) * 1024 * 1024);
  const [source, target] = [
    device.createBuffer({ size: bytes, usage: usage.storage }),
    device.createBuffer({ size: bytes, usage: usage.storage }),
  ];
  const elements = Math.floor(bytes / 16);
  const total = Math.ceil(elements / invocations);
  const across = Math.min(total, 32_768);
  const copy = { code: copyKernel(elements, across), buffers: [target, source], x: across, y: Math.ceil(total / across) };

  const peaks = {
    f32: await arithmetic('f32'),
    f16: hasF16 ? await arithmetic('f16') : undefined,
    copy: ((await dispatchRate(device, copy)) * 2 * bytes) / 1e9,
  };
  device.destroy();
  return peaks;
}
