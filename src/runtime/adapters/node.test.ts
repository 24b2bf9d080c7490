/** The choice, with stand-ins for Dawn, for the system's loader and for the npm package: what it takes, and what it says of the rest. */
import { afterEach, expect, it, vi } from 'vitest';
import type { DeviceChoice } from './adapter.ts';
import { driverVariable, withDriver } from './driverVariables.ts';
import { findNodeAdapter } from './node.ts';

const bundled = '/cache/swiftshader.json';
/** What Dawn finds with the drivers that a manifest describes. Without a variable: those of the system. */
const installed: Readonly<Record<string, string>> = { '/mesa.json': 'llvmpipe', '/card.json': 'Card', [bundled]: 'SwiftShader' };

vi.mock('./dawn.ts', () => ({
  createDawn: async () => {
    const manifest = process.env.VK_DRIVER_FILES ?? process.env.VK_ICD_FILENAMES ?? '';
    const description = installed[manifest];
    return {
      requestAdapter: async () => description && { info: { description, device: '', architecture: '', isFallbackAdapter: false } },
    };
  },
}));
vi.mock('./software.ts', () => ({
  prepareSoftwareDriver: async () => ({
    usable: true,
    during: <Result>(find: () => Promise<Result>) => withDriver(process.env, bundled, find),
  }),
}));
vi.spyOn(process, 'dlopen').mockImplementation(() => {
  throw new Error('did not self-register');
});

const choose = async (choice: DeviceChoice, environment: Record<string, string>) => {
  for (const name of ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES']) vi.stubEnv(name, environment[name]);
  const { adapter, kind, attempts } = await findNodeAdapter(choice, []);
  expect(driverVariable(process.env)).toBe(Object.keys(environment)[0]);
  return { found: adapter.info.description, kind, attempts: attempts.map(({ source, reason }) => `${source}: ${reason}`) };
};
afterEach(() => vi.unstubAllEnvs());

it.each(['VK_DRIVER_FILES', 'VK_ICD_FILENAMES'])('takes the software driver that %s names before the package', async (name) => {
  for (const choice of ['auto', 'software'] as const)
    expect(await choose(choice, { [name]: '/mesa.json' })).toEqual({
      found: 'llvmpipe',
      kind: 'software',
      attempts: [`Dawn, the drivers that ${name} names: 'llvmpipe' is usable`],
    });
});

it('takes a named GPU, but not for the software device', async () => {
  expect(await choose('auto', { VK_DRIVER_FILES: '/card.json' })).toMatchObject({ found: 'Card', kind: 'gpu' });
  expect(await choose('software', { VK_DRIVER_FILES: '/card.json' })).toEqual({
    found: 'SwiftShader',
    kind: 'software',
    attempts: ["Dawn, the drivers that VK_DRIVER_FILES names: 'Card' is a gpu device", "@sparticuz/chromium: 'SwiftShader' is usable"],
  });
});

it('reads the variables as the loader does: the first that is set decides', async () => {
  expect(await choose('auto', { VK_DRIVER_FILES: '/mesa.json', VK_ICD_FILENAMES: '/card.json' })).toMatchObject({ found: 'llvmpipe' });
  await expect(choose('gpu', { VK_DRIVER_FILES: '/mesa.json' })).rejects.toThrow(
    "init: no gpu device: Dawn, the drivers that VK_DRIVER_FILES names: 'llvmpipe' is a software device (",
  );
});

it('falls back to the package, whose driver is then the only one, and names none that is not there', async () => {
  expect(await choose('auto', { VK_DRIVER_FILES: '/gone.json' })).toEqual({
    found: 'SwiftShader',
    kind: 'software',
    attempts: ['Dawn, the drivers that VK_DRIVER_FILES names: Dawn found no adapter', "@sparticuz/chromium: 'SwiftShader' is usable"],
  });
  expect(await choose('software', {})).toMatchObject({
    found: 'SwiftShader',
    attempts: ["@sparticuz/chromium: 'SwiftShader' is usable"],
  });
});
