/** A report of `adjoint explain` for people: one block a function, one row a kernel. */
import type { ExplainedFile, ExplainedFunction } from '../codegen/explain.ts';
import type { ExplainedKernel, ExplainedProgram, Figure } from '../codegen/explainProgram.ts';

export function explainText(files: readonly ExplainedFile[]): string {
  return files.flatMap(({ source, functions }) => [source, ...functions.flatMap((one) => ['', ...functionLines(one)]), '']).join('\n');
}

function functionLines({ kind, signature, gradients, programs }: ExplainedFunction): readonly string[] {
  return [
    `${kind} ${signature}`,
    ...(gradients.length === 0 ? [] : [`  gradients  ${gradients.join('   ')}`]),
    ...programs.flatMap((program) => ['', ...programLines(program)]),
  ];
}

function programLines(program: ExplainedProgram): readonly string[] {
  const { title, dispatches, submits, barriers, flops, bytes, intensity, memory, kernels } = program;
  return [
    `  ${title}: ${count(dispatches, 'dispatch', 'dispatches')}, ${count(submits, 'submit')}, ${count(barriers, 'barrier')}`,
    ...kernels.flatMap(kernelLines),
    `    ${amount(flops, 'FLOP')}; ${byteText(bytes.moved)} moved, at least ${byteText(bytes.leastPossible)}${ratio(bytes.moved, bytes.leastPossible)}${intensity === undefined ? '' : `; ${rounded(intensity)} FLOP a byte`}`,
    `    memory: inputs ${byteText(memory.inputs)}, outputs ${byteText(memory.outputs)}, temporaries ${byteText(memory.temporaries)} (${byteText(memory.temporariesWithoutReuse)} without reuse); peak ${byteText(memory.peak)} (${byteText(memory.peakWithoutReuse)} without reuse)`,
  ];
}

function kernelLines({ label, fuses, reads, writes, bytes, variants }: ExplainedKernel, index: number): readonly string[] {
  return [
    `    ${index + 1}. ${label}: ${reads.length === 0 ? '' : `${reads.join(', ')} `}-> ${writes.join(', ')}; ${byteText(bytes)}; ${variants.join(', ')}`,
    ...fuses.map((line) => `         ${line}`),
  ];
}

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
