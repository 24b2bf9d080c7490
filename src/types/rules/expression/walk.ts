/**
 * The walk along the text of an expression, whatever its parts are: terms for the rule, values for the recording.
 *
 * Method: Dijkstra's shunting yard: two stacks, of parts and of signs that wait for their right operand.
 * Invariant: the walk goes in the order of the type `expression`, so both find the same mistake first.
 */
import { sortedList } from '../sortedList.ts';
import { isMap, maps, type ReductionName, reductions } from './functions.ts';
import {
  axisHint,
  axisOf,
  type FunctionName,
  isBinary,
  isFunction,
  isTight,
  keepHint,
  operandHint,
  operatorHint,
  pairHint,
  powerHint,
  type Waiting,
} from './grammar.ts';
import type { BinarySign } from './operators.ts';
import { misplaced, scan, type Token } from './scan.ts';
import { isExponent, type Suffix } from './unary.ts';

/** What the walk does with the parts; a string is a sentence that ends it. */
export interface Algebra<T> {
  readonly names: readonly string[];
  name(name: string): T | string;
  number(text: string): T;
  negate(x: T): T | string;
  parenthesised(x: T): T;
  suffix(suffix: Suffix, x: T): T | string;
  binary(sign: BinarySign, left: T, right: T): T | string;
  call(name: FunctionName, x: T): T | string;
  /** `text` is what follows the first argument. */
  reduce(name: ReductionName, x: T, axis: string | number, text: string, keeps: boolean): T | string;
  power(x: T, exponent: string): T;
}

/** The result of an expression, or the sentence about its first mistake. */
export function walk<T>(whole: string, algebra: Algebra<T>): { readonly result: T } | string {
  const values: T[] = [];
  const signs: Waiting[] = [];
  const pop = (): T => values.pop() as T;
  const push = (result: T | string): string | undefined => {
    if (typeof result === 'string') return result;
    values.push(result);
    return undefined;
  };
  /** Applies the waiting signs that bind at least as tightly as the next one. */
  const settle = (next: BinarySign | undefined): string | undefined => {
    for (let sign = signs.at(-1); sign !== undefined && isTight(sign, next); sign = signs.at(-1)) {
      signs.pop();
      const right = pop();
      const problem = push(sign === 'neg' ? algebra.negate(right) : algebra.binary(sign as BinarySign, pop(), right));
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
  const is = ({ kind, text }: Token, sign: string): boolean => kind === 'sign' && text === sign;

  let operandDue = true;
  for (let token = scan(whole); ; token = scan(token.rest)) {
    const { kind, text } = token;
    if (operandDue) {
      if (kind === 'name') {
        const next = scan(token.rest);
        if (is(next, '(')) {
          if (!isFunction(text))
            return `expr: there is no function '${text}': '${whole}' (there are ${[...maps, ...reductions].join(', ')})`;
          signs.push({ call: text });
          token = next;
        } else {
          if (!algebra.names.includes(text))
            return `expr: there is no operand '${text}': '${whole}' (there are ${sortedList(algebra.names)})`;
          const problem = push(algebra.name(text));
          if (problem !== undefined) return problem;
          operandDue = false;
        }
      } else if (kind === 'number') {
        if (!Number.isFinite(Number(text))) return misplaced(token, 'a number', 'a number is written such as 2, 0.5 or 1e-5', whole);
        values.push(algebra.number(text));
        operandDue = false;
      } else if (is(token, '-')) signs.push('neg');
      else if (is(token, '(')) signs.push('(');
      else return misplaced(token, 'an operand', operandHint, whole);
      continue;
    }
    let problem: string | undefined;
    if (kind === 'sign' && isBinary(text)) {
      problem = settle(text);
      signs.push(text);
      operandDue = true;
    } else if (is(token, '.')) {
      token = scan(token.rest);
      if (token.text !== 'T' && token.text !== 'mT') return misplaced(token, 'T or mT', operatorHint, whole);
      problem = push(algebra.suffix(token.text, pop()));
    } else if (is(token, '**')) {
      const exponent = scan(token.rest);
      if (exponent.kind !== 'number' || !isExponent(exponent.text)) return misplaced(exponent, 'a whole number', powerHint, whole);
      const again = scan(exponent.rest);
      if (is(again, '**')) return misplaced(again, 'an operator', powerHint, whole);
      token = exponent;
      problem = push(algebra.power(pop(), exponent.text));
    } else if (is(token, ')')) {
      problem = settle(undefined);
      if (problem !== undefined) return problem;
      const opened = signs.pop();
      if (opened === undefined) return misplaced(token, 'an operator', pairHint, whole);
      problem = push(typeof opened === 'object' ? algebra.call(opened.call, pop()) : algebra.parenthesised(pop()));
    } else if (is(token, ',')) {
      problem = settle(undefined);
      if (problem !== undefined) return problem;
      const opened = signs.pop();
      if (typeof opened !== 'object' || isMap(opened.call))
        return misplaced(token, 'an operator', 'only sum, mean and max take an axis', whole);
      const axis = scan(token.rest);
      const picked = axisOf(axis.kind, axis.text);
      if (picked === undefined) return misplaced(axis, 'an axis', axisHint, whole);
      token = scan(axis.rest);
      const keeps = is(token, ',');
      if (keeps) {
        const option = scan(token.rest);
        if (option.kind !== 'name' || option.text !== 'keepdims') return misplaced(option, 'keepdims', keepHint, whole);
        token = scan(option.rest);
      }
      if (!is(token, ')')) return misplaced(token, ')', pairHint, whole);
      const written = `${typeof picked === 'string' ? `'${picked}'` : picked}${keeps ? ', keepdims' : ''}`;
      problem = push(algebra.reduce(opened.call, pop(), picked, written, keeps));
    } else if (kind === 'end') {
      problem = settle(undefined);
      if (problem !== undefined) return problem;
      return signs.length > 0 ? misplaced(token, ')', pairHint, whole) : { result: pop() };
    } else return misplaced(token, 'an operator', operatorHint, whole);
    if (problem !== undefined) return problem;
  }
}
