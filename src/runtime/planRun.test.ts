import { describe, expect, it } from 'vitest';
import type { KernelVariant } from '../program/program.ts';
import { LimitExceededError } from './errors.ts';
import { chooseVariant, type DeviceAbilities, planRun, splitWorkgroups } from './planRun.ts';
import { mockDevice } from './testing/mockDevice.ts';
import { addBatch, addProgram } from './testing/programs.ts';

function abilities(limits: Partial<Record<string, number>> = {}): DeviceAbilities {
  const { device } = mockDevice(limits).opened;
  return { limits: device.limits, features: device.features, subgroupSize: 4 };
}

describe('workgroups', () => {
  it.each([
    [1, 1, 1],
    [65535, 65535, 1],
    [65536, 32768, 2],
    [70000, 35000, 2],
    [131071, 43691, 3],
    [65535 * 65535, 65535, 65535],
  ])('%i split into %i by %i', (count, x, y) => {
    expect(splitWorkgroups(count)).toEqual({ x, y });
  });

  it('never wastes a whole row', () => {
    for (let count = 65530; count < 400000; count += 997) {
      const { x, y } = splitWorkgroups(count);
      expect(x * y).toBeGreaterThanOrEqual(count);
      expect(x * y - count).toBeLessThan(y);
    }
  });
});

describe('variants', () => {
  const [kernel = expect.fail()] = addProgram().kernels;
  const variant = (name: string, requires: KernelVariant['requires']): KernelVariant => ({ name, requires, wgsl: name, workgroups: 1 });
  const chosen = (...variants: KernelVariant[]) =>
    chooseVariant({ ...kernel, variants: [...variants, variant('last', {})] }, abilities()).name;

  it('takes the first that the device can run', () => {
    expect(chosen(variant('a', { features: ['subgroups'], subgroupSize: 4 }), variant('b', {}))).toBe('a');
  });

  it.each([
    ['a feature', { features: ['shader-f16'] }],
    ['a subgroup size', { subgroupSize: 32 }],
    ['a workgroup size', { workgroupInvocations: 1024 }],
  ])('passes over one whose requirement is missing: %s', (_, requires) => {
    expect(chosen(variant('a', requires))).toBe('last');
  });
});

describe('a plan', () => {
  it('puts the sizes of symbols into the WGSL, and into byte lengths', () => {
    const plan = planRun(addBatch, { batch: 7 }, abilities());
    expect(plan.byteLengths).toEqual([56, 56, 56]);
    expect(plan.outputs).toEqual([{ label: 'addBatch: y', sizes: [7, 2], elements: 14 }]);
    expect(plan.kernels[0]?.wgsl).toMatch(/^const size_batch: u32 = 7u;\n@group/);
    expect(plan.kernels[0]).toMatchObject({ x: 4, y: 1, access: 'rrw', label: 'addBatch: sum' });
  });

  it.each([
    ['maxBufferSize', "buffer 'x'", 400],
    ['maxStorageBufferBindingSize', "buffer 'x'", 400],
    ['maxStorageBuffersPerShaderStage', "kernel 'sum': bindings", 3],
  ])('over %s is refused with both numbers', (limit, what, needed) => {
    const plan = () => planRun(addProgram(['n=100']), {}, abilities({ [limit]: needed - 1 }));
    expect(plan).toThrow(LimitExceededError);
    expect(plan).toThrow(`add: ${what}: needs ${needed}, but the device's ${limit} is ${needed - 1} (`);
  });

  it('refuses a size that does not come out whole', () => {
    const halved = addBatch.buffers.map((buffer) => ({ ...buffer, elements: { op: 'divide', left: 'batch', right: 2 } as const }));
    expect(() => planRun({ ...addBatch, buffers: halved }, { batch: 7 }, abilities())).toThrow(
      "addBatch: 'x' has the wrong shape: expected (batch / 2) to be a whole, positive number, got 3.5 for batch=7 (use other sizes)",
    );
  });

  it('refuses another format', () => {
    // seam: what an older file would hold
    const older = { ...addBatch, format: 0 as unknown as 1 };
    expect(() => planRun(older, { batch: 7 }, abilities())).toThrow('addBatch: program format 0 is not 1 (run `adjoint build` again)');
  });

  it('gives halves two bytes, and a buffer whole words', () => {
    const halves = addBatch.buffers.map((buffer) => ({ ...buffer, dtype: 'f16' as const }));
    const { byteLengths } = planRun({ ...addBatch, buffers: halves }, { batch: 7 }, abilities());
    const { byteLengths: whole } = planRun(addBatch, { batch: 7 }, abilities());
    expect(byteLengths).toEqual(whole.map((bytes) => Math.ceil(bytes / 2 / 4) * 4));
  });
});
