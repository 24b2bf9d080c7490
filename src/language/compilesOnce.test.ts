/** What is called before the device is open is compiled when it is, for what it binds; and once. */
import { expect, it, vi } from 'vitest';
import { compile } from '../codegen/compile.ts';
import { openedSession } from '../runtime/device.ts';
import { ones, tensor } from './creation.ts';
import { jit } from './jit.ts';

vi.mock('../codegen/compile.ts', async (original) => {
  const module: typeof import('../codegen/compile.ts') = await original();
  return { ...module, compile: vi.fn(module.compile) };
});
const compiled = () => vi.mocked(compile).mock.calls.map(([{ name }, options]) => `${name} ${options?.storageBuffers}`);

it('without init, a jitted function is compiled once, and a lazy tensor, too', async () => {
  const f = jit((x: ReturnType<typeof four>) => x.mul(2).exp(), { name: 'f' });
  const four = () => tensor([1, 2, 3, 4], ['n']);
  const first = f(four());
  expect(openedSession()).toBeUndefined();
  expect(compiled()).toEqual([]);
  expect(first).toMatchObject({ shape: ['n=4'], sizes: [4] });
  const again = f(four());
  const lazy = ones(['n=4']).add(1).data();

  expect((await first.data())[1]).toBeCloseTo(Math.exp(4));
  expect(await again.data()).toEqual(await first.data());
  expect(await lazy).toEqual(Float32Array.of(2, 2, 2, 2));
  const buffers = Math.min(16, openedSession()?.info.limits.maxStorageBuffersPerShaderStage ?? 0);
  expect(buffers).toBeGreaterThan(8);
  await f(four()).data();
  expect(compiled().sort()).toEqual([`data ${buffers}`, `f ${buffers}`]);
});
