/** Which of a function's tensors `donate` names: it counts arguments, and an argument may nest many tensors. */
import { leavesOf, type Structure } from '../program/structure.ts';
import { ShapeError } from '../types/shapeError.ts';

/** Positions among all tensors of the arguments. Throws a `ShapeError` where there is no such argument. */
export function donatedLeaves(name: string, args: Structure, donate: readonly number[]): readonly number[] {
  if (!Array.isArray(donate)) throw new ShapeError(`${name}: donate is no list (list the arguments to donate, such as donate: [0])`);
  const items = args.kind === 'tuple' ? args.items : [];
  let first = 0;
  const leaves = items.map((item) => {
    const count = leavesOf(item).length;
    first += count;
    return Array.from({ length: count }, (_, index) => first - count + index);
  });
  return donate.flatMap((argument) => {
    const donated = leaves[argument];
    if (donated === undefined)
      throw new ShapeError(`${name}: there is no argument ${argument} to donate: it has ${items.length} (count from 0)`);
    return donated;
  });
}
