/** How many buffers kernels bind is known as soon as the device is: what is compiled after `init` is not compiled again. */
import { expect, it } from 'vitest';
import { bindableBuffers } from './deferredTensor.ts';
import { init } from './device.ts';

it('is what every device promises, and after init what this one does', async () => {
  expect(bindableBuffers()).toBe(8);
  const { limits } = await init();
  expect(bindableBuffers()).toBe(Math.min(16, limits.maxStorageBuffersPerShaderStage ?? 0));
  expect(bindableBuffers()).toBeGreaterThan(8);
});
