/**
 * The choices that are stored for the open device's adapter, read once a device.
 *
 * Invariant: a program depends on them only where there are some, so that an adapter that nobody measured compiles nothing twice.
 */
import type { Choices } from '../program/choices.ts';
import { lineLanes } from '../program/lineLanes.ts';
import { openedSession } from '../runtime/device.ts';
import { storedChoices } from '../tuning/storedChoices.ts';

const read = new WeakMap<GPUDevice, { readonly choices: Choices | undefined }>();

/** Undefined if there are none, or if no device is open yet. Says once what is wrong with the cache's file. */
export function choicesOfOpenDevice(): Choices | undefined {
  const device = openedSession()?.device;
  if (device === undefined) return undefined;
  const known = read.get(device);
  if (known !== undefined) return known.choices;
  // seam: browsers of before 2025 do not say of a device what adapter it is from
  if ((device.adapterInfo as GPUAdapterInfo | undefined) === undefined) return undefined;
  const stored = storedChoices(device.adapterInfo);
  if (stored.problem !== undefined && !globalThis.process?.env.ADJOINT_QUIET) console.warn(stored.problem);
  const choices = stored.tiles.size > 0 ? stored : undefined;
  read.set(device, { choices });
  return choices;
}

/** All its subgroups have eight lanes: kernels have variants for them then. */
export function openDeviceHasLines(): boolean {
  const info = openedSession()?.device.adapterInfo as GPUAdapterInfo | undefined; // seam: as above
  return info?.subgroupMinSize === lineLanes && info.subgroupMaxSize === lineLanes;
}
