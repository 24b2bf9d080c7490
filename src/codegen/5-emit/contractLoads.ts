/**
 * How a contract's kernel gets the elements of its factors, for several steps of `k` in one turn of the loop. A load, masked or
 * not, stands in the loop, with what is known before the loop, and what only moves with `k`, taken out of its indices; anything
 * else is a function that the loop calls.
 *
 * Invariant: after `step(n)` the elements are declared by the names `elementName`, for steps 0 to n - 1 past `k`.
 */
import { repeat } from '../../program/kernelText.ts';
import { type Index, indexKey, literalProduct, type Term, variablesOf } from '../3-fuse/indexing.ts';
import type { ContractKernel, ContractOperand, Instruction } from '../3-fuse/kernel.ts';
import { isOne, one, quotientOf } from '../3-fuse/product.ts';
import type { Along, Side } from './contractVectors.ts';
import { indent, type KernelContext, loadText, maskText, statement } from './kernelText.ts';
import { sharedSteps } from './tileLoads.ts';
import { computedType, indexText, literalText, resultName, sizeText } from './wgslText.ts';

/** The rows or columns of one lane: `name` is repeated by `loops`; where four are one vector, the vectors by loops of their own. */
export interface LaneAxis {
  readonly side: Side;
  readonly vector: Along | undefined;
  readonly loops: string;
  readonly name: string;
  readonly vectorLoops: string;
  readonly vectorName: string;
  /** The place of each within the tile, of the lane with this number. */
  readonly place: (lane: string) => string;
  readonly vectorPlace: (lane: string) => string;
  /**
   * Where the lanes of a quad share four steps: `shared` is what is the same for all lanes, so each loads one of the steps, and swaps;
   * `crossed` is what is not: in its step `u` lane `l` takes what the shared factor brings it then, of step `l ^ u`.
   */
  readonly steps?: 'shared' | 'crossed';
  /** Where four places of a lane lie side by side: loops over the fours, each one's elements, and the first one's place. */
  readonly fours?: { readonly loops: string; readonly name: (element: number) => string; readonly place: (lane: string) => string };
}

export interface OperandLoads {
  /** Before the kernel's entry point, and before the loop. */
  readonly functions: readonly string[];
  readonly before: readonly string[];
  readonly step: (steps: number) => readonly string[];
  /** The same element in every row and column. */
  readonly isConstant: boolean;
}

type Factors = Pick<ContractKernel, 'dtype' | Side>;

const letters = { left: 'a', right: 'b' } as const;
export const ownName = { left: 'm', right: 'n' } as const;

export const elementName = (axis: LaneAxis): string => `${letters[axis.side]}${axis.name}_{u}`;

/** How far step `u` is past `k`. */
const offsets = { plain: '{u}u', shared: 'lane', crossed: 'step_{u}' } as const;
type Offset = (typeof offsets)[keyof typeof offsets];
/** What `crossed` steps are; the remainder is what tells Dawn their range. */
export const crossedSteps = repeat(`u=${sharedSteps}`, 'let step_{u} = (lane ^ {u}u) % 4u;');
/** How lane `l` gets what lane `l ^ u` has, for each `u`. */
export const quadSwaps = ['', 'quadSwapX', 'quadSwapY', 'quadSwapDiagonal'] as const;

const offsetOf = ({ steps }: LaneAxis, count: number): Offset =>
  steps === undefined || count < sharedSteps ? offsets.plain : offsets[steps];

/** The rows' or columns' numbers are `m` or `n` and the axis's name (its vectors' names along its own direction). */
export function operandLoads(axis: LaneAxis, kernel: Factors, context: KernelContext): OperandLoads {
  const loads = plainLoads(axis, kernel, context);
  if (axis.steps !== 'shared' || loads.isConstant) return loads;
  const own = elementName(axis).replace('{u}', '0');
  const swapped = quadSwaps.flatMap((swap, u) =>
    u === 0 ? [] : [repeat(axis.loops, `let ${elementName(axis).replace('{u}', `${u}`)} = ${swap}(${own});`)],
  );
  return { ...loads, step: (steps) => (steps < sharedSteps ? loads.step(steps) : [...loads.step(steps), ...swapped]) };
}

function plainLoads(axis: LaneAxis, kernel: Factors, context: KernelContext): OperandLoads {
  const [first, ...masks] = kernel[axis.side].body;
  const declare = (steps: number, text: string): readonly string[] => [
    repeat(`${axis.loops} u=${loadedSteps(axis, steps)}`, `let ${elementName(axis)} = ${text};`),
  ];
  if (first?.kind === 'constant' && masks.length === 0) {
    const text = literalText(first.value, kernel.dtype);
    return {
      functions: [],
      before: [],
      step: (steps) => [repeat(`${axis.loops} u=${steps}`, `let ${elementName(axis)} = ${text};`)],
      isConstant: true,
    };
  }
  if (first?.kind !== 'load' || !masks.every((mask) => mask.kind === 'mask')) {
    const name = `load_${axis.side}`;
    const functions = loadFunction(name, axis.side, kernel, context);
    const step = (steps: number) => declare(steps, `${name}(b, ${ownName[axis.side]}${axis.name}, ${nextK(offsetOf(axis, steps))})`);
    return { functions, before: [], step, isConstant: false };
  }
  if (axis.vector !== undefined) return vectorLoads(first, axis, context);
  const textWith = (parts: Parts): string =>
    masks.reduce(
      (operand, mask) => maskText(mask, operand, parts.text),
      loadText(context.nameOf(first.tensor), parts.text(first.index), kernel.dtype),
    );
  return inSteps(axis, axis.loops, axis.name, (parts) => {
    const text = textWith(parts);
    return (steps) => [...parts.step(loadedSteps(axis, steps)), ...declare(steps, text)];
  });
}

/** Of steps that a quad shares each lane loads one. */
const loadedSteps = ({ steps }: LaneAxis, count: number): number => (steps === 'shared' && count >= sharedSteps ? 1 : count);

const nextK = (offset: Offset): string => `(k + ${offset})`;

/** Loads whose steps lie apart in different ways, where a quad shares them and where it does not, with one set of what is known before. */
function inSteps(axis: LaneAxis, loops: string, row: string, of: (parts: Parts) => (steps: number) => readonly string[]): OperandLoads {
  const kinds = new Map<Offset, { readonly parts: Parts; readonly step: (steps: number) => readonly string[] }>();
  for (const offset of new Set([offsetOf(axis, 1), offsetOf(axis, sharedSteps)])) {
    const parts = makeParts(axis, loops, row, offset);
    kinds.set(offset, { parts, step: of(parts) });
  }
  // what is known before the loop has no step in it, and is the same for all
  const before = [...kinds.values()][0]?.parts.before ?? [];
  return { functions: [], before, step: (steps) => kinds.get(offsetOf(axis, steps))?.step(steps) ?? [], isConstant: false };
}

/** `name(b, m or n, k)` is an element of the factor. */
export function loadFunction(name: string, side: Side, kernel: Factors, context: KernelContext): readonly string[] {
  const operand: ContractOperand = kernel[side];
  const statements = operand.body.map((instruction) => statement(instruction, context, (variable) => variable));
  return [
    `fn ${name}(b: u32, ${ownName[side]}: u32, k: u32) -> ${computedType(kernel.dtype)} {`,
    ...indent([...statements, `return ${resultName(operand.result)};`]),
    '}',
  ];
}

function vectorLoads(load: Extract<Instruction, { kind: 'load' }>, axis: LaneAxis, context: KernelContext): OperandLoads {
  const array = context.nameOf(load.tensor);
  const letter = `v${letters[axis.side]}`;
  if (axis.vector === 'k') {
    return inSteps(axis, axis.loops, axis.name, (parts) => {
      const place = parts.text(quarterOf(load.index, 'k'));
      return (steps) => [
        ...parts.step(1),
        repeat(axis.loops, `let ${letter}${axis.name} = ${array}[${place.replaceAll('{u}', '0')} + k / 4u];`),
        repeat(`${axis.loops} u=${steps}`, `let ${elementName(axis)} = ${letter}${axis.name}[{u}];`),
      ];
    });
  }
  const component = /\{(\w)\}$/.exec(axis.name)?.[1] ?? '';
  return inSteps(axis, axis.vectorLoops, axis.vectorName, (parts) => {
    const place = parts.text(quarterOf(load.index, ownName[axis.side]));
    return (count) => {
      const steps = loadedSteps(axis, count);
      return [
        ...parts.step(steps),
        repeat(`${axis.vectorLoops} u=${steps}`, `let ${letter}${axis.vectorName}_{u} = ${array}[${place}];`),
        repeat(`${axis.loops} u=${steps}`, `let ${elementName(axis)} = ${letter}${axis.vectorName}_{u}[{${component}}];`),
      ];
    };
  });
}

/** An index divided by 4, without `k` if that is walked along; of the row or column a quarter stays. */
export function quarterOf({ terms }: Index, walked: string): Index {
  return {
    terms: terms.flatMap(({ atom, factor }): readonly Term[] => {
      if (atom.kind !== 'variable' || atom.name !== walked) return [{ atom, factor: quotientOf(factor, literalProduct(4)) ?? factor }];
      return walked === 'k' ? [] : [{ atom: { ...atom, name: quarterName(walked) }, factor: one }];
    }),
  };
}

export const quarterName = (own: string): string => `${own}/4`;

interface Parts {
  readonly before: string[];
  /** Declares what moves with `k` alone. Known once `text` was asked. */
  readonly step: (steps: number) => readonly string[];
  readonly text: (index: Index) => string;
}

/** Takes out of indices, and of the indices within them, the terms without `k` and those with `k` alone. */
function makeParts({ side }: LaneAxis, loops: string, row: string, offset: Offset): Parts {
  const own = ownName[side];
  const [starts, steps] = [new Map<string, string>(), new Map<string, { readonly name: string; readonly index: Index }>()];
  const before: string[] = [];
  const names = (name: string): string => {
    if (name === quarterName(own)) return `(${own}${row} / 4u)`;
    return name === own ? `${own}${row}` : name === 'k' ? nextK(offset) : name;
  };
  const start = (index: Index): string => {
    const key = indexKey(index);
    const name = starts.get(key) ?? `${side}Start${starts.size === 0 ? '' : starts.size}_${row}`;
    if (!starts.has(key)) before.push(repeat(loops, `let ${name} = ${indexText(index, names)};`));
    starts.set(key, name);
    return name;
  };
  const moved = (index: Index): string => {
    const key = indexKey(index);
    const name = steps.get(key)?.name ?? `${side}Step${steps.size === 0 ? '' : steps.size}_`;
    steps.set(key, { name, index });
    return `${name}{u}`;
  };
  const text = (index: Index): string => {
    const [fixed, moving, mixed]: [Term[], Term[], Term[]] = [[], [], []];
    for (const term of index.terms) {
      const variables = variablesOf({ terms: [term] });
      if (variables.length > 0) (variables.includes('k') ? (variables.every((name) => name === 'k') ? moving : mixed) : fixed).push(term);
    }
    // a constant goes where there is something to take it from
    const constants = index.terms.filter((term) => variablesOf({ terms: [term] }).length === 0);
    (fixed.length > 0 ? fixed : moving.length > 0 ? moving : mixed).push(...constants);
    const texts = [
      ...(fixed.length === 0 ? [] : [start({ terms: fixed })]),
      ...(moving.length === 0 ? [] : [moved({ terms: moving })]),
      ...(mixed.length === 0 ? [] : [indexText({ terms: mixed }, names, text)]),
    ];
    return texts.length === 0 ? '0u' : texts.join(' + ');
  };
  const step = (count: number): readonly string[] => [...steps.values()].flatMap(({ name, index }) => stepText(name, index, count, offset));
  return { before, step, text };
}

/** Of `k` times a stride, later steps are the first one plus a constant. */
function stepText(name: string, index: Index, count: number, offset: Offset): readonly string[] {
  const [term, ...others] = index.terms;
  if (others.length > 0 || term?.atom.kind !== 'variable')
    return [repeat(`u=${count}`, `let ${name}{u} = ${indexText(index, () => nextK(offset))};`)];
  const { literal, symbols } = term.factor;
  const [sign, size] = [literal < 0 ? '-' : '+', { literal: Math.abs(literal), symbols }];
  const stride = isOne(size) ? '' : ` * ${sizeText(size)}`;
  return [`let ${name} = ${indexText(index, () => 'k')};`, repeat(`u=${count}`, `let ${name}{u} = ${name} ${sign} ${offset}${stride};`)];
}
