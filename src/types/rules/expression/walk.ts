/**
 * From the text of an expression to its term, or the sentence about its first mistake.
 *
 * Method: Dijkstra's shunting yard: two stacks, of terms and of signs that wait for their right operand. One tail call a
 * token, so that texts of hundreds of characters stay within TypeScript's limits.
 * Invariant: the type and the function walk in the same order, so they find the same mistake first.
 */

import { sortedList } from '../sortedList.ts';
import {
  applyBinary,
  applyFunction,
  applyPower,
  applyReduction,
  applySuffix,
  type BinarySign,
  isExponent,
  isMap,
  type MapName,
  maps,
  negate,
  parenthesised,
  type ReductionName,
  reductions,
  type Suffix,
} from './apply.ts';
import { misplaced, scan, type Token } from './scan.ts';
import type { Term, TermType } from './term.ts';

type FunctionName = MapName | ReductionName;
type functionList = 'relu, sigmoid, tanh, exp, log, sqrt, sum, mean, max';

type operandHint = 'an operand is a name, a number, a call or a part in parentheses';
type operatorHint = 'the operators are + - * / @ ** and the suffixes .T and .mT';
type pairHint = 'each parenthesis needs its partner';
type axisHint = 'an axis is a name in quotes, or an index';
type powerHint = 'exponents are whole numbers from 1 to 99; a power of a power takes parentheses';
type keepHint = "a reduction is sum(X, 'n') or sum(X, 'n', keepdims)";
const operandHint: operandHint = 'an operand is a name, a number, a call or a part in parentheses';
const operatorHint: operatorHint = 'the operators are + - * / @ ** and the suffixes .T and .mT';
const pairHint: pairHint = 'each parenthesis needs its partner';
const axisHint: axisHint = 'an axis is a name in quotes, or an index';
const powerHint: powerHint = 'exponents are whole numbers from 1 to 99; a power of a power takes parentheses';
const keepHint: keepHint = "a reduction is sum(X, 'n') or sum(X, 'n', keepdims)";

// Tight :: sign -> the signs that go before it when they wait to its left
interface Tight {
  readonly '+': BinarySign | 'neg';
  readonly '-': BinarySign | 'neg';
  readonly '*': '*' | '/' | '@' | 'neg';
  readonly '/': '*' | '/' | '@' | 'neg';
  readonly '@': '*' | '/' | '@' | 'neg';
}
const isTight = (waiting: Waiting, sign: BinarySign | undefined): boolean =>
  waiting !== '(' &&
  typeof waiting === 'string' &&
  (waiting === 'neg' || sign === undefined || sign === '+' || sign === '-' || (waiting !== '+' && waiting !== '-'));

// A stack is [top, below].
type Stack = readonly [unknown, unknown] | readonly [];

// expression :: (text, { name: Term | sentence }) -> Term | sentence
export type expression<whole extends string, terms> = operand<whole, [], [], terms, whole>;

// operand :: where an operand is due
type operand<source extends string, values extends Stack, signs extends Stack, terms, whole extends string> =
  scan<source> extends [infer kind, infer text extends string, infer rest extends string, infer from extends string]
    ? kind extends 'name'
      ? scan<rest> extends ['sign', '(', infer inside extends string, string]
        ? text extends FunctionName
          ? operand<inside, values, [{ call: text }, signs], terms, whole>
          : `expr: there is no function '${text}': '${whole}' (there are ${functionList})`
        : text extends keyof terms
          ? terms[text] extends infer term
            ? term extends string
              ? term
              : operator<rest, [term, values], signs, terms, whole>
            : never
          : `expr: there is no operand '${text}': '${whole}' (there are ${sortedList<keyof terms>})`
      : kind extends 'number'
        ? text extends `${number}`
          ? operator<rest, [['number', [], text, 'atom', []], values], signs, terms, whole>
          : misplaced<kind, text, from, 'a number', 'a number is written such as 2, 0.5 or 1e-5', whole>
        : [kind, text] extends ['sign', '-']
          ? operand<rest, values, ['neg', signs], terms, whole>
          : [kind, text] extends ['sign', '(']
            ? operand<rest, values, ['(', signs], terms, whole>
            : misplaced<kind, text, from, 'an operand', operandHint, whole>
    : never;

// operator :: where a sign, a suffix or the end is due
type operator<source extends string, values extends Stack, signs extends Stack, terms, whole extends string> =
  scan<source> extends [infer kind, infer text extends string, infer rest extends string, infer from extends string]
    ? kind extends 'sign'
      ? text extends keyof Tight
        ? settle<Tight[text], values, signs> extends infer settled
          ? settled extends readonly [infer left extends Stack, infer waiting extends Stack]
            ? operand<rest, left, [text, waiting], terms, whole>
            : settled
          : never
        : text extends '.'
          ? suffix<scan<rest>, values, signs, terms, whole>
          : text extends '**'
            ? power<scan<rest>, values, signs, terms, whole>
            : text extends ')' | ','
              ? settle<BinarySign | 'neg', values, signs> extends infer settled
                ? settled extends readonly [infer inner extends Stack, infer waiting extends Stack]
                  ? text extends ')'
                    ? close<rest, from, inner, waiting, terms, whole>
                    : comma<rest, from, inner, waiting, terms, whole>
                  : settled
                : never
              : misplaced<kind, text, from, 'an operator', operatorHint, whole>
      : kind extends 'end'
        ? settle<BinarySign | 'neg', values, signs> extends infer settled
          ? settled extends readonly [readonly [infer result, unknown], infer waiting]
            ? waiting extends readonly []
              ? result
              : misplaced<kind, text, from, ')', pairHint, whole>
            : settled
          : never
        : misplaced<kind, text, from, 'an operator', operatorHint, whole>
    : never;

// settle :: (tight signs, terms, signs) -> [terms, signs] | sentence      applies the waiting signs that are tight
type settle<tight, values extends Stack, signs extends Stack> = signs extends readonly [
  infer sign extends tight,
  infer waiting extends Stack,
]
  ? sign extends 'neg'
    ? values extends readonly [infer term extends TermType, infer below]
      ? settleWith<negate<term>, tight, below, waiting>
      : never
    : values extends readonly [infer right extends TermType, readonly [infer left extends TermType, infer below]]
      ? settleWith<applyBinary<sign, left, right>, tight, below, waiting>
      : never
  : [values, signs];

type settleWith<result, tight, below, waiting extends Stack> = result extends string ? result : settle<tight, [result, below], waiting>;

type suffix<token, values extends Stack, signs extends Stack, terms, whole extends string> = token extends [
  infer kind,
  infer text extends string,
  infer rest extends string,
  infer from extends string,
]
  ? text extends Suffix
    ? values extends readonly [infer term extends TermType, infer below]
      ? applySuffix<text, term> extends infer result
        ? result extends string
          ? result
          : operator<rest, [result, below], signs, terms, whole>
        : never
      : never
    : misplaced<kind, text, from, 'T or mT', operatorHint, whole>
  : never;

// power :: at the exponent      it binds to what stands just before it, so -x ** 2 is -(x ** 2)
type power<token, values extends Stack, signs extends Stack, terms, whole extends string> = token extends [
  infer kind,
  infer text extends string,
  infer rest extends string,
  infer from extends string,
]
  ? [kind, isExponent<text>] extends ['number', true]
    ? scan<rest> extends ['sign', '**', string, infer again extends string]
      ? misplaced<'sign', '**', again, 'an operator', powerHint, whole>
      : values extends readonly [infer term extends TermType, infer below]
        ? operator<rest, [applyPower<term, text>, below], signs, terms, whole>
        : never
    : misplaced<kind, text, from, 'a whole number', powerHint, whole>
  : never;

// close :: at a closing parenthesis
type close<
  rest extends string,
  from extends string,
  values extends Stack,
  signs extends Stack,
  terms,
  whole extends string,
> = signs extends readonly [infer opened, infer waiting extends Stack]
  ? values extends readonly [infer term extends TermType, infer below]
    ? opened extends { readonly call: infer name extends FunctionName }
      ? applyFunction<name, term> extends infer result
        ? result extends string
          ? result
          : operator<rest, [result, below], waiting, terms, whole>
        : never
      : operator<rest, [parenthesised<term>, below], waiting, terms, whole>
    : never
  : misplaced<'sign', ')', from, 'an operator', pairHint, whole>;

// comma :: before the axis of a reduction
type comma<
  rest extends string,
  from extends string,
  values extends Stack,
  signs extends Stack,
  terms,
  whole extends string,
> = signs extends readonly [{ readonly call: infer name extends ReductionName }, infer waiting extends Stack]
  ? values extends readonly [infer term extends TermType, infer below]
    ? scan<rest> extends [infer kind, infer axis extends string, infer after extends string, infer axisFrom extends string]
      ? axisOf<kind, axis> extends infer picked extends string | number
        ? [picked] extends [never]
          ? misplaced<kind, axis, axisFrom, 'an axis', axisHint, whole>
          : scan<after> extends [infer endKind, infer end extends string, infer afterCall extends string, infer endFrom extends string]
            ? [endKind, end] extends ['sign', ')']
              ? reduced<name, term, picked, false, '', afterCall, below, waiting, terms, whole>
              : [endKind, end] extends ['sign', ',']
                ? keepdims<scan<afterCall>, name, term, picked, below, waiting, terms, whole>
                : misplaced<endKind, end, endFrom, ')', pairHint, whole>
            : never
        : never
      : never
    : never
  : misplaced<'sign', ',', from, 'an operator', 'only sum, mean and max take an axis', whole>;

// keepdims :: after the second comma of a reduction
type keepdims<
  token,
  name extends ReductionName,
  term extends TermType,
  axis extends string | number,
  below,
  waiting extends Stack,
  terms,
  whole extends string,
> = token extends [infer kind, infer text extends string, infer rest extends string, infer from extends string]
  ? [kind, text] extends ['name', 'keepdims']
    ? scan<rest> extends [infer endKind, infer end extends string, infer afterCall extends string, infer endFrom extends string]
      ? [endKind, end] extends ['sign', ')']
        ? reduced<name, term, axis, true, ', keepdims', afterCall, below, waiting, terms, whole>
        : misplaced<endKind, end, endFrom, ')', pairHint, whole>
      : never
    : misplaced<kind, text, from, 'keepdims', keepHint, whole>
  : never;

// reduced :: after the parenthesis of a reduction
type reduced<
  name extends ReductionName,
  term extends TermType,
  axis extends string | number,
  keeps extends boolean,
  kept extends string,
  rest extends string,
  below,
  waiting extends Stack,
  terms,
  whole extends string,
> =
  applyReduction<name, term, axis, `${name}(${term[2]}, ${axis extends string ? `'${axis}'` : axis}${kept})`, keeps> extends infer result
    ? result extends string
      ? result
      : operator<rest, [result, below], waiting, terms, whole>
    : never;

// axisOf :: (kind, text) -> name | index | never
type axisOf<kind, text> = kind extends 'axis'
  ? text
  : kind extends 'number'
    ? text extends `${infer index extends number}`
      ? number extends index
        ? never
        : index
      : never
    : never;

// The value twin

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

type Waiting = BinarySign | 'neg' | '(' | { readonly call: FunctionName };

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
      const picked =
        axis.kind === 'axis' ? axis.text : axis.kind === 'number' && `${Number(axis.text)}` === axis.text ? Number(axis.text) : undefined;
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

const isBinary = (text: string): text is BinarySign => text in { '+': 0, '-': 0, '*': 0, '/': 0, '@': 0 };
const isFunction = (text: string): text is FunctionName => isMap(text) || (reductions as readonly string[]).includes(text);

/** The term of an expression over terms, or the sentence about its first mistake. */
export function expression(whole: string, terms: Readonly<Record<string, Term | string>>): Term | string {
  const outcome = walk<Term>(whole, {
    names: Object.keys(terms),
    name: (name) => terms[name] as Term | string,
    number: (text) => ({ dtype: 'number', shape: [], text, form: 'atom', products: [] }),
    negate,
    parenthesised,
    suffix: applySuffix,
    binary: applyBinary,
    call: applyFunction,
    reduce: (name, x, axis, text, keeps) => applyReduction(name, x, axis, `${name}(${x.text}, ${text})`, keeps),
    power: applyPower,
  });
  return typeof outcome === 'string' ? outcome : outcome.result;
}
