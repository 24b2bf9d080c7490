/**
 * Dims and shapes for property tests, as values and as the text of their types.
 *
 * Invariant: few names and sizes, so that matches, repetitions and broadcasts are as frequent as mismatches.
 */
import fc from 'fast-check';
import type { Dim } from '../dim.ts';
import { repeatedName, type Shape } from '../shape.ts';

const names = ['n', 'in', 'out', 'n2'] as const;
const name = fc.constantFrom(...names);
const size = fc.constantFrom(1, 2, 3, 64);

/** `3`, `'in=2'`, `'batch'`, `'row=batch'`, `'2*batch'`. */
export const legalDim: fc.Arbitrary<Dim> = fc.oneof(
  { weight: 2, arbitrary: size },
  { weight: 4, arbitrary: fc.tuple(name, size).map(([axis, extent]) => `${axis}=${extent}`) },
  { weight: 2, arbitrary: fc.constantFrom('batch', 'time', 'n') },
  { weight: 1, arbitrary: fc.tuple(name, fc.constantFrom('batch', 'time')).map(([axis, symbol]) => `${axis}=${symbol}`) },
  { weight: 1, arbitrary: fc.constantFrom('2*batch', 'batch/2', 'h=batch/2', 'batch+1', 'n=2*batch*time', 'in=batch-1') },
);

/** Also dims that no tensor may have. */
export const anyDim: fc.Arbitrary<Dim> = fc.oneof(
  { weight: 5, arbitrary: legalDim },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Dim>(
      0,
      -1,
      'batch*2',
      'in=2*3',
      'a/b/',
      'a*',
      'in=3/2',
      'b+a',
      'in=4/2',
      'a-a',
      '1/a*b',
      'in=d/h*e',
      2.5,
      1e21,
      1e15,
      999999999999999,
      '',
      '=',
      '=3',
      'in=',
      'in=0',
      'in=-1',
      'in=2.5',
      'in=03',
      'in=1e3',
      'in=0x10',
      'in= 3',
      'in=+3',
      'in=3x',
      'in=1000000000000000',
      'in=9007199254740993',
      'in=1e21',
      'in=1000000000000000000000',
      'in=_b',
      'in=b=3',
      'in=b-c',
      'in=batch=',
      '3',
      '2d',
      'a b',
      'a-b',
      '_a',
      'größe',
      'a1_B',
      'in=3 ',
      'in=Infinity',
      'in=NaN',
    ),
  },
);

/** Any list of legal dims, names repeated or not. */
export const dims = (maxLength = 4): fc.Arbitrary<Shape> => fc.array(legalDim, { maxLength });

/** A shape that a tensor may have. */
export const legalShape = (maxLength = 4): fc.Arbitrary<Shape> => dims(maxLength).filter((shape) => repeatedName(shape) === undefined);

/** A type's text: strings quoted, lists as tuples. */
export function typeText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(typeText).join(', ')}]`;
  return typeof value === 'number' || typeof value === 'string' ? JSON.stringify(value) : String(value);
}
