/**
 * The choice of an adapter under Node: a GPU that Dawn finds, else the software device from an npm package, else whatever software
 * adapter the system has (WARP on Windows, Mesa's lavapipe on Linux). Who names a driver in the Vulkan loader's own variables has
 * chosen: of the wanted kind, it is taken before the package's; where either kind will do, whichever it is.
 *
 * Measured with webgpu 0.6.2: an instance looks for the Vulkan loader and its drivers once, at its first `requestAdapter`. An instance that
 * found none stays blind after the bundled loader is opened; a second instance created afterwards sees SwiftShader, whether or not the
 * system has a loader of its own. So: probe with a plain instance, then prepare the software driver, then create another instance.
 */
import { constants } from 'node:os';
import { type AdapterAttempt, DeviceUnavailableError } from '../errors.ts';
import { type DeviceChoice, describeAdapter, type FoundAdapter, kindOf } from './adapter.ts';
import { createDawn } from './dawn.ts';
import { driverVariable } from './driverVariables.ts';
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

  const consider = async (source: string, gpu: GPU, wanted: DeviceChoice, options: GPURequestAdapterOptions) => {
    const adapter = await gpu.requestAdapter(options);
    if (!adapter) {
      attempts.push({ source, taken: false, reason: 'Dawn found no adapter' });
      return undefined;
    }
    const kind = kindOf(adapter);
    const taken = wanted === 'auto' || kind === wanted;
    const found = describeAdapter(adapter);
    attempts.push({ source, found, taken, reason: taken ? `'${found}' is usable` : `'${found}' is a ${kind} device` });
    const candidate: FoundAdapter = { gpu, adapter, kind, attempts };
    if (!taken) spare = candidate;
    return taken ? candidate : undefined;
  };

  const bare = lacksVulkanLoader();
  const variable = driverVariable(process.env);
  const source = variable === undefined ? 'Dawn, drivers of the system' : `Dawn, the drivers that ${variable} names`;
  if (bare) attempts.push({ source, taken: false, reason: 'the system has no Vulkan loader (libvulkan.so.1)' });
  else if (variable !== undefined || choice !== 'software') {
    const wanted = variable === undefined ? 'gpu' : choice;
    const found = await consider(source, await createDawn(dawnOptions), wanted, { powerPreference: 'high-performance' });
    if (found) return found;
  }
  if (choice === 'gpu') throw new DeviceUnavailableError(choice, attempts);

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
  if (choice === 'software' && !bare && variable === undefined) {
    const found = await consider(source, await createDawn(dawnOptions), 'software', { forceFallbackAdapter: true });
    if (found) return found;
  }
  throw new DeviceUnavailableError(choice, attempts);
}
