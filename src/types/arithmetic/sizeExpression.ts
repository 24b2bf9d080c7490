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

const product = (factors: readonly string[]): Size =>
  factors.map((factor): Size => (/^\d/.test(factor) ? Number(factor) : factor)).reduce((left, right) => ({ op: 'multiply', left, right }));

function termSize(term: string): Size {
  const [over = '', ...under] = term.split('/');
  const left = product(over.split('*'));
  return under.length === 0 ? left : { op: 'divide', left, right: product(under) };
}

/** `'2*batch+1'` as an expression; a text without arithmetic as a number or a symbol. What is subtracted comes last. */
export function sizeExpression(text: string): Size {
  const terms = text.match(/[+-]?[^+-]+/g) ?? [text];
  const added = terms.filter((term) => !term.startsWith('-')).map((term) => termSize(term.replace('+', '')));
  const [first = 0, ...others] = added;
  const sum = others.reduce((left, right): Size => ({ op: 'add', left, right }), first);
  return terms
    .filter((term) => term.startsWith('-'))
    .reduce((left, term): Size => ({ op: 'subtract', left, right: termSize(term.slice(1)) }), sum);
}
