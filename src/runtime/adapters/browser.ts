/** The browser's own WebGPU. Choosing between GPU and software device is the browser's business; 'gpu' and 'software' are requests that can fail. */
import { type AdapterAttempt, DeviceUnavailableError } from '../errors.ts';
import { type DeviceChoice, describeAdapter, type FoundAdapter, kindOf } from './adapter.ts';

const remedy = 'use a browser with WebGPU, on a page served over https or from localhost';

export async function findBrowserAdapter(choice: DeviceChoice): Promise<FoundAdapter> {
  const source = 'navigator.gpu';
  const refuse = (attempt: Omit<AdapterAttempt, 'source' | 'taken'>) =>
    new DeviceUnavailableError(choice, [{ source, taken: false, ...attempt }], remedy);
  // seam: the DOM types promise navigator.gpu, older browsers do not have it
  const gpu = globalThis.navigator?.gpu as GPU | undefined;
  if (!gpu) throw refuse({ reason: 'this environment has no WebGPU' });
  const adapter = await gpu.requestAdapter(
    choice === 'software' ? { forceFallbackAdapter: true } : { powerPreference: 'high-performance' },
  );
  if (!adapter) throw refuse({ reason: 'the browser offers no adapter' });
  const kind = kindOf(adapter);
  const found = describeAdapter(adapter);
  if (choice !== 'auto' && kind !== choice) throw refuse({ found, reason: `'${found}' is not a ${choice} device` });
  return { gpu, adapter, kind, attempts: [{ source, found, taken: true, reason: 'the browser offers it' }] };
}
