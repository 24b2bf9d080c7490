/**
 * From values to instructions. A value is asked for at indices; views turn the indices, stored values and leaves become loads,
 * everything else is computed from its operands, once for each scope and index.
 */
import { isPrimitive } from '../../graph/build.ts';
import type { Value } from '../../graph/value.ts';
import type { Dim } from '../../types/dim.ts';
import { at } from '../at.ts';
import { flatten } from './indexArithmetic.ts';
import { type Index, indexKey, resultIndex, variablesOf, zero } from './indexing.ts';
import type { Instruction, Result, TensorNumber } from './kernel.ts';
import { maskKey, maskVariables } from './masks.ts';
import { isOne, type Product, productKey, productOf } from './product.ts';
import { type Located, locate, sizesOf } from './views.ts';

/** The instructions that run together. Results of `around` are visible. */
export interface Scope {
  readonly body: Instruction[];
  readonly results: Map<string, Result>;
  readonly around: Scope | undefined;
  /** Whether an index can be known here. */
  readonly knows: (variable: string) => boolean;
}

export function makeScope(around: Scope | undefined, knows: Scope['knows']): Scope {
  return { body: [], results: new Map(), around, knows };
}

export interface Lowering {
  /** Result numbers are handed out here; 0 is taken. */
  readonly fresh: () => Result;
  readonly evaluate: (value: Value, indices: readonly Index[], scope: Scope) => Result;
  readonly store: (value: Value, indices: readonly Index[], scope: Scope) => void;
  /** Makes a result known under the value's name, at any index: an accumulator. */
  readonly define: (value: Value, scope: Scope) => Result;
  readonly loads: ReadonlySet<TensorNumber>;
  readonly values: ReadonlySet<Value>;
}

/** An output that is one row of a larger tensor: along `axis`, at the element of `index`. */
export interface RowOutput {
  readonly axis: Dim;
  readonly index: Value;
}

/** `tensorOf`: the tensors to load from; not those that this kernel stores. */
export function makeLowering(
  tensorOf: (value: Value) => TensorNumber | undefined,
  storedAs: (value: Value) => TensorNumber,
  rows: ReadonlyMap<Value, RowOutput> = new Map(),
): Lowering {
  const names = new Map<Value, number>();
  const nameOf = (value: Value): number => {
    const name = names.get(value) ?? names.size;
    names.set(value, name);
    return name;
  };
  const loads = new Set<TensorNumber>();
  const values = new Set<Value>();
  let count = 1;
  const fresh = (): Result => count++;

  const find = (key: string, scope: Scope): Result | undefined => {
    for (let next: Scope | undefined = scope; next !== undefined; next = next.around) {
      const found = next.results.get(key);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  /** The outermost scope in which all of these are known. */
  const outermost = (scope: Scope, variables: readonly string[]): Scope => {
    let found = scope;
    while (found.around !== undefined && variables.every(found.around.knows)) found = found.around;
    return found;
  };

  interface Request extends Located {
    readonly key: string;
    readonly variables: readonly string[];
    readonly scope: Scope;
  }

  const asRequest = ({ value, indices, masks }: Located, scope: Scope): Request => {
    const variables = [...indices.flatMap(variablesOf), ...masks.flatMap(maskVariables)];
    const key = [`${nameOf(value)}[${indices.map(indexKey).join(', ')}]`, ...masks.map(maskKey)].join(' where ');
    return { value, indices, masks, key, variables, scope: outermost(scope, variables) };
  };

  const request = (view: Value, from: readonly Index[], scope: Scope): Request =>
    asRequest(
      locate(view, from, (indices, position, size) => readIndex(indices, position, size, scope)),
      scope,
    );

  /** Recursive only where indices are gathered by indices. */
  const readIndex = (indices: Value, position: readonly Index[], size: Product, scope: Scope): Index => {
    if (isOne(size)) return zero;
    const asked = request(indices, position, scope);
    const operand = compute(asked, scope);
    const key = `nearest of v${operand} below ${productKey(size)}`;
    const known = find(key, scope);
    const result = known ?? fresh();
    if (known === undefined) {
      asked.scope.body.push({ kind: 'nearest', result, dtype: 'u32', operand, from: indices.dtype, size });
      asked.scope.results.set(key, result);
    }
    return resultIndex(result, size, asked.variables);
  };

  const resultOf = ({ value, key, masks }: Request, scope: Scope): Result | undefined =>
    (masks.length === 0 ? find(`${nameOf(value)}`, scope) : undefined) ?? find(key, scope);

  const operandsOf = (asked: Request): readonly Request[] => {
    const { value, indices, masks } = asked;
    if (masks.length > 0) return [asRequest({ value, indices, masks: masks.slice(1) }, asked.scope)];
    return tensorOf(value) === undefined ? value.operands.map((operand) => request(operand, indices, asked.scope)) : [];
  };

  const evaluate = (view: Value, from: readonly Index[], scope: Scope): Result => compute(request(view, from, scope), scope);

  // a stack of its own: expressions may be any depth
  const compute = (asked: Request, scope: Scope): Result => {
    const stack = [asked];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const { key } = top;
      const operands = resultOf(top, scope) === undefined ? operandsOf(top) : [];
      const missing = operands.filter((operand) => resultOf(operand, scope) === undefined);
      if (missing.length > 0) {
        stack.push(...[...missing].reverse());
        continue;
      }
      stack.pop();
      if (resultOf(top, scope) !== undefined) continue;
      const results = operands.flatMap((operand) => resultOf(operand, scope) ?? []);
      const instruction = instructionFor(top, results);
      top.scope.body.push(instruction);
      top.scope.results.set(key, instruction.result);
    }
    const result = resultOf(asked, scope);
    if (result === undefined) throw new Error(`internal: a ${asked.value.primitive} was not computed`);
    return result;
  };

  const instructionFor = ({ value, indices, masks }: Located, operands: readonly Result[]): Exclude<Instruction, { kind: 'store' }> => {
    const { dtype } = value;
    const [mask] = masks;
    if (mask !== undefined) return { kind: 'mask', result: fresh(), dtype, operand: at(operands, 0), ...mask };
    const tensor = tensorOf(value);
    if (tensor !== undefined) {
      loads.add(tensor);
      return { kind: 'load', result: fresh(), dtype, tensor, index: flatten(indices, sizesOf(value)) };
    }
    if (isPrimitive(value, 'constant')) return { kind: 'constant', result: fresh(), dtype, value: value.params.value };
    if (isPrimitive(value, 'iota')) return { kind: 'position', result: fresh(), dtype, index: at(indices, value.params.axis) };
    values.add(value);
    const direction = isPrimitive(value, 'compare') ? value.params.direction : undefined;
    const word = isPrimitive(value, 'randomBits') ? value.params.word : undefined;
    const from = value.operands.at(-1)?.dtype ?? dtype;
    return { kind: 'compute', result: fresh(), dtype, primitive: value.primitive, operands, from, direction, word };
  };

  return {
    fresh,
    evaluate,
    loads,
    values,
    store: (value, indices, scope) => {
      const operand = evaluate(value, indices, scope);
      const row = rows.get(value);
      const sizes = [...(row === undefined ? [] : [productOf([row.axis])]), ...sizesOf(value)];
      const place = row === undefined ? [] : [readIndex(row.index, [], at(sizes, 0), scope)];
      scope.body.push({
        kind: 'store',
        tensor: storedAs(value),
        index: flatten([...place, ...indices], sizes),
        operand,
        dtype: value.dtype,
      });
    },
    define: (value, scope) => {
      const result = fresh();
      scope.results.set(`${nameOf(value)}`, result);
      values.add(value);
      return result;
    },
  };
}
