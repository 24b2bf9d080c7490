/**
 * From the text of an expression to its term, or the sentence about its first mistake.
 *
 * Method: Dijkstra's shunting yard: two stacks, of terms and of signs that wait for their right operand. One tail call a
 * token, so that texts of hundreds of characters stay within TypeScript's limits.
 * Invariant: the type walks in the same order as `walk`, by which its value twin goes, so they find the same mistake first.
 */
import type { sortedList } from '../sortedList.ts';
import { applyFunction, applyReduction, type ReductionName } from './functions.ts';
import type {
  axisHint,
  axisOf,
  FunctionName,
  functionList,
  keepHint,
  operandHint,
  operatorHint,
  pairHint,
  powerHint,
  Tight,
} from './grammar.ts';
import { applyBinary, type BinarySign } from './operators.ts';
import type { misplaced, scan } from './scan.ts';
import type { Term, TermType } from './term.ts';
import { applyPower, applySuffix, type isExponent, negate, parenthesised, type Suffix } from './unary.ts';
import { walk } from './walk.ts';

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

// The value twin

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
