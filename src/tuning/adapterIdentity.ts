/** Which adapter a choice was measured on: what WebGPU says of it, and the version of Dawn that compiled the kernels. */

export interface AdapterIdentity {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  /** The driver, with its version. */
  readonly description: string;
  /** Of the npm package `webgpu`; empty in a browser. */
  readonly dawn: string;
}

export function identityOf({ vendor, architecture, device, description }: GPUAdapterInfo, dawn: string): AdapterIdentity {
  return { vendor, architecture, device, description, dawn };
}

export function showAdapter(adapter: AdapterIdentity): string {
  const { vendor, architecture, device, description, dawn } = adapter;
  const words = [vendor, architecture, device, description].filter((word) => word !== '');
  return [words.join(' ') || 'an unnamed adapter', ...(dawn === '' ? [] : [`Dawn ${dawn}`])].join(', ');
}

/** The same hardware under the same driver, whatever Dawn's version. */
export const isSameHardware = (left: AdapterIdentity, right: AdapterIdentity): boolean =>
  (['vendor', 'architecture', 'device', 'description'] as const).every((field) => left[field] === right[field]);

export const isSameAdapter = (left: AdapterIdentity, right: AdapterIdentity): boolean =>
  isSameHardware(left, right) && left.dawn === right.dawn;
