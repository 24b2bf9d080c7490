/** A shape for messages, with the sizes of its symbolic axes: `[batch=64, in=2]`. */
import { type Dim, sizeOf } from '../types/dim.ts';

export function showShape(shape: readonly Dim[], sizes: Readonly<Record<number, number | undefined>>): string {
  return `[${shape.map((dim, axis) => (typeof sizeOf(dim) !== 'number' && sizes[axis] !== undefined ? `${dim}=${sizes[axis]}` : dim)).join(', ')}]`;
}
