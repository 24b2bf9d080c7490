/** Fused graphs as text, for tests and `explain`. Tensors are `t0`, `t1`, …; results are `v1`, `v2`, … within their kernel. */
import { showType } from '../../graph/print.ts';
import { at } from '../at.ts';
import { indexKey } from './indexing.ts';
import type {
  Accumulator,
  ChainKernel,
  ChainStep,
  ContractKernel,
  ContractOperand,
  FusedGraph,
  FusedKernel,
  Instruction,
  LoopKernel,
  RepeatKernel,
  ScatterKernel,
} from './kernel.ts';
import { maskKey } from './masks.ts';
import { productKey } from './product.ts';

export function printFused(graph: FusedGraph): string {
  const tensors = graph.tensors.map((value, i) => {
    const role = graph.inputs.includes(i) ? ' input' : graph.outputs.includes(i) ? ' output' : '';
    return `t${i}: ${showType(value)}${role}`;
  });
  return [...tensors, ...graph.kernels.map(printKernel)].join('\n');
}

export function printKernel(kernel: FusedKernel): string {
  const { body } = kernel;
  if (body.kind === 'scatter') return scatterLines(body).join('\n');
  if (body.kind === 'repeat') return repeatLines(body).join('\n');
  return (body.kind === 'loop' ? loopLines(body) : body.kind === 'chain' ? chainLines(body) : contractLines(body)).join('\n');
}

function loopLines({ rows, reduced, steps }: LoopKernel): readonly string[] {
  const header = reduced === undefined ? `map i < ${productKey(rows)}` : `rows i < ${productKey(rows)}, r < ${productKey(reduced)}`;
  const lines = steps.flatMap((step) =>
    step.kind === 'row'
      ? step.body.map(line)
      : ['for r', ...step.body.map((one) => `  ${line(one)}`), ...step.accumulators.map((one) => `  ${accumulatorLine(one)}`)],
  );
  return [header, ...lines.map((text) => `  ${text}`)];
}

function contractLines(kernel: ContractKernel): readonly string[] {
  const sizes = [kernel.batch, kernel.m, kernel.n, kernel.k].map(productKey);
  return [
    `contract b < ${sizes[0]}, m < ${sizes[1]}, n < ${sizes[2]}, k < ${sizes[3]}`,
    ...[kernel.left, kernel.right].flatMap(operandLines),
    `  v${kernel.accumulator} = sum over k of ${operandText(kernel.left)} * ${operandText(kernel.right)}`,
    ...kernel.epilogue.map((one) => `  ${line(one)}`),
    ...kernel.rides.flatMap((ride) => [
      `  v${ride.result} = sum over k of ${operandText(ride.side === 'left' ? kernel.left : kernel.right)}`,
      ...ride.body.map((one) => `  ${line(one)}`),
    ]),
    ...(kernel.rowEpilogue === undefined ? [] : ['then', ...loopLines(kernel.rowEpilogue).map((text) => `  ${text}`)]),
    ...(kernel.aside === undefined ? [] : ['aside', ...loopLines(kernel.aside).map((text) => `  ${text}`)]),
  ];
}

function repeatLines({ count, reverse, index, carries, tensors, step }: RepeatKernel): readonly string[] {
  const moved = carries.map(({ from, at, next }) => `  t${at} from t${from}${next === at ? ' in place' : `, next t${next}`}`);
  const kernels = step.program.kernels.map(({ label, bindings }) => {
    const bound = (access: string): string =>
      bindings.flatMap((one) => (one.access === access ? [`t${tensors[one.buffer]}`] : [])).join(', ');
    return `  ${label}: ${bound('read')} -> ${bound('read_write')}`;
  });
  return [`repeat ${count} times${reverse ? ' reversed' : ''}, index t${index}`, ...moved, ...kernels];
}

function scatterLines(kernel: ScatterKernel): readonly string[] {
  const sizes = [kernel.batch, kernel.m, kernel.n, kernel.k].map(productKey);
  return [
    `scatter${kernel.sorted ? ' sorted' : ''} b < ${sizes[0]}, m < ${sizes[1]}, n < ${sizes[2]}, k < ${sizes[3]}`,
    ...[...kernel.index.body, ...kernel.update.body].map((one) => `  ${line(one)}`),
    `  v${kernel.sum} = sum over k of v${kernel.update.result} where v${kernel.index.result} = m`,
    ...kernel.epilogue.map((one) => `  ${line(one)}`),
  ];
}

function chainLines({ batch, rows, columns, products, steps, outer }: ChainKernel): readonly string[] {
  const stepLines = (step: ChainStep): readonly string[] =>
    step.kind === 'row'
      ? step.body.map(line)
      : [
          'for k',
          ...step.products.map(({ number, result }) => `  v${result} = product ${number} at m, k`),
          ...step.body.map((one) => `  ${line(one)}`),
          ...step.accumulators.map((one) => `  ${accumulatorLine(one)}`),
        ];
  const productLines = products.flatMap(({ left, right, depth }, number) => [
    ...[left, right].flatMap(operandLines),
    `  product ${number} = sum over k < ${productKey(depth)} of ${operandText(left)} * ${operandText(right)}`,
  ]);
  return [
    `chain b < ${productKey(batch)}, m < ${productKey(rows)}, k < ${productKey(columns)}`,
    ...productLines,
    ...steps.flatMap(stepLines).map((text) => `  ${text}`),
    ...(outer === undefined
      ? []
      : [
          ...stepLines(outer.step).map((text) => `  ${text}`),
          ...operandLines(outer.right),
          `  v${outer.accumulator} = sum over k of v${outer.weight} * ${operandText(outer.right)}, n < ${productKey(outer.n)}`,
          ...outer.epilogue.map((one) => `  ${line(one)}`),
        ]),
  ];
}

function operandText(operand: ContractOperand): string {
  const [only, ...others] = operand.body;
  if (others.length === 0 && only?.kind === 'load') return `t${only.tensor}[${indexKey(only.index)}]`;
  return others.length === 0 && only?.kind === 'constant' ? `${only.value}` : `v${operand.result}`;
}

function operandLines(operand: ContractOperand): readonly string[] {
  return operandText(operand) === `v${operand.result}` ? operand.body.map((one) => `  ${line(one)}`) : [];
}

function accumulatorLine({ result, operation, operand }: Accumulator): string {
  return `v${result} = ${operation} of v${operand}`;
}

function line(instruction: Instruction): string {
  if (instruction.kind === 'store') return `t${instruction.tensor}[${indexKey(instruction.index)}] = v${instruction.operand}`;
  const name = `v${instruction.result}`;
  if (instruction.kind === 'mask') return `${name} = v${instruction.operand} where ${maskKey(instruction)}`;
  if (instruction.kind === 'nearest') return `${name} = v${instruction.operand} nearest below ${productKey(instruction.size)}`;
  if (instruction.kind === 'load') return `${name} = t${instruction.tensor}[${indexKey(instruction.index)}]`;
  if (instruction.kind === 'constant') return `${name} = ${instruction.value}`;
  if (instruction.kind === 'position') return `${name} = ${indexKey(instruction.index)}`;
  const operands = instruction.operands.map((operand) => `v${operand}`).join(', ');
  return `${name} = ${instruction.primitive}${[instruction.direction ?? instruction.word ?? []].flat().map((which) => ` ${which}`)} ${operands}`;
}

/** The label of a kernel: its anchor, and how much else it computes. */
export function kernelLabel(graph: FusedGraph, kernel: FusedKernel): string {
  const stored = kernel.stores.map((tensor) => at(graph.tensors, tensor).primitive);
  const anchor = kernel.body.kind !== 'loop' ? kernel.body.kind : kernel.body.reduced === undefined ? 'map' : 'rows';
  return `${anchor} ${stored.join(', ')}`;
}
