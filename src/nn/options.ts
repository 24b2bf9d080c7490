/**
 * What options may be, said once for each function in a table, and checked where they enter: types refuse wrong ones as well, but not a
 * NaN or a negative rate, and not where there are no types.
 *
 * Invariant: a table names every option of its type, and says which must be given.
 */
import { ShapeError } from '../index.ts';

/** What a value may be: the words for it, and the check. */
export interface Figure {
  readonly takes: string;
  fits(value: unknown): boolean;
}

/** A figure that must be given. */
interface Needed extends Figure {
  readonly needed: true;
}

export type OptionTable<O> = { readonly [name in keyof O]-?: Record<never, never> extends Pick<O, name> ? Figure : Needed };

const number = (takes: string, fits: (value: number) => boolean): Figure => ({
  takes,
  fits: (value) => typeof value === 'number' && Number.isFinite(value) && fits(value),
});

export const needed = (figure: Figure): Needed => ({ ...figure, needed: true });
export const anyNumber = number('a number', () => true);
export const positive = number('a number over 0', (value) => value > 0);
export const notNegative = number('a number from 0', (value) => value >= 0);
/** A part of the whole. */
export const share = number('a number from 0 to 1', (value) => value >= 0 && value <= 1);
/** What stays of a mean; of 1, nothing new would count. */
export const kept = number('a number from 0 up to, but not including, 1', (value) => value >= 0 && value < 1);
export const flag: Figure = { takes: 'true or false', fits: (value) => typeof value === 'boolean' };
export const functionOf = (what: string): Figure => ({ takes: what, fits: (value) => typeof value === 'function' });
export const structureOf = (what: string): Figure => ({ takes: what, fits: (value) => typeof value === 'object' && value !== null });
export const oneOf = (...words: readonly string[]): Figure => ({
  takes: words.map((word) => `'${word}'`).join(' or '),
  fits: (value) => words.some((word) => word === value),
});
export const either = (a: Figure, b: Figure): Figure => ({
  takes: `${a.takes}, or ${b.takes}`,
  fits: (value) => a.fits(value) || b.fits(value),
});
/** An axis; the shapes that are made of it say what else is wrong. */
export const dim: Figure = {
  takes: "a dim, such as 'in=3'",
  fits: (value) => typeof value === 'string' || typeof value === 'number',
};

/** The value. Throws a `ShapeError`. */
export function requireFigure<T>(operation: string, name: string, figure: Figure, value: T): T {
  if (!figure.fits(value)) throw new ShapeError(`${operation}: ${name} is ${show(value)} (give ${figure.takes})`);
  return value;
}

/** The options. Throws a `ShapeError` for those that are unknown, missing, or no such figures. */
export function requireOptions<O extends object>(operation: string, table: OptionTable<NoInfer<O>>, given: O): O {
  const figures = Object.entries<Figure | Needed>(table);
  const names = figures.map(([name]) => name);
  if (typeof given !== 'object' || given === null)
    throw new ShapeError(`${operation}: the options are ${show(given)} (write them as a literal, such as { ${names[0]}: … })`);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const near = names.find((name) => isNear(unknown.toLowerCase(), name.toLowerCase()));
    const hint = near === undefined ? '' : `did you mean ${near}? `;
    throw new ShapeError(`${operation}: there is no option '${unknown}' (${hint}its options are ${names.join(', ')})`);
  }
  const values = new Map<string, unknown>(Object.entries(given));
  for (const [name, figure] of figures) {
    const value = values.get(name);
    if (value !== undefined) requireFigure(operation, name, figure, value);
    else if ('needed' in figure) throw new ShapeError(`${operation}: ${name} is missing (give ${figure.takes})`);
  }
  return given;
}

function show(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/** One letter more, less or other, two swapped, or one word the beginning of the other. */
function isNear(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (short.length > 2 && long.startsWith(short)) return true;
  if (long.length - short.length > 1) return false;
  const from = [...long].findIndex((letter, at) => letter !== short[at]);
  const [restOfLong, restOfShort] = [long.slice(from), short.slice(from)];
  if (restOfLong.slice(1) === restOfShort || restOfLong.slice(1) === restOfShort.slice(1)) return true;
  return restOfLong[0] === restOfShort[1] && restOfLong[1] === restOfShort[0] && restOfLong.slice(2) === restOfShort.slice(2);
}
