/** What transformations may be told: options that exist. Types refuse others; without types they would count for nothing, in silence. */
import { ShapeError } from '../types/shapeError.ts';

/** Throws a `ShapeError` for what are no options, and for one that is not in the table, which lists all. */
export function requireOptionNames<O>(operation: string, options: unknown, table: Readonly<Record<keyof O & string, string>>): void {
  const [first] = Object.entries(table);
  if (typeof options !== 'object' || options === null)
    throw new ShapeError(`${operation}: the options are not known (write them as a literal, such as { ${first?.join(': ')} })`);
  const other = Object.keys(options).find((name) => !Object.hasOwn(table, name));
  if (other !== undefined)
    throw new ShapeError(`${operation}: there is no option '${other}' (its options are ${Object.keys(table).join(', ')})`);
}
