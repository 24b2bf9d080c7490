/**
 * From a wish ('auto', 'gpu', 'software') to a WebGPU device with the most the adapter offers of the limits that kernels use.
 *
 * Invariant: nothing of Node is imported before this runs under Node; a browser bundle leaves `adapters/node.ts` out.
 */
import { type DeviceChoice, describeAdapter, type FoundAdapter, kindOf } from './adapters/adapter.ts';
import { findBrowserAdapter } from './adapters/browser.ts';
import { AdjointError } from './errors.ts';

/** Which device `init` and `openSession` open, and whom they tell what. */
export interface DeviceOptions {
  /** Default: the environment variable ADJOINT_DEVICE, else 'auto': a GPU if there is one, else the software device. */
  readonly device?: DeviceChoice;
  /** An adapter of your own; then nothing is looked for. It must not have made a device yet. */
  readonly adapter?: GPUAdapter;
  /** Timestamp queries with all their digits, for measuring. Under Dawn only. */
  readonly exactTimestamps?: boolean;
  /**
   * Features that Dawn has not finished: subgroup matrices, and halves on NVIDIA's drivers. Under Dawn only; in browsers a flag decides.
   * Default: whether the environment variable ADJOINT_EXPERIMENTAL is 1.
   */
  readonly experimental?: boolean;
  /**
   * Called as kernels are compiled: how many are done, of how many that were asked for so far. All kernels of all programs that are
   * called in one tick compile in parallel.
   */
  readonly onCompile?: (done: number, total: number) => void;
  /** Receives the one line that says a software device is used. Default: stderr, unless ADJOINT_QUIET is set. */
  readonly onMessage?: (message: string) => void;
}

export interface OpenedDevice extends FoundAdapter {
  readonly device: GPUDevice;
  /** For labels and messages: the adapter's description. */
  readonly description: string;
  readonly onCompile?: DeviceOptions['onCompile'] | undefined;
}

/** Limits that decide which kernels and which tensors fit; the rest keep WebGPU's defaults. */
export const requestedLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
] as const;

const wantedFeatures: readonly GPUFeatureName[] = [
  'subgroups',
  'shader-f16',
  'timestamp-query',
  'chromium-experimental-subgroup-matrix' as GPUFeatureName, // seam: WebGPU's types do not know it yet
];

const environment: Readonly<Record<string, string | undefined>> = globalThis.process?.env ?? {};
/** Electron's windows are both; their own WebGPU is the better one. */
const runsUnderNode = globalThis.process?.versions?.node !== undefined && !('document' in globalThis && globalThis.navigator?.gpu);

/** The wish, from the options or the environment. Throws an `AdjointError` on an unknown one. */
export function chooseDevice(options: DeviceOptions): DeviceChoice {
  const choice = options.device ?? (environment.ADJOINT_DEVICE || 'auto');
  if (choice === 'auto' || choice === 'gpu' || choice === 'software') return choice;
  throw new AdjointError(`init: there is no device '${choice}' (set ADJOINT_DEVICE to gpu or software, or unset it)`);
}

async function findAdapter(
  { adapter, exactTimestamps, experimental = environment.ADJOINT_EXPERIMENTAL === '1' }: DeviceOptions,
  choice: DeviceChoice,
): Promise<FoundAdapter> {
  if (adapter) return { gpu: undefined, adapter, kind: kindOf(adapter), attempts: [] };
  if (!runsUnderNode) return findBrowserAdapter(choice);
  const { findNodeAdapter } = await import('./adapters/node.ts');
  return findNodeAdapter(choice, [
    ...(exactTimestamps ? ['disable-dawn-features=timestamp_quantization'] : []),
    ...(experimental ? ['enable-dawn-features=allow_unsafe_apis,vulkan_enable_f16_on_nvidia'] : []),
  ]);
}

let saidSoftware = false;

/**
 * Finds an adapter and opens a device on it.
 * Errors: `DeviceUnavailableError` if there is no adapter of the wanted kind.
 */
export async function openDevice(options: DeviceOptions = {}): Promise<OpenedDevice> {
  const choice = chooseDevice(options);
  const found = await findAdapter(options, choice);
  const { adapter } = found;
  const description = describeAdapter(adapter);
  const device = await adapter.requestDevice({
    label: `adjoint on ${description}`,
    requiredFeatures: wantedFeatures.filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(requestedLimits.map((name) => [name, adapter.limits[name]])),
  });
  if (found.kind === 'software' && !options.adapter && choice === 'auto' && !saidSoftware) {
    saidSoftware = true;
    const message = `adjoint: no GPU found, running on the software device (${/swiftshader/i.test(description) ? 'SwiftShader' : description})`;
    if (!environment.ADJOINT_QUIET || options.onMessage) (options.onMessage ?? console.warn)(message);
  }
  return { ...found, device, description, onCompile: options.onCompile };
}
