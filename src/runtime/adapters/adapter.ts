/**
 * What every adapter source returns, and how a software adapter is told from a GPU.
 *
 * Invariant: `gpu` stays referenced as long as the device is used; Dawn's instance dies with it otherwise.
 */
import type { AdapterAttempt } from '../errors.ts';

/** Which device is wanted. */
export type DeviceChoice = 'auto' | 'gpu' | 'software';
/** Which device it is. */
export type DeviceKind = 'gpu' | 'software';

export interface FoundAdapter {
  /** Undefined when the caller brought an adapter of their own. */
  readonly gpu: GPU | undefined;
  readonly adapter: GPUAdapter;
  readonly kind: DeviceKind;
  readonly attempts: readonly AdapterAttempt[];
}

export function describeAdapter(adapter: GPUAdapter): string {
  const { description, device, architecture, vendor } = adapter.info;
  return description || device || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed adapter';
}

/** Drivers that draw on the CPU do not all say so, hence the names. */
export function kindOf(adapter: GPUAdapter): DeviceKind {
  const { description, device, architecture } = adapter.info;
  const named = /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i.test(`${description} ${device} ${architecture}`);
  return adapter.info.isFallbackAdapter || named ? 'software' : 'gpu';
}
