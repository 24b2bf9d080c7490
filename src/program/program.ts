/**
 * A program is what the compiler makes and the runtime runs: plain data, JSON without loss, the only thing that both know.
 *
 * Invariant: everything a run needs is here. Sizes that the inputs decide are expressions over `symbols`; a program
 * without symbols has literal constants only.
 */
import type { Dim, Size } from '../types/dim.ts';
import type { DType } from '../types/dtype.ts';

export const programFormat = 1;

/** What an element takes in a buffer: bool is stored as u32. */
export const bytesPerElement: { readonly [D in DType]: number } = { f32: 4, f16: 2, i32: 4, u32: 4, bool: 4 };

/** What the compiler makes and the runtime runs: kernels, bindings, a plan of buffers, sizes as expressions. Plain data. */
export interface Program {
  readonly format: typeof programFormat;
  /** For labels and messages: the layer's name. */
  readonly name: string;
  /** The symbolic axes; each stands in the shape of at least one input. */
  readonly symbols: readonly string[];
  /** Sizes that are quotients or differences: the runtime refuses a run where one is no whole, positive number. */
  readonly computedSizes?: readonly Size[];
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly buffers: readonly BufferPlan[];
  /** In execution order. One pass, one submit. */
  readonly kernels: readonly Kernel[];
  /** Ranges of kernels that run more than once; of two that nest, the inner one comes first. */
  readonly repeats?: readonly Repeat[];
}

/** As the compiler makes it, with what people and tests want to know; generated modules say it in comments. */
export interface DescribedProgram extends Program {
  readonly kernels: readonly DescribedKernel[];
  readonly statistics: Statistics;
}

/** A kernel, and what it computes and fuses, in words. */
export interface DescribedKernel extends Kernel {
  /** What the kernel computes, one line a value. */
  readonly summary: readonly string[];
  /** Of each binding, the bytes of the elements that are loaded and stored, each element once: no schedule of the kernel moves less. */
  readonly traffic: readonly BindingTraffic[];
}

/** In bytes. */
export interface BindingTraffic {
  readonly loads: Size;
  readonly stores: Size;
}

/** What a caller has to know of a program: it can be told before the program is compiled. */
export interface Signature {
  readonly name: string;
  readonly inputs: readonly NamedType[];
  readonly outputs: readonly NamedType[];
}

export interface NamedType {
  /** A path for messages: `x`, `p.w`, `y`. */
  readonly name: string;
  readonly shape: readonly Dim[];
  readonly dtype: DType;
}

/** A tensor that crosses the program's boundary. */
export interface Port extends NamedType {
  /** Index into `buffers`. No two outputs share a buffer; an output may have an input's, whose memory it then takes over. */
  readonly buffer: number;
}

/**
 * A buffer holds `elements` of `dtype`, each `bytesPerElement` wide, and then what is missing to a multiple of 4 bytes. Where kernels write to an input's buffer, the caller donates that input, or
 * the runtime runs the program on a copy.
 */
export interface BufferPlan {
  readonly label: string;
  readonly role: 'input' | 'output' | 'temporary';
  readonly elements: Size;
  readonly dtype: DType;
}

export interface Kernel {
  readonly label: string;
  /** In the order of `@group(0) @binding(i)`. */
  readonly bindings: readonly Binding[];
  /** The runtime takes the first one that the device can run, or, by cost, a later one that requires the same. The last one requires nothing but buffers. */
  readonly variants: readonly KernelVariant[];
}

/** The kernels from `first` to `last`, in order, and that `times` times. */
export interface Repeat {
  readonly first: number;
  readonly last: number;
  readonly times: number;
}

export interface Binding {
  readonly buffer: number;
  readonly access: 'read' | 'read_write';
}

export interface KernelVariant {
  readonly name: string;
  readonly requires: KernelRequirements;
  /**
   * WGSL with the entry point `main`, as `expandKernel` reads it: with lines that stand for many, and, if the program has symbols,
   * the line `symbolsMarker` in the place of their sizes.
   */
  readonly wgsl: string;
  /** Number of workgroups. The kernel reads its number as `workgroup_id.x + workgroup_id.y * num_workgroups.x` and returns when past the end. */
  readonly workgroups: Size;
  /** For people and tests, who have it from the compiler: generated modules leave it out. */
  readonly figures?: VariantFigures;
  /** Only where sizes decide. */
  readonly cost?: VariantCost;
  /** The stored choices by which the compiler took it; where every variant was asked for, the key under which a choice is to be stored. */
  readonly choiceKeys?: readonly string[];
}

/**
 * What a variant costs, as far as that is known before it runs. Loads are counted as if there were no caches, and with those that are
 * clamped. What runs once a row is in `bytes` and `flops` only.
 */
export interface VariantFigures {
  /** What loads are counted for: a multiply-add of its products, or an element that it goes over. */
  readonly per: 'multiply-add' | 'element';
  /** Elements that an invocation keeps in registers from turn to turn. */
  readonly accumulators: number;
  readonly workgroupBytes: number;
  /** Elements loaded: from the device's memory, and from the workgroup's. */
  readonly loads: number;
  readonly workgroupLoads: number;
  /** How often a workgroup waits for itself, from its start to its end; of workgroups that do different things, the most. */
  readonly barriers: Size;
  readonly flops: {
    /** Of products the sums of products alone: what they need. Of other kernels all that they compute. */
    readonly useful: Size;
    /** What is computed for that: with what lies past the end and what is computed again, without what a mask lets it leave out. */
    readonly issued: Size;
    /** Of products what is computed besides: factors, epilogues, rows. */
    readonly others: Size;
  };
  readonly bytes: {
    /** What all invocations load and store. */
    readonly moved: Size;
  };
}

/** Of several variants for one kind of device the runtime takes the one that costs least at the sizes at hand. */
export interface VariantCost {
  /** Of one workgroup; comparable within a kernel. */
  readonly work: Size;
  /** How many workgroups run side by side on a typical device of the kind. */
  readonly parallel: number;
}

export interface KernelRequirements {
  readonly features?: readonly GPUFeatureNameText[];
  /** The device's subgroups must have exactly this many lanes. */
  readonly subgroupSize?: number;
  /** The device must list this configuration of subgroup matrices: `f16 f32 16x16x16` for factors, sums, rows x columns x steps. */
  readonly subgroupMatrix?: string;
  /** Invocations in a workgroup, if above WebGPU's default limit of 256. */
  readonly workgroupInvocations?: number;
  /** Workgroup memory, if above WebGPU's default limit of 16,384 bytes. */
  readonly workgroupBytes?: number;
}

/** A WebGPU feature name; text, so that a program stays plain data. */
export type GPUFeatureNameText = string;

/** Figures known at compile time. */
export interface Statistics {
  readonly dispatches: number;
  /** How often the device has to wait for earlier kernels before it starts a later one. */
  readonly barriers: number;
  /** Floating-point operations that the mathematics needs (a multiply-add counts two). */
  readonly flops: Size;
  /** Bytes of what is read of inputs, once, and of outputs, written once. */
  readonly compulsoryBytes: Size;
  /** Bytes of temporaries, with storage shared, and without. */
  readonly temporaryBytes: Size;
  readonly temporaryBytesUnshared: Size;
  /** Bytes of all buffers of a run: inputs, outputs and temporaries; an input that an output replaces counts once. */
  readonly peakBytes: Size;
}

/** The line in a kernel's WGSL that the runtime replaces by the symbols' sizes. */
export const symbolsMarker = '// symbols';

/** The WGSL constant that stands for a symbolic axis. */
export function symbolConstant(symbol: string): string {
  return `size_${symbol.replace(/[^A-Za-z0-9_]/g, '_')}`;
}
