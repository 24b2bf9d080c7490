/** A report of `adjoint explain` for people: one block a function, one row a kernel. */
import type { ExplainedFile, ExplainedFunction, ExplainedModule } from '../codegen/explain.ts';
import type { ExplainedKernel, ExplainedProgram, ExplainedVariant, Figure } from '../codegen/explainProgram.ts';

export function explainText(files: readonly ExplainedFile[]): string {
  return files
    .flatMap(({ source, module, functions }) => [
      source,
      ...moduleLines(module),
      ...functions.flatMap((one) => ['', ...functionLines(one)]),
      '',
    ])
    .join('\n');
}

/** What a reader would not expect: that the module beside the source is another one, or that not the cost model alone chose its tiles. */
function moduleLines(module: ExplainedModule | undefined): readonly string[] {
  if (module === undefined) return [];
  const { file, status, tunedOn } = module;
  return [
    ...(status === 'stale' ? [`  ${file} is stale: what follows is what adjoint build would write`] : []),
    ...(tunedOn === undefined ? [] : [`  tuned on ${tunedOn}: what is marked so was measured there, the rest is the cost model's choice`]),
  ];
}

const lineWidth = 120;

function functionLines(explained: ExplainedFunction): readonly string[] {
  return [...signatureLines(explained), ...explained.programs.flatMap((program) => ['', ...programLines(program)])];
}

/** On a line where it fits on one; else a line a parameter, and of gradients, which have their parameters' types, the paths. */
function signatureLines({ kind, name, signature, parameters, results, gradients }: ExplainedFunction): readonly string[] {
  const lines = [`${kind} ${signature}`, ...(gradients.length === 0 ? [] : [`  gradients  ${gradients.join('   ')}`])];
  if (lines.every((line) => line.length <= lineWidth)) return lines;
  const paths = gradients.map((gradient) => gradient.replace(/: .*/, ''));
  return [
    `${kind} ${name}`,
    ...parameters.map((line) => `  ${line}`),
    ...results.map((line) => `  -> ${line}`),
    ...(paths.length === 0 ? [] : wrapped('  gradients of ', paths)),
  ];
}

/** Words after a head, as many a line as fit. */
function wrapped(head: string, words: readonly string[]): readonly string[] {
  const lines: string[] = [];
  let line = head;
  for (const [index, word] of words.entries()) {
    const text = index === words.length - 1 ? word : `${word}, `;
    if (line.length + text.length > lineWidth) {
      lines.push(line.trimEnd());
      line = ' '.repeat(head.length);
    }
    line += text;
  }
  return [...lines, line];
}

function programLines(program: ExplainedProgram): readonly string[] {
  const { title, dispatches, submits, barriers, flops, flopsIssued, bytes, intensity, memory, kernels, loops } = program;
  const looped = loops.map(({ steps }) => `, loop of ${steps} steps`).join('');
  return [
    `  ${title}: ${count(dispatches, 'dispatch', 'dispatches')}${looped}, ${count(submits, 'submit')}, ${count(barriers, 'barrier')}`,
    ...kernels.flatMap(kernelLines),
    `    ${amount(flops, 'FLOP')}${typeof flopsIssued === 'string' || flopsIssued === flops ? '' : `, ${amount(flopsIssued, 'FLOP')} issued`}; ${byteText(bytes.moved)} moved, at least ${byteText(bytes.leastPossible)}${ratio(bytes.moved, bytes.leastPossible)}${intensity === undefined ? '' : `; ${rounded(intensity)} FLOP a byte`}`,
    `    memory: inputs ${byteText(memory.inputs)}, outputs ${byteText(memory.outputs)}, temporaries ${byteText(memory.temporaries)} (${byteText(memory.temporariesWithoutReuse)} without reuse); peak ${byteText(memory.peak)} (${byteText(memory.peakWithoutReuse)} without reuse)`,
  ];
}

function kernelLines(kernel: ExplainedKernel, index: number): readonly string[] {
  const { label, loopHeads, times, fuses, reads, writes, bytes, variants } = kernel;
  return [
    ...loopHeads.map((line) => `    ${line}`),
    `    ${index + 1}. ${label}${times > 1 ? `, ${times} times` : ''}: ${reads.length === 0 ? '' : `${reads.join(', ')} `}-> ${writes.join(', ')}; ${byteText(bytes)}${variants.some(isTold) ? '' : `; ${variants.map(nameOf).join(', ')}`}`,
    ...fuses.map((line) => `         ${line}`),
    ...variants.flatMap((variant) => [...tileLine(variant), ...wgslLines(variant)]),
  ];
}

const nameOf = ({ name, choices }: ExplainedVariant): string => (choices === undefined ? name : `${name} (tuned)`);

const wgslLines = ({ name, wgsl }: ExplainedVariant): readonly string[] =>
  wgsl === undefined ? [] : ['', `// ${name}`, ...wgsl.trimEnd().split('\n'), ''];

/** A map's figures say nothing that its bytes do not. */
const isTold = ({ figures }: ExplainedVariant): boolean => figures.per === 'multiply-add' || figures.accumulators > 0;

/** `quadSwap 32x16: 64 accumulators, 0.0938 loads a multiply-add, 1.2 MB moved; 52% useful` */
function tileLine(variant: ExplainedVariant): readonly string[] {
  if (!isTold(variant)) return [];
  const { per, accumulators, workgroupBytes, loads, workgroupLoads, barriers, flops, bytes } = variant.figures;
  const ofProduct = per === 'multiply-add';
  const waits = barriers === 0 ? '' : `, ${typeof barriers === 'number' ? count(barriers, 'barrier') : `${barriers} barriers`}`;
  const shared = workgroupBytes === 0 ? '' : ` and ${rounded(workgroupLoads)} of ${byteText(workgroupBytes)} in the workgroup${waits}`;
  const { useful, issued } = flops;
  const moved = typeof bytes.moved === 'number' ? `, ${byteText(bytes.moved)} moved` : '';
  const part = typeof useful === 'number' && typeof issued === 'number' && useful !== issued ? `, ${usefulText(useful, issued)}` : '';
  return [
    `         ${nameOf(variant)}: ${count(accumulators, 'accumulator')}, ${rounded(loads)} loads ${ofProduct ? 'a multiply-add' : 'an element'}${shared}${moved}${part}`,
  ];
}

const usefulText = (useful: number, issued: number): string =>
  useful <= issued ? `${rounded((100 * useful) / issued)}% useful` : `${rounded((100 * issued) / useful)}% computed`;

const count = (amount: number, one: string, many = `${one}s`): string => `${amount === 0 ? 'no' : amount} ${amount === 1 ? one : many}`;

const units = ['', 'k', 'M', 'G', 'T'] as const;

/** `1.2 MFLOP`; an expression as it is. */
function amount(figure: Figure, unit: string): string {
  if (typeof figure === 'string') return `${figure} ${unit}`;
  const power = figure < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(figure) / 3));
  return `${rounded(figure / 1000 ** power)} ${units[power]}${unit}`;
}

const byteText = (figure: Figure): string => amount(figure, 'B');
const rounded = (figure: number): string => `${Number(figure.toPrecision(3))}`;
const ratio = (moved: Figure, least: Figure): string =>
  typeof moved === 'number' && typeof least === 'number' && least > 0 ? ` (${rounded(moved / least)}x)` : '';
