/** The device's own clock, with all its digits: it runs forward, and longer work takes longer. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Session } from '../../src/runtime/session.ts';
import { sessionWith } from './capable.ts';

let session: Session;
beforeAll(async () => {
  session = await sessionWith('timestamp-query');
});
afterAll(() => session?.close());

const usage = { mapRead: 1, copySource: 4, copyDestination: 8, storage: 128, queryResolve: 512 } as const;

const code = `
@group(0) @binding(0) var<storage, read_write> sums: array<f32, 64>;
override steps: u32;
@compute @workgroup_size(64) fn main(@builtin(local_invocation_index) lane: u32) {
  var sum = f32(lane);
  for (var i = 0u; i < steps; i++) { sum = sin(sum) + f32(i); }
  sums[lane] = sum;
}`;

/** When the pass of so many steps begins and ends, in nanoseconds. */
async function times(steps: number): Promise<readonly bigint[]> {
  const { device } = session;
  const compute = { module: device.createShaderModule({ code }), constants: { steps } };
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute });
  const buffer = device.createBuffer({ size: 256, usage: usage.storage });
  const entries = [{ binding: 0, resource: { buffer } }];
  const querySet = device.createQuerySet({ type: 'timestamp', count: 2 });
  const resolved = device.createBuffer({ size: 16, usage: usage.queryResolve | usage.copySource });
  const readback = device.createBuffer({ size: 16, usage: usage.mapRead | usage.copyDestination });
  const encoder = device.createCommandEncoder();
  const timestampWrites = { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 };
  const pass = encoder.beginComputePass({ timestampWrites });
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(1);
  pass.end();
  encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
  encoder.copyBufferToBuffer(resolved, 0, readback, 0, 16);
  device.queue.submit([encoder.finish()]);
  await readback.mapAsync(usage.mapRead);
  return [...new BigUint64Array(readback.getMappedRange().slice(0))];
}

it('a pass that does a thousand times the work takes longer', async () => {
  const [short, long] = [await times(1000), await times(1_000_000)];
  for (const [start = 0n, end = 0n] of [short, long]) expect(end).toBeGreaterThan(start);
  const [ofShort, ofLong] = [short, long].map(([start = 0n, end = 0n]) => end - start) as [bigint, bigint];
  expect(ofLong).toBeGreaterThan(ofShort);
  expect(long[0]).toBeGreaterThanOrEqual(short[1] ?? 0n);
});

it('is not rounded to the tenth of a millisecond that pages see', async () => {
  const digits = [...(await times(1000)), ...(await times(3000))].map((time) => time % 65_536n);
  expect(digits.some((digit) => digit !== 0n)).toBe(true);
});
