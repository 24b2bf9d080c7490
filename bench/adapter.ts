/**
 * The one adapter that everybody measured computes on, and the globals by which libraries made for browsers find it.
 *
 * Robustness, Dawn's check of every index, is on unless asked otherwise: browsers leave no choice.
 */
import { globals } from 'webgpu';
import { type DeviceChoice, describeAdapter } from '../src/runtime/adapters/adapter.ts';
import { findNodeAdapter } from '../src/runtime/adapters/node.ts';

export interface BenchAdapter {
  readonly gpu: GPU;
  readonly kind: string;
  readonly name: string;
  readonly driver: string;
}

export interface AdapterOptions {
  readonly device: DeviceChoice;
  readonly robustness: boolean;
}

/** Off by default on NVIDIA's Vulkan driver, where kernels in f16 need it. */
const allowed = 'enable-dawn-features=vulkan_enable_f16_on_nvidia';

export async function openAdapter({ device, robustness }: AdapterOptions): Promise<BenchAdapter> {
  const options = [robustness ? allowed : `${allowed},disable_robustness`];
  const { gpu, adapter, kind } = await findNodeAdapter(device, options);
  if (!gpu) throw new Error('bench: no adapter was found');
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'node' }, configurable: true });
  const { vendor, architecture, description } = adapter.info;
  return { gpu, kind, name: describeAdapter(adapter), driver: [vendor, architecture, description].filter(Boolean).join(', ') };
}
