/**
 * What a program does, in figures that are known before anything runs: for people, for machines, and for tests that a noisy clock
 * cannot disturb.
 *
 * Invariant: everything is taken from the program itself, so it cannot differ from what runs. A figure is a number where its sizes
 * are known, else the expression as text.
 */
import { dispatchOrder } from '../program/dispatchOrder.ts';
import { expandKernel } from '../program/kernelText.ts';
import type { BufferPlan, DescribedKernel, DescribedProgram, Kernel, KernelVariant, Port, VariantFigures } from '../program/program.ts';
import { sizeText } from '../types/arithmetic/substituteSizes.ts';
import { type Size, sizeOf } from '../types/dim.ts';
import { addSizes, divideSizes, knownSize, multiplySizes, showSize } from '../types/size.ts';
import { bytesOf } from './4-plan/statistics.ts';
import { at } from './at.ts';
import { loopHeads } from './loopHeads.ts';

/** A number, or an expression over axes whose sizes are not given. */
export type Figure = number | string;

export interface ExplainedProgram {
  readonly title: string;
  readonly dispatches: number;
  readonly submits: number;
  /** How often a dispatch has to wait for those before it: where it reads what one wrote, or writes what one used. */
  readonly barriers: number;
  /** What the mathematics needs; a multiply-add counts two. */
  readonly flops: Figure;
  /** What kernels compute, what lies past the end of tiles and what is computed again included, on a device that has what every device has. */
  readonly flopsIssued: Figure;
  readonly bytes: {
    /** What kernels load and store, each element once for each time that a kernel runs. */
    readonly moved: Figure;
    /** What is read of inputs, once, and outputs written once: no program of these kernels moves less. */
    readonly leastPossible: Figure;
  };
  /** Arithmetic intensity: FLOPs for each byte moved. Undefined where sizes are not given, or nothing is moved. */
  readonly intensity: number | undefined;
  readonly memory: {
    readonly inputs: Figure;
    readonly outputs: Figure;
    readonly temporaries: Figure;
    readonly temporariesWithoutReuse: Figure;
    readonly peak: Figure;
    readonly peakWithoutReuse: Figure;
  };
  readonly kernels: readonly ExplainedKernel[];
  /** Ranges of `kernels` that run once a step; of two that nest, the inner one comes first. */
  readonly loops: readonly ExplainedLoop[];
}

export interface ExplainedLoop {
  readonly first: number;
  readonly last: number;
  readonly steps: number;
}

export interface ExplainedKernel {
  readonly label: string;
  /** `loop of 32 steps: kernels 2 to 5`, where one begins. */
  readonly loopHeads: readonly string[];
  /** How often it runs: more than once in a loop. */
  readonly times: number;
  /** One line a value that it computes, with its shape and source line. */
  readonly fuses: readonly string[];
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly bytes: Figure;
  readonly variants: readonly ExplainedVariant[];
}

/** A variant of a kernel, with what it costs. */
export interface ExplainedVariant {
  readonly name: string;
  /** As the device compiles it, where it was asked for; without the sizes of symbolic axes that were not given. */
  readonly wgsl?: string;
  /** The stored choices by which it was taken; without them it is the cost model's. */
  readonly choices?: readonly string[];
  readonly figures: Omit<VariantFigures, 'flops' | 'bytes' | 'barriers'> & {
    readonly barriers: Figure;
    readonly flops: { readonly useful: Figure; readonly issued: Figure; readonly others: Figure };
    /** What invocations move, as if there were no caches, and every element once. */
    readonly bytes: { readonly moved: Figure; readonly compulsory: Figure };
  };
}

export type Sizes = Readonly<Record<string, number>>;

export function explainProgram(title: string, program: DescribedProgram, sizes: Sizes = {}, withWgsl = false): ExplainedProgram {
  const figure = (size: Size): Figure => knownSize(size, sizes) ?? sizeText(size) ?? showSize(size);
  const { statistics, buffers } = program;
  const sum = (terms: readonly Size[]): Size => terms.filter((term) => term !== 0).reduce(addSizes, 0);
  const bytesOfPorts = (ports: readonly Port[]): Size =>
    bytesOf(ports.map(({ shape, dtype }) => ({ elements: multiplySizes(...shape.map(sizeOf)), dtype })));
  const [inputs, outputs] = [bytesOfPorts(program.inputs), bytesOfPorts(program.outputs)];
  const bytesOfKernel = ({ traffic }: DescribedKernel): Size => sum(traffic.flatMap(({ loads, stores }) => [loads, stores]));
  const order = dispatchOrder(program);
  const times = program.kernels.map((_, i) => order.filter((kernel) => kernel === i).length);
  const explainVariant = ({ name, wgsl, choiceKeys = [], ...variant }: KernelVariant, kernel: DescribedKernel): ExplainedVariant => {
    const { flops, bytes, barriers, ...figures } = figuresOf(variant, kernel);
    return {
      name,
      ...(withWgsl ? { wgsl: expandKernel(wgsl, sizes) } : {}),
      ...(choiceKeys.length > 0 ? { choices: choiceKeys } : {}),
      figures: {
        ...figures,
        barriers: figure(barriers),
        flops: { useful: figure(flops.useful), issued: figure(flops.issued), others: figure(flops.others) },
        bytes: { moved: figure(bytes.moved), compulsory: figure(bytesOfKernel(kernel)) },
      },
    };
  };
  const issued = program.kernels.map((kernel, i) => {
    const [last = {}] = kernel.variants.slice(-1);
    const { flops } = figuresOf(last, kernel);
    return multiplySizes(at(times, i), sum([flops.issued, flops.others]));
  });
  const given = new Set(buffers.filter(({ role }) => role === 'input').map(({ label }) => label));
  // A step's results have the names of what it is given, and their memory may serve others first.
  const nameOf = ({ label, role }: BufferPlan): string => (role !== 'input' && given.has(label) ? `${label} (result)` : label);
  const kernels = program.kernels.map((kernel, i): ExplainedKernel => {
    const named = (access: 'read' | 'read_write'): readonly string[] =>
      kernel.bindings.filter((binding) => binding.access === access).map(({ buffer }) => nameOf(at(buffers, buffer)));
    return {
      label: kernel.label,
      loopHeads: loopHeads(program, i),
      times: at(times, i),
      fuses: kernel.summary,
      reads: named('read'),
      writes: named('read_write'),
      bytes: figure(bytesOfKernel(kernel)),
      variants: kernel.variants.map((variant) => explainVariant(variant, kernel)),
    };
  });
  const moved = sum(program.kernels.map((kernel, i) => multiplySizes(at(times, i), bytesOfKernel(kernel))));
  return {
    title,
    dispatches: statistics.dispatches,
    submits: 1,
    barriers: statistics.barriers,
    flops: figure(statistics.flops),
    flopsIssued: figure(sum(issued)),
    bytes: { moved: figure(moved), leastPossible: figure(statistics.compulsoryBytes) },
    intensity: moved === 0 ? undefined : knownSize(divideSizes(statistics.flops, moved), sizes),
    memory: {
      inputs: figure(inputs),
      outputs: figure(outputs),
      temporaries: figure(statistics.temporaryBytes),
      temporariesWithoutReuse: figure(statistics.temporaryBytesUnshared),
      peak: figure(statistics.peakBytes),
      peakWithoutReuse: figure(sum([inputs, outputs, statistics.temporaryBytesUnshared])),
    },
    kernels,
    loops: (program.repeats ?? []).map(({ first, last, times: steps }) => ({ first, last, steps })),
  };
}

function figuresOf({ figures }: Pick<KernelVariant, 'figures'>, { label }: Kernel): VariantFigures {
  if (figures === undefined) throw new Error(`internal: ${label} has no figures (only compiled programs have, not those of modules)`);
  return figures;
}
