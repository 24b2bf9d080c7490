/** What transformations take: functions. */
import { ShapeError } from '../types/shapeError.ts';

/** Throws a `ShapeError` for anything else, such as a tensor: `vjp(f(x))` where `vjp(f)(x)` is meant. */
export function requireFunction(operation: string, f: unknown, what = 'the argument'): void {
  if (typeof f === 'function') return;
  const got = f === null ? 'null' : typeof f;
  throw new ShapeError(`${operation}: ${what} is no function: it has type ${got} (give the function itself, not what it returns)`);
}
