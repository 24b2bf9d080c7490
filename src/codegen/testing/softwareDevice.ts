/** One software device for a test file; the adapter stays referenced as long as the device is used. */
import { type OpenedDevice, openDevice } from '../../runtime/openDevice.ts';

let opened: Promise<OpenedDevice> | undefined;

export async function softwareDevice(): Promise<GPUDevice> {
  opened ??= openDevice({ device: 'software', onMessage: () => {} });
  return (await opened).device;
}
