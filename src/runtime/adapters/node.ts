/**
 * The choice of an adapter under Node: a GPU that Dawn finds, else the software device from an npm package, else whatever software
 * adapter the system has (WARP on Windows, Mesa's lavapipe on Linux).
 *
 * Measured with webgpu 0.6.2: an instance looks for the Vulkan loader and its drivers once, at its first `requestAdapter`. An instance that
 * found none stays blind after the bundled loader is opened; a second instance created afterwards sees SwiftShader, whether or not the
 * system has a loader of its own. So: probe with a plain instance, then prepare the software driver, then create another instance.
 */
import { constants } from 'node:os';
import { type AdapterAttempt, DeviceUnavailableError } from '../errors.ts';
import { type DeviceChoice, describeAdapter, type FoundAdapter, kindOf } from './adapter.ts';
import { createDawn } from './dawn.ts';
import { prepareSoftwareDriver } from './software.ts';

let bareSystem: boolean | undefined;

/**
 * Dawn warns on stderr when there is no Vulkan loader, which is no news to anybody: ask the dynamic linker first.
 * Asked once, since the bundled loader answers to the same name once it is open.
 */
function lacksVulkanLoader(): boolean {
  bareSystem ??= process.platform === 'linux' && !opens('libvulkan.so.1');
  return bareSystem;
}

function opens(library: string): boolean {
  try {
    process.dlopen({ exports: {} }, library, constants.dlopen.RTLD_LAZY);
  } catch (error) {
    return String(error).includes('did not self-register');
  }
  return true;
}

export async function findNodeAdapter(choice: DeviceChoice, dawnOptions: readonly string[]): Promise<FoundAdapter> {
  const attempts: AdapterAttempt[] = [];
  let spare: FoundAdapter | undefined;

  const consider = async (source: string, gpu: GPU, wanted: 'gpu' | 'software', options: GPURequestAdapterOptions) => {
    const adapter = await gpu.requestAdapter(options);
    if (!adapter) {
      attempts.push({ source, taken: false, reason: 'Dawn found no adapter' });
      return undefined;
    }
    const kind = kindOf(adapter);
    const taken = kind === wanted;
    const found = describeAdapter(adapter);
    attempts.push({ source, found, taken, reason: taken ? `'${found}' is usable` : `'${found}' is a ${kind} device` });
    const candidate: FoundAdapter = { gpu, adapter, kind, attempts };
    if (!taken) spare = candidate;
    return taken ? candidate : undefined;
  };

  const bare = lacksVulkanLoader();
  const source = 'Dawn, drivers of the system';
  if (bare) attempts.push({ source, taken: false, reason: 'the system has no Vulkan loader (libvulkan.so.1)' });
  if (choice !== 'software') {
    const gpu = bare ? undefined : await consider(source, await createDawn(dawnOptions), 'gpu', { powerPreference: 'high-performance' });
    if (gpu) return gpu;
    if (choice === 'gpu') throw new DeviceUnavailableError(choice, attempts);
  }

  const driver = await prepareSoftwareDriver();
  if (driver.usable) {
    const found = await driver.during(async () =>
      consider('@sparticuz/chromium', await createDawn(dawnOptions), 'software', { forceFallbackAdapter: true }),
    );
    if (found) return found;
  } else {
    attempts.push({ source: '@sparticuz/chromium', taken: false, reason: driver.reason });
  }
  if (spare?.kind === 'software') return spare;
  if (choice === 'software' && !bare) {
    const found = await consider(source, await createDawn(dawnOptions), 'software', { forceFallbackAdapter: true });
    if (found) return found;
  }
  throw new DeviceUnavailableError(choice, attempts);
}
