/** Arithmetic on sizes: the compiler's answer is the run's, and both are the number that the symbols' values give. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateTypes } from '../testing/evaluateTypes.ts';
import { addSizes, divideSizes, floorDivideSizes, isLess, multiplySizes, quotientSizes, subtractSizes } from './sizes.ts';
import { parse, show } from './terms.ts';

const values = { a: 6, b: 4, heads: 3, Z: 12, a_1: 5 } as const;

/** What a text comes to, without the code under test. */
const numberOf = (text: string): number => Function(...Object.keys(values), `return ${text}`)(...Object.values(values)) as number;

const literal = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 99_999_999 })).map(String);
const symbol = fc.constantFrom(...Object.keys(values));
const term = fc
  .tuple(
    fc.option(literal),
    fc.array(symbol, { minLength: 1, maxLength: 3 }),
    fc.array(fc.oneof(symbol, fc.constantFrom('2', '3')), { maxLength: 1 }),
  )
  .map(([factor, over, under]) => [[...(factor === null ? [] : [factor]), ...over].join('*'), ...under].join('/'));
const size = fc
  .oneof(
    { weight: 3, arbitrary: literal },
    { weight: 3, arbitrary: term },
    { weight: 2, arbitrary: fc.tuple(term, fc.constantFrom('+', '-'), fc.oneof(literal, term)).map((parts) => parts.join('')) },
  )
  .map((text) => show(parse(text)));

const functions = { addSizes, subtractSizes, multiplySizes, quotientSizes, divideSizes, floorDivideSizes, isLess } as const;
type Name = keyof typeof functions;
const operators: Readonly<Record<Exclude<Name, 'isLess'>, (a: number, b: number) => number>> = {
  addSizes: (a, b) => a + b,
  subtractSizes: (a, b) => a - b,
  multiplySizes: (a, b) => a * b,
  quotientSizes: (a, b) => a / b,
  divideSizes: (a, b) => a / b,
  floorDivideSizes: (a, b) => Math.floor(a / b),
};
const names = Object.keys(functions) as Name[];
const small = fc.oneof(fc.integer({ min: 1, max: 3 }).map(String), symbol);
const pairs = fc
  .sample(fc.tuple(fc.constantFrom(...names), size, fc.oneof({ weight: 2, arbitrary: size }, { weight: 1, arbitrary: small })), {
    seed: 7,
    numRuns: 900,
  })
  .filter(([name, , b]) => !(name.includes('ivide') || name === 'quotientSizes') || b !== '0');

describe('arithmetic on sizes', () => {
  it('is the same for the compiler and at run time', () => {
    const types = evaluateTypes(
      `import type { ${names.join(', ')} } from '../arithmetic/sizes.ts';`,
      pairs.map(([name, a, b]) => `${name}<'${a}', '${b}'>`),
    );
    const found = pairs.map(([name, a, b], at) => [name, a, b, types[at]]);
    expect(found).toEqual(pairs.map(([name, a, b]) => [name, a, b, functions[name](a, b)]));
  });

  it.each(Object.keys(operators) as (keyof typeof operators)[])('%s comes to the number that the values give', (name) => {
    let compared = 0;
    for (const [, a, b] of pairs) {
      const result = functions[name](a, b);
      if (result === false || b === '0') continue;
      const [expected, got] = [operators[name](numberOf(a), numberOf(b)), numberOf(result)];
      if (!Number.isFinite(expected)) continue;
      if (name.includes('ivide') && !(Number.isInteger(numberOf(a)) && Number.isInteger(numberOf(b)))) continue;
      if (name.includes('ivide')) expect(Number.isInteger(got), `${name} ${a}, ${b}: ${result}`).toBe(true);
      expect(Math.abs(got - expected), `${name} ${a}, ${b}: ${result}`).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
      compared += 1;
    }
    expect(compared).toBeGreaterThan(20);
  });

  it('knows an order only where it holds for all symbols', () => {
    expect([
      isLess('2', '10'),
      isLess('batch', 'batch+1'),
      isLess('batch', 'batch'),
      isLess('batch', '3'),
      isLess('batch+1', 'batch'),
    ]).toEqual([true, true, false, 'unknown', false]);
  });

  it.each([
    ['d/heads', 'heads', 'd'],
    ['50257', '768', '38597376'],
    ['9999999', '9999999', '99999980000001'],
    ['batch+2', 'heads', 'batch*heads+2*heads'],
  ])('%s times %s is %s', (a, b, expected) => expect(multiplySizes(a, b)).toBe(expected));
});
