import { expect, test } from 'vitest';
import { literalText } from './literalText.ts';

const evaluate = (text: string): unknown => new Function(`return (${text});`)();

test.each([
  ['numbers', [0, -0, 1.5, -3e-9, 1e21, Number.NaN, Number.POSITIVE_INFINITY]],
  ['text', ["it's", 'a "b"', '\\', 'tab\t', '', '\u2028', 'ü']],
  ['templates', `fn main() {\n  \`$\{x}\` \\n $ {}\r\n}\n`],
  ['keys', { 'p.w': 1, a: 2, 3: 4, 'with space': { b: [] }, constructor: {} }],
  ['nothing', [null, undefined, true, false, {}]],
  ['long', Array.from({ length: 60 }, (_, index) => ({ index, text: `entry ${index}` }))],
])('the text of %s gives the data back', (_, data) => {
  expect(evaluate(literalText(data))).toEqual(data);
});

test('a key that would set the prototype stays a key', () => {
  const data: unknown = JSON.parse('{"__proto__": 1}');
  expect(Object.keys(evaluate(literalText(data)) as object)).toEqual(['__proto__']);
});

test('what fits stands on one line, what does not has a line an entry', () => {
  expect(literalText({ buffer: 0, access: 'read' })).toBe("{ buffer: 0, access: 'read' }");
  const long = { first: 'x'.repeat(70), second: ['y'.repeat(70)] };
  expect(literalText(long)).toBe(`{\n  first: '${'x'.repeat(70)}',\n  second: ['${'y'.repeat(70)}'],\n}`);
});

test('a reference stands for what is written elsewhere', () => {
  const shared = { a: 1 };
  expect(literalText({ forward: shared, again: shared }, { references: new Map([[shared, 'program']]) })).toBe(
    '{ forward: program, again: program }',
  );
});
