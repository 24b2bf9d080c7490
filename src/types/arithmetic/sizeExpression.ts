/**
 * Size texts as expressions: what programs carry, and what a run evaluates. Reads the normal form (`terms.ts`) without its
 * arithmetic, which programs that are compiled ahead of time do not carry.
 *
 * Invariant: products come before quotients, so that whole numbers stay whole as long as they can.
 */

/** A size that may be unknown until run time: a number, the name of a symbolic axis, or arithmetic over sizes. */
export type Size =
  | number
  | string
  | { readonly op: 'add' | 'subtract' | 'multiply' | 'divide' | 'ceilDivide'; readonly left: Size; readonly right: Size };

type Operation = Extract<Size, object>['op'];

const joined =
  (op: Operation) =>
  (left: Size, right: Size): Size => ({ op, left, right });

const product = (factors: string): Size =>
  factors
    .split('*')
    .map((factor): Size => (/^\d/.test(factor) ? Number(factor) : factor))
    .reduce(joined('multiply'));

const termSize = (term: string): Size => {
  const [over = '', ...under] = term.replace(/^[+-]/, '').split('/');
  return under.length === 0 ? product(over) : joined('divide')(product(over), product(under.join('*')));
};

/** `'2*batch+1'` as an expression; a text without arithmetic as a number or a symbol. What is subtracted comes last. */
export function sizeExpression(text: string): Size {
  const terms = text.match(/[+-]?[^+-]+/g) ?? [text];
  const isSubtracted = (term: string): boolean => term.startsWith('-');
  const [first = 0, ...others] = terms.filter((term) => !isSubtracted(term)).map(termSize);
  return terms
    .filter(isSubtracted)
    .map(termSize)
    .reduce(joined('subtract'), others.reduce(joined('add'), first));
}
