/**
 * A chain that goes over its rows once, although it sums and multiplies what depends on the maximum of whole rows: the maximum so far is
 * subtracted before `exp`, and as it grows, sums of what is made of the exponential are scaled down. What they are divided by, once a
 * row, comes after the sums.
 *
 * Invariant: an element that is 1 times the exponential stays so, whatever is done with it here: all of it is linear.
 * Source: Milakov and Gimelshein, Online normalizer calculation for softmax, 2018; Dao et al., FlashAttention, 2022.
 */
import type { Index } from '../3-fuse/indexing.ts';
import type { Accumulator, ChainKernel, ChainStep, Instruction, Result } from '../3-fuse/kernel.ts';

type Stream = Extract<ChainStep, { kind: 'stream' }>;

export interface Factor {
  readonly result: Result;
  readonly isDivisor: boolean;
}

export interface Sweep {
  /** Of each row, before and after; stores are after. */
  readonly before: readonly Instruction[];
  readonly after: readonly Instruction[];
  /** Of each tile, first: the maximum that what follows subtracts. */
  readonly maximum: Stream & { readonly accumulator: Accumulator };
  readonly pass: Stream;
  /** An element of the outer product's left factor; and what each row of that product has still to be multiplied with. */
  readonly weight: Result | undefined;
  readonly factors: readonly Factor[];
}

/** Undefined: the chain has no such maximum, or does more with it. */
export function sweepOf({ steps, outer }: ChainKernel): Sweep | undefined {
  const rows = steps.flatMap((step) => (step.kind === 'row' ? step.body : []));
  const reductions = steps.filter((step) => step.kind === 'stream');
  const late = new Set<Result>(reductions.flatMap(({ accumulators }) => accumulators.map(({ result }) => result)));
  for (const one of rows) if (one.kind !== 'store' && operandsOf(one).some((operand) => late.has(operand))) late.add(one.result);
  const isLate = (one: Instruction): boolean => one.kind === 'store' || late.has(one.result);
  const shared = { before: rows.filter((one) => !isLate(one)), after: rows.filter(isLate) };
  const isFree = ({ body }: Stream): boolean => !body.some((one) => operandsOf(one).some((operand) => late.has(operand)));
  const [first, ...others] = reductions;
  const [accumulator, ...more] = first?.accumulators ?? [];
  if (first === undefined || accumulator === undefined || more.length > 0 || others.length > 1) return undefined;
  if (accumulator.operation !== 'max' || accumulator.dtype !== 'f32' || !isFree(first)) return undefined;
  const sums: Stream[] = [];
  for (const stream of others) {
    const linear = linearIn(accumulator.result, stream, late);
    const areSums = stream.accumulators.every(
      ({ operation, dtype, operand }) => operation === 'sum' && dtype === 'f32' && linear?.powers.get(operand)?.length === 0,
    );
    if (!areSums) return undefined;
    sums.push(stream);
  }
  const weights = outer && linearIn(accumulator.result, outer.step, late);
  const power = outer && weights?.powers.get(outer.weight);
  if (outer === undefined ? sums.length === 0 : power === undefined) return undefined;
  const { stream, nameOf } = joined([
    ...sums,
    ...(outer === undefined || weights === undefined ? [] : [{ ...outer.step, body: weights.body }]),
  ]);
  const weight = outer && weights && nameOf(weights.nameOf(outer.weight));
  return { ...shared, maximum: { ...first, accumulator }, pass: stream, weight, factors: power ?? [] };
}

/** Which results are linear in `exp(x - maximum)`, with what else each is to be multiplied; `body` without those factors. */
interface Linear {
  readonly powers: ReadonlyMap<Result, readonly Factor[]>;
  readonly body: readonly Instruction[];
  readonly nameOf: (result: Result) => Result;
}

function linearIn(maximum: Result, { body }: Stream, late: ReadonlySet<Result>): Linear | undefined {
  const powers = new Map<Result, readonly Factor[]>();
  const shifted = new Set<Result>();
  const zeros = new Set<Result>();
  const same = new Map<Result, Result>();
  const nameOf = (result: Result): Result => same.get(result) ?? result;
  const rewritten: Instruction[] = [];
  for (const one of body) {
    const operands = operandsOf(one);
    if (one.kind === 'constant' && one.value === 0) zeros.add(one.result);
    if (one.kind === 'store') return undefined;
    if (operands.some((operand) => late.has(operand) || shifted.has(operand) || powers.has(operand))) {
      const [a = -1, b = -1, c = -1] = operands;
      const isBound = (result: Result): boolean => late.has(result) || shifted.has(result) || powers.has(result);
      const [left, right] = [powers.get(a), powers.get(b)];
      const primitive = one.kind === 'compute' ? one.primitive : one.kind;
      const alike = (x: Result, y: Result): readonly Factor[] | undefined => {
        const known = powers.get(x) ?? powers.get(y);
        const fits = [x, y].every((operand) => zeros.has(operand) || factorsKey(powers.get(operand)) === factorsKey(known));
        return fits ? known : undefined;
      };
      let factors: readonly Factor[] | undefined;
      if (primitive === 'sub' && b === maximum && !isBound(a)) {
        shifted.add(one.result);
        rewritten.push(one);
        continue;
      }
      if (primitive === 'exp' && shifted.has(a)) factors = [];
      else if (primitive === 'neg') factors = left;
      else if (primitive === 'mask' && one.kind === 'mask' && one.outside === 0 && operands.length === 1) factors = left;
      else if (primitive === 'add' || primitive === 'sub') factors = alike(a, b);
      else if (primitive === 'select' && !isBound(a)) factors = alike(b, c);
      else if (primitive === 'mul' || primitive === 'div') {
        const [of, by] = left === undefined && primitive === 'mul' ? [b, a] : [a, b];
        const own = powers.get(of);
        if (own !== undefined && late.has(by) && by !== maximum) {
          powers.set(one.result, [...own, { result: by, isDivisor: primitive === 'div' }]);
          same.set(one.result, nameOf(of));
          continue;
        }
        if (own !== undefined && !isBound(by)) factors = own;
      }
      if (factors === undefined || (right !== undefined && primitive === 'div')) return undefined;
      powers.set(one.result, factors);
    }
    rewritten.push(renamed(one, nameOf));
  }
  return { powers, body: rewritten, nameOf };
}

const factorsKey = (factors: readonly Factor[] | undefined): string =>
  factors === undefined ? 'none' : factors.map(({ result, isDivisor }) => `${isDivisor ? '/' : '*'}${result}`).join();

/** Streams as one, in which nothing is computed twice. */
function joined(streams: readonly Stream[]): { readonly stream: Stream; readonly nameOf: (result: Result) => Result } {
  const known = new Map<string, Result>();
  const same = new Map<Result, Result>();
  const nameOf = (result: Result): Result => same.get(result) ?? result;
  const isNew = (key: string, result: Result): boolean => {
    const before = known.get(key);
    if (before !== undefined) same.set(result, before);
    else known.set(key, result);
    return before === undefined;
  };
  const products = streams.flatMap((one) => one.products).filter(({ number, result }) => isNew(`product ${number}`, result));
  const body = streams
    .flatMap((one) => one.body)
    .flatMap((one) => {
      const now = renamed(one, nameOf);
      return now.kind === 'store' || isNew(keyOf(now), now.result) ? [now] : [];
    });
  const accumulators = streams.flatMap((one) => one.accumulators).map((one) => ({ ...one, operand: nameOf(one.operand) }));
  return { stream: { kind: 'stream', products, body, accumulators }, nameOf };
}

const keyOf = (instruction: Instruction): string =>
  JSON.stringify(instruction, (name, value: unknown) => (name === 'result' ? undefined : typeof value === 'number' ? `${value}` : value)) +
  indicesOf(instruction).flatMap(resultsIn).join();

/** The results that an instruction reads. */
export function operandsOf(instruction: Instruction): readonly Result[] {
  const own =
    instruction.kind === 'compute'
      ? instruction.operands
      : instruction.kind === 'mask' || instruction.kind === 'nearest' || instruction.kind === 'store'
        ? [instruction.operand]
        : [];
  return [...own, ...indicesOf(instruction).flatMap(resultsIn)];
}

export function indicesOf(instruction: Instruction): readonly Index[] {
  if (instruction.kind === 'mask') return instruction.conditions.map(({ of }) => of);
  return instruction.kind === 'load' || instruction.kind === 'position' || instruction.kind === 'store' ? [instruction.index] : [];
}

function resultsIn({ terms }: Index): readonly Result[] {
  return terms.flatMap(({ atom }) => {
    if (atom.kind === 'result') return [atom.result];
    return atom.kind === 'variable' || atom.kind === 'unit' ? [] : resultsIn(atom.of);
  });
}

function renamed(instruction: Instruction, nameOf: (result: Result) => Result): Instruction {
  switch (instruction.kind) {
    case 'compute':
      return { ...instruction, operands: instruction.operands.map(nameOf) };
    case 'mask': {
      const conditions = instruction.conditions.map((one) => ({ ...one, of: renamedIndex(one.of, nameOf) }));
      return { ...instruction, operand: nameOf(instruction.operand), conditions };
    }
    case 'nearest':
      return { ...instruction, operand: nameOf(instruction.operand) };
    case 'store':
      return { ...instruction, operand: nameOf(instruction.operand), index: renamedIndex(instruction.index, nameOf) };
    case 'load':
    case 'position':
      return { ...instruction, index: renamedIndex(instruction.index, nameOf) };
    case 'constant':
      return instruction;
  }
}

function renamedIndex({ terms }: Index, nameOf: (result: Result) => Result): Index {
  return {
    terms: terms.map(({ atom, factor }) => {
      if (atom.kind === 'result') return { atom: { ...atom, result: nameOf(atom.result) }, factor };
      return atom.kind === 'variable' || atom.kind === 'unit'
        ? { atom, factor }
        : { atom: { ...atom, of: renamedIndex(atom.of, nameOf) }, factor };
    }),
  };
}
