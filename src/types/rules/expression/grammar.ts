/**
 * The words of expressions: which functions and signs there are, which signs bind tighter than others, what an axis may be,
 * and what to say where something else stands.
 */
import { isMap, type MapName, type ReductionName, reductions } from './functions.ts';
import type { BinarySign } from './operators.ts';

export type FunctionName = MapName | ReductionName;
export type functionList = 'relu, sigmoid, tanh, exp, log, sqrt, sum, mean, max';

export type operandHint = 'an operand is a name, a number, a call or a part in parentheses';
export type operatorHint = 'the operators are + - * / @ ** and the suffixes .T and .mT';
export type pairHint = 'each parenthesis needs its partner';
export type axisHint = 'an axis is a name in quotes, or an index';
export type powerHint = 'exponents are whole numbers from 1 to 99; a power of a power takes parentheses';
export type keepHint = "a reduction is sum(X, 'n') or sum(X, 'n', keepdims)";
export const operandHint: operandHint = 'an operand is a name, a number, a call or a part in parentheses';
export const operatorHint: operatorHint = 'the operators are + - * / @ ** and the suffixes .T and .mT';
export const pairHint: pairHint = 'each parenthesis needs its partner';
export const axisHint: axisHint = 'an axis is a name in quotes, or an index';
export const powerHint: powerHint = 'exponents are whole numbers from 1 to 99; a power of a power takes parentheses';
export const keepHint: keepHint = "a reduction is sum(X, 'n') or sum(X, 'n', keepdims)";

export type Waiting = BinarySign | 'neg' | '(' | { readonly call: FunctionName };

export const isBinary = (text: string): text is BinarySign => text in { '+': 0, '-': 0, '*': 0, '/': 0, '@': 0 };
export const isFunction = (text: string): text is FunctionName => isMap(text) || (reductions as readonly string[]).includes(text);

// Tight :: sign -> the signs that go before it when they wait to its left
export interface Tight {
  readonly '+': BinarySign | 'neg';
  readonly '-': BinarySign | 'neg';
  readonly '*': '*' | '/' | '@' | 'neg';
  readonly '/': '*' | '/' | '@' | 'neg';
  readonly '@': '*' | '/' | '@' | 'neg';
}
export const isTight = (waiting: Waiting, sign: BinarySign | undefined): boolean =>
  waiting !== '(' &&
  typeof waiting === 'string' &&
  (waiting === 'neg' || sign === undefined || sign === '+' || sign === '-' || (waiting !== '+' && waiting !== '-'));

// axisOf :: (kind, text) -> name | index | never
export type axisOf<kind, text> = kind extends 'axis'
  ? text
  : kind extends 'number'
    ? text extends `${infer index extends number}`
      ? number extends index
        ? never
        : index
      : never
    : never;

export const axisOf = (kind: string, text: string): string | number | undefined =>
  kind === 'axis' ? text : kind === 'number' && `${Number(text)}` === text ? Number(text) : undefined;
