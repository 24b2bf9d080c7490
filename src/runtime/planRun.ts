/**
 * A program for the sizes at hand on the device at hand: byte lengths, kernel variants, final WGSL, workgroup counts.
 *
 * Invariant: a plan exists only if the device can run it; whatever is over a limit is refused here, with the number, the limit and a way out.
 */
import { dispatchOrder } from '../program/dispatchOrder.ts';
import { expandKernel } from '../program/kernelText.ts';
import { type Kernel, type KernelVariant, type Program, programFormat } from '../program/program.ts';
import { wavesOf } from '../program/waves.ts';
import { type Size, sizeOf } from '../types/dim.ts';
import { evaluateSize, showSize } from '../types/size.ts';
import type { SymbolSizes } from './checkInputs.ts';
import { AdjointError, LimitExceededError, ShapeMismatchError } from './errors.ts';
import { elementCount, storedBytes } from './hostData.ts';

export interface KernelPlan {
  readonly label: string;
  /** One letter a binding: r for read, w for read_write. */
  readonly access: string;
  readonly wgsl: string;
  /** `wgsl` without comments: kernels that differ in these alone are one pipeline. */
  readonly key: string;
  /** Indices into the program's buffers, in binding order. */
  readonly buffers: readonly number[];
  readonly x: number;
  readonly y: number;
}

/** An output, as far as every run of a plan makes the same. */
export interface OutputPlan {
  readonly label: string;
  readonly sizes: readonly number[];
  readonly elements: number;
}

export interface RunPlan {
  readonly byteLengths: readonly number[];
  readonly labels: readonly string[];
  readonly outputs: readonly OutputPlan[];
  readonly kernels: readonly KernelPlan[];
  /** Which kernels run, one after the other. */
  readonly order: readonly number[];
  /** The buffers that kernels write to, inputs' among them. */
  readonly written: ReadonlySet<number>;
  /** The buffer that each output leaves in. */
  readonly leaving: readonly number[];
}

/** What a plan depends on of the device. */
export interface DeviceAbilities {
  readonly limits: Readonly<Record<CheckedLimit | 'maxComputeInvocationsPerWorkgroup' | 'maxComputeWorkgroupStorageSize', number>>;
  readonly features: { has(name: string): boolean };
  /** Lanes of a subgroup; undefined if they vary. */
  readonly subgroupSize: number | undefined;
  /** Configurations of subgroup matrices, as kernels ask for them; none without the feature. */
  readonly subgroupMatrices?: readonly string[];
}

/** A configuration as Dawn lists it; the types of WebGPU do not know of it yet. */
interface MatrixInfo {
  readonly subgroupMatrixConfigs?: Iterable<Readonly<Record<'componentType' | 'resultComponentType' | 'M' | 'N' | 'K', string | number>>>;
}

/** Named, not taken apart in its parameters: a declaration would repeat that, and a stranger's compiler may not know WebGPU's members. */
export function abilitiesOf(device: GPUDevice, info: GPUAdapterInfo & MatrixInfo): DeviceAbilities {
  const { limits, features } = device;
  const { subgroupMinSize, subgroupMaxSize, subgroupMatrixConfigs = [] } = info;
  return {
    limits,
    features,
    subgroupSize: subgroupMinSize === subgroupMaxSize ? subgroupMinSize : undefined,
    subgroupMatrices: Array.from(
      subgroupMatrixConfigs,
      ({ componentType, resultComponentType, M, N, K }) => `${componentType} ${resultComponentType} ${M}x${N}x${K}`,
    ),
  };
}

type CheckedLimit = 'maxBufferSize' | 'maxStorageBufferBindingSize' | 'maxStorageBuffersPerShaderStage';

const maxWorkgroups = 65535;

/**
 * Splits a count of workgroups over two axes, each within the limit, with fewer than `y` of them to spare. Both hold 2³² or so: more than
 * a buffer has elements, and each workgroup writes one at least.
 */
export function splitWorkgroups(count: number): { readonly x: number; readonly y: number } {
  const y = Math.ceil(count / maxWorkgroups);
  return { x: Math.ceil(count / y), y };
}

/** The first variant that the device can run, or of those that require the same the one that costs least. */
export function chooseVariant(kernel: Kernel, device: DeviceAbilities, symbols: SymbolSizes = {}): KernelVariant {
  // seam: the last one runs on every device
  const chosen = kernel.variants.find((variant) => runsOn(variant, device)) as KernelVariant;
  if (chosen.cost === undefined) return chosen;
  const kind = JSON.stringify(chosen.requires);
  const alike = kernel.variants.filter((variant) => JSON.stringify(variant.requires) === kind);
  return alike.reduce((best, variant) => (costOf(variant, symbols) < costOf(best, symbols) ? variant : best));
}

/** Of several variants that require the same the least wins. */
export function costOf({ cost, workgroups }: KernelVariant, symbols: SymbolSizes): number {
  if (cost === undefined) return Number.POSITIVE_INFINITY;
  return wavesOf(evaluateSize(workgroups, symbols), cost.parallel) * evaluateSize(cost.work, symbols);
}

function runsOn({ requires }: KernelVariant, device: DeviceAbilities): boolean {
  const { features = [], subgroupSize, subgroupMatrix, workgroupInvocations = 0, workgroupBytes = 0 } = requires;
  return (
    features.every((feature) => device.features.has(feature)) &&
    (subgroupSize === undefined || subgroupSize === device.subgroupSize) &&
    (subgroupMatrix === undefined || device.subgroupMatrices?.includes(subgroupMatrix) === true) &&
    workgroupInvocations <= device.limits.maxComputeInvocationsPerWorkgroup &&
    workgroupBytes <= device.limits.maxComputeWorkgroupStorageSize
  );
}

/** Throws `LimitExceededError`, `ShapeMismatchError` (a size that does not come out whole), `AdjointError` (another format). */
export function planRun(program: Program, symbols: SymbolSizes, device: DeviceAbilities): RunPlan {
  const where = program.name;
  const { limits } = device;
  if (program.format !== programFormat) {
    throw new AdjointError(`${where}: program format ${program.format} is not ${programFormat} (run \`adjoint build\` again)`);
  }
  const evaluate = (what: string, size: Size): number => {
    const value = evaluateSize(size, symbols);
    if (Number.isInteger(value) && value > 0) return value;
    const sizes = Object.entries(symbols).map(([symbol, bound]) => `${symbol}=${bound}`);
    throw new ShapeMismatchError(
      where,
      what,
      `${showSize(size)} to be a whole, positive number`,
      `${value} for ${sizes.join(', ')}`,
      'use other sizes',
    );
  };
  const limit = (what: string, name: CheckedLimit, needed: number, remedy: string) => {
    const available = limits[name];
    if (needed > available) throw new LimitExceededError(`${where}: ${what}`, name, needed, available, remedy);
  };

  for (const size of program.computedSizes ?? []) evaluate(`the axis of size ${showSize(size)}`, size);
  const byteLengths = program.buffers.map(({ label, elements, dtype }) => {
    const byteLength = storedBytes(evaluate(label, elements), dtype);
    for (const name of ['maxBufferSize', 'maxStorageBufferBindingSize'] as const) {
      limit(`buffer '${label}'`, name, byteLength, 'make the tensor smaller: a smaller batch, or split it');
    }
    return byteLength;
  });
  const kernels = program.kernels.map((kernel): KernelPlan => {
    const { label, bindings } = kernel;
    limit(
      `kernel '${label}': bindings`,
      'maxStorageBuffersPerShaderStage',
      bindings.length,
      'split the layer: it reads or writes too many tensors at once',
    );
    const variant = chooseVariant(kernel, device, symbols);
    const count = evaluate(label, variant.workgroups);
    const wgsl = expandKernel(variant.wgsl, symbols);
    return {
      label: `${where}: ${label}`,
      access: bindings.map(({ access }) => (access === 'read' ? 'r' : 'w')).join(''),
      wgsl,
      key: wgsl.replaceAll(/^\/\/.*\n/gm, ''),
      buffers: bindings.map(({ buffer }) => buffer),
      ...splitWorkgroups(count),
    };
  });
  const outputs = program.outputs.map(({ name, shape }) => {
    const sizes = shape.map((dim) => evaluate(name, sizeOf(dim)));
    return { label: `${where}: ${name}`, sizes, elements: elementCount(sizes) };
  });
  const written = new Set(
    program.kernels.flatMap(({ bindings }) => bindings.flatMap(({ buffer, access }) => (access === 'read' ? [] : buffer))),
  );
  return {
    byteLengths,
    labels: program.buffers.map(({ label }) => `${where}: ${label}`),
    outputs,
    kernels,
    order: dispatchOrder(program),
    written,
    leaving: program.outputs.map(({ buffer }) => buffer),
  };
}
