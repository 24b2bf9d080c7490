/**
 * What kernels do, counted as they run: an independent count to hold figures against. The text of each kernel is changed so that it
 * counts the bytes that it loads and stores, which elements of each buffer those are, what it reads of its workgroup's memory, how
 * often it waits and what it multiplies.
 *
 * Invariant: nothing here knows what figures say; of halves, which have accessors of their own, nothing is counted.
 */
import { dispatchOrder } from '../../program/dispatchOrder.ts';
import { expandKernel } from '../../program/kernelText.ts';
import type { Kernel, KernelVariant, Program } from '../../program/program.ts';
import { evaluateSize } from '../../types/size.ts';
import { at } from '../at.ts';

export interface Counted {
  /** Bytes that all invocations load and store. */
  readonly moved: number;
  /** Bytes of the elements that are loaded at all, and of those that are stored. */
  readonly touched: number;
  /** Elements that all invocations load, and that they read of their workgroup's memory. */
  readonly loads: number;
  readonly workgroupLoads: number;
  /** How often an invocation waits: the most of all. */
  readonly barriers: number;
  readonly multiplyAdds: number;
  /** Bytes that the text declares for a workgroup. */
  readonly workgroupBytes: number;
}

const usage = { mapRead: 1, copySource: 4, copyDestination: 8, storage: 128 } as const;
const counters = ['moved', 'loads', 'workgroupLoads', 'barriers', 'multiplyAdds'] as const;
const arrays = { f32: Float32Array, f16: Float32Array, i32: Int32Array, u32: Uint32Array, bool: Uint32Array } as const;
const elementBytes = 4;

/** Of each kernel, in the program's order, all its runs together. `variantOf`: which variant of a kernel runs. */
export async function countedRun(
  device: GPUDevice,
  program: Program,
  inputs: readonly ArrayLike<number>[],
  variantOf: (kernel: Kernel) => KernelVariant,
  symbols: Readonly<Record<string, number>> = {},
): Promise<readonly Counted[]> {
  device.pushErrorScope('validation');
  const storage = usage.storage | usage.copyDestination | usage.copySource;
  const lengths = program.buffers.map(({ elements }) => evaluateSize(elements, symbols));
  const buffers = lengths.map((length) => device.createBuffer({ size: length * elementBytes, usage: storage }));
  for (const [i, { buffer, dtype }] of program.inputs.entries())
    device.queue.writeBuffer(at(buffers, buffer), 0, arrays[dtype].from(at(inputs, i)));
  const kernels = await Promise.all(
    program.kernels.map(async (kernel) => {
      const variant = variantOf(kernel);
      const sizes = kernel.bindings.map(({ buffer }) => at(lengths, buffer));
      const code = countingText(expandKernel(variant.wgsl, symbols), sizes);
      const module = device.createShaderModule({ code });
      const { messages } = await module.getCompilationInfo();
      const errors = messages.filter(({ type }) => type === 'error');
      if (errors.length > 0) throw new Error(`${errors.map(({ lineNum, message }) => `${lineNum}: ${message}`).join('\n')}\n${code}`);
      const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint: 'main' } });
      const counts = device.createBuffer({ size: 4 * counters.length, usage: storage });
      const touched = device.createBuffer({ size: 2 * elementBytes * sizes.reduce((sum, size) => sum + size, 0), usage: storage });
      return { kernel, variant, code, pipeline, counts, touched };
    }),
  );
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  for (const i of dispatchOrder(program)) {
    const { kernel, variant, pipeline, counts, touched } = at(kernels, i);
    const entries = kernel.bindings.map(({ buffer }, binding) => ({ binding, resource: { buffer: at(buffers, buffer) } }));
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    const counting = [counts, touched].map((buffer, binding) => ({ binding, resource: { buffer } }));
    pass.setBindGroup(1, device.createBindGroup({ layout: pipeline.getBindGroupLayout(1), entries: counting }));
    const count = evaluateSize(variant.workgroups, symbols);
    pass.dispatchWorkgroups(Math.min(count, 65_535), Math.ceil(count / 65_535));
  }
  pass.end();
  const read = async (buffer: GPUBuffer): Promise<Uint32Array> => {
    const readback = device.createBuffer({ size: buffer.size, usage: usage.mapRead | usage.copyDestination });
    const copy = device.createCommandEncoder();
    copy.copyBufferToBuffer(buffer, 0, readback, 0, buffer.size);
    device.queue.submit([copy.finish()]);
    await readback.mapAsync(1);
    const words = new Uint32Array(readback.getMappedRange().slice(0));
    readback.destroy();
    return words;
  };
  device.queue.submit([encoder.finish()]);
  const error = await device.popErrorScope();
  if (error !== null) throw new Error(error.message);
  const counted = await Promise.all(
    kernels.map(async ({ code, counts, touched }): Promise<Counted> => {
      const words = await read(counts);
      const of = (counter: (typeof counters)[number]): number => words[counters.indexOf(counter)] ?? 0;
      return {
        moved: of('moved'),
        touched: elementBytes * (await read(touched)).reduce((sum, word) => sum + word, 0),
        loads: of('loads'),
        workgroupLoads: of('workgroupLoads'),
        barriers: of('barriers'),
        multiplyAdds: of('multiplyAdds'),
        workgroupBytes: declaredBytes(code),
      };
    }),
  );
  for (const buffer of [...buffers, ...kernels.flatMap(({ counts, touched }) => [counts, touched])]) buffer.destroy();
  return counted;
}

/** Elements of a `vec4<f32>` or an `array<f32, 16>`. */
const wordsOf = (type: string): number =>
  Number(
    /^vec(\d)|^array<\w+, (\d+)>/
      .exec(type)
      ?.slice(1)
      .find((count) => count !== undefined) ?? 1,
  );

/** Of `var<workgroup> tile: array<vec4<f32>, 256>;`; lengths are numbers or products of numbers. */
export function declaredBytes(code: string): number {
  return [...code.matchAll(/var<workgroup> \w+: array<(\w+(?:<\w+>)?), ([^>]+)>;/g)].reduce((bytes, [, type = '', length = '']) => {
    const count = length.split('*').reduce((product, factor) => product * Number.parseInt(factor, 10), 1);
    return bytes + elementBytes * wordsOf(type) * count;
  }, 0);
}

/** `sizes`: the elements of each binding. */
function countingText(code: string, sizes: readonly number[]): string {
  const add = (counter: (typeof counters)[number], amount: number | string): string =>
    `atomicAdd(&counted[${counters.indexOf(counter)}], ${amount}u);`;
  const functions: string[] = [];
  const all = sizes.reduce((sum, size) => sum + size, 0);
  let text = code;
  for (const [, binding = '', name = '', type = ''] of code.matchAll(
    /@binding\((\d+)\) var<storage, \w+> (\w+): array<(array<\w+, \d+>|\w+(?:<\w+>)?),.*;$/gm,
  )) {
    const words = wordsOf(type);
    const from = sizes.slice(0, Number(binding)).reduce((sum, size) => sum + size, 0);
    const body = (counts: string, first: number): string => {
      const touch = Array.from({ length: words }, (_, word) => `touched[${first}u + i * ${words}u + ${word}u] = 1u;`);
      return `(i: u32) -> u32 { ${counts} ${touch.join(' ')} return i; }`;
    };
    functions.push(`fn counts_load_${name}${body(add('moved', elementBytes * words) + add('loads', words), from)}`);
    functions.push(`fn counts_store_${name}${body(add('moved', elementBytes * words), all + from)}`);
    text = countingAccesses(text, name, (isLoad, index) => `counts_${isLoad ? 'load' : 'store'}_${name}(${index})`);
  }
  for (const [, name = '', type = ''] of code.matchAll(/var<workgroup> (\w+): array<(\w+(?:<\w+>)?),/g)) {
    functions.push(`fn counts_${name}(i: u32) -> u32 { ${add('workgroupLoads', wordsOf(type))} return i; }`);
    text = countingAccesses(text, name, (isLoad, index) => (isLoad ? `counts_${name}(${index})` : index));
  }
  text = text
    .replaceAll('workgroupBarrier();', `waited++; atomicMax(&counted[${counters.indexOf('barriers')}], waited); workgroupBarrier();`)
    .replace(/^( *)(s\w+ (?:\+= .* \* .*|= fma\((vec4)?.*\));)$/gm, (_, space: string, line: string, vector: string | undefined) => {
      return `${space}${add('multiplyAdds', vector === undefined ? 1 : 4)} ${line}`;
    });
  const [head, rest] = splitHead(text);
  return [
    head,
    `@group(1) @binding(0) var<storage, read_write> counted: array<atomic<u32>, ${counters.length}>;`,
    `@group(1) @binding(1) var<storage, read_write> touched: array<u32, ${2 * all}>;`,
    'var<private> waited: u32;',
    ...functions,
    rest,
  ].join('\n');
}

/** Comments and enables stand first. */
function splitHead(text: string): readonly [string, string] {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => !/^(\/\/|enable |diagnostic)/.test(line));
  return [lines.slice(0, first).join('\n'), lines.slice(first).join('\n')];
}

/** Each `name[index]`, with another index. */
function countingAccesses(text: string, name: string, counting: (isLoad: boolean, index: string) => string): string {
  const begins = new RegExp(`\\b${name}\\[`, 'g');
  let done = '';
  let rest = text;
  for (let found = begins.exec(rest); found !== null; found = begins.exec(rest)) {
    const start = found.index + found[0].length;
    let end = start;
    for (let depth = 1; depth > 0; end++) depth += rest[end] === '[' ? 1 : rest[end] === ']' ? -1 : 0;
    const isLoad = !/^ = /.test(rest.slice(end));
    const inner = countingAccesses(rest.slice(start, end - 1), name, counting);
    done += `${rest.slice(0, start)}${counting(isLoad, inner)}]`;
    rest = rest.slice(end);
    begins.lastIndex = 0;
  }
  return done + rest;
}
