/**
 * How a contract's kernel gets the elements of its factors. A load, masked or not, stands in the loop, with what is known
 * before the loop, and what only moves with `k`, taken out of its indices; anything else is a function that the loop calls.
 */
import { type Index, indexKey, type Term, variablesOf } from '../3-fuse/indexing.ts';
import type { ContractKernel, ContractOperand } from '../3-fuse/kernel.ts';
import { indent, type KernelContext, loadText, maskText, statement } from './kernelText.ts';
import { computedType, indexText, literalText, resultName } from './wgslText.ts';

export interface OperandLoads {
  /** Before the kernel's entry point, before the loop, and at the start of each turn. */
  readonly functions: readonly string[];
  readonly before: readonly string[];
  readonly step: readonly string[];
  /** The element of row or column number `i` of this lane. */
  readonly load: (i: number) => string;
  readonly isConstant: boolean;
}

type Side = 'left' | 'right';

/** `count` rows or columns a lane. */
export function operandLoads(
  operand: ContractOperand,
  side: Side,
  count: number,
  kernel: ContractKernel,
  context: KernelContext,
): OperandLoads {
  const own = side === 'left' ? 'm' : 'n';
  const [first, ...masks] = operand.body;
  const none = { functions: [], before: [], step: [], isConstant: false };
  if (first?.kind === 'constant' && masks.length === 0) {
    return { ...none, load: () => literalText(first.value, kernel.dtype), isConstant: true };
  }
  const areMasks = masks.every((one) => one.kind === 'mask');
  if (first?.kind !== 'load' || !areMasks) {
    const name = `load_${side}`;
    const statements = operand.body.map((one) => statement(one, context, (variable) => variable));
    const functions = [
      `fn ${name}(b: u32, ${own}: u32, k: u32) -> ${computedType(kernel.dtype)} {`,
      ...indent([...statements, `return ${resultName(operand.result)};`]),
      '}',
    ];
    return { ...none, functions, load: (i) => `${name}(b, ${own}${i}, k)` };
  }
  const parts = makeParts(side, own, count);
  const load = (i: number): string =>
    masks.reduce(
      (text, mask) => (mask.kind === 'mask' ? maskText(mask, text, (index) => parts.text(index, i)) : text),
      loadText(context.nameOf(first.tensor), parts.text(first.index, i), kernel.dtype),
    );
  for (let i = 0; i < count; i++) load(i); // so that all parts are known
  return { ...none, load, before: parts.before, step: parts.step };
}

interface Parts {
  readonly before: string[];
  readonly step: string[];
  readonly text: (index: Index, i: number) => string;
}

/** Takes out of indices, and of the indices within them, the terms without `k` and those with `k` alone. */
function makeParts(side: Side, own: string, count: number): Parts {
  const [starts, steps] = [new Map<string, number>(), new Map<string, number>()];
  const [before, step]: [string[], string[]] = [[], []];
  const at = (i: number) => (name: string) => (name === own ? `${own}${i}` : name);
  const numbered = (name: string, number: number): string => (number === 0 ? name : `${name}_${number}`);
  const known = (numbers: Map<string, number>, index: Index, declare: (number: number) => void): number => {
    const key = indexKey(index);
    const number = numbers.get(key) ?? numbers.size;
    if (!numbers.has(key)) {
      numbers.set(key, number);
      declare(number);
    }
    return number;
  };
  const startName = (index: Index, i: number): string => {
    const number = known(starts, index, (fresh) => {
      for (let row = 0; row < count; row++) before.push(`let ${numbered(`${side}Start${row}`, fresh)} = ${indexText(index, at(row))};`);
    });
    return numbered(`${side}Start${i}`, number);
  };
  const stepName = (index: Index): string =>
    numbered(
      `${side}Step`,
      known(steps, index, (fresh) => step.push(`let ${numbered(`${side}Step`, fresh)} = ${indexText(index, (name) => name)};`)),
    );

  const text = (index: Index, i: number): string => {
    const [fixed, moving, mixed]: [Term[], Term[], Term[]] = [[], [], []];
    for (const term of index.terms) {
      const variables = variablesOf({ terms: [term] });
      if (variables.length > 0) (variables.includes('k') ? (variables.every((name) => name === 'k') ? moving : mixed) : fixed).push(term);
    }
    // a constant goes where there is something to take it from
    const constants = index.terms.filter((term) => variablesOf({ terms: [term] }).length === 0);
    (fixed.length > 0 ? fixed : moving.length > 0 ? moving : mixed).push(...constants);
    const texts = [
      ...(fixed.length === 0 ? [] : [startName({ terms: fixed }, i)]),
      ...(moving.length === 0 ? [] : [stepName({ terms: moving })]),
      ...(mixed.length === 0 ? [] : [indexText({ terms: mixed }, at(i), (of) => text(of, i))]),
    ];
    return texts.length === 0 ? '0u' : texts.join(' + ');
  };
  return { before, step, text };
}
