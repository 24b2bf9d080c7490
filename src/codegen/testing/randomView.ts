/**
 * A view chosen by three numbers, for tests on random graphs.
 *
 * Invariant: any numbers make a well-formed view of a value with literal sizes; elements stay few.
 */
import * as b from '../../graph/build.ts';
import type { Value } from '../../graph/value.ts';
import { sizesOf } from '../3-fuse/views.ts';
import { at } from '../at.ts';

const elementLimit = 300;

export function randomView(x: Value, [kind, first, second]: readonly [number, number, number]): Value {
  const sizes = sizesOf(x).map(({ literal }) => literal);
  const count = sizes.reduce((product, size) => product * size, 1);
  const rank = sizes.length;
  const axis = first % Math.max(1, rank);
  const size = sizes[axis] ?? 1;
  const entries = (value: number, otherwise: number): number[] => sizes.map((_, i) => (i === axis ? value : otherwise));
  const flat = (): Value => b.reshape(x, [count]);
  if (rank === 0) return b.reshape(x, [1]);
  const makers: readonly (() => Value)[] = [
    () =>
      b.permute(
        x,
        [...sizes.keys()].map((i) => (i + first) % rank),
      ),
    () => {
      const divisor = [2, 3, 4].find((by) => count % by === 0) ?? 1;
      return second % 2 === 0 ? b.reshape(x, [divisor, count / divisor]) : flat();
    },
    () =>
      count * 2 > elementLimit
        ? flat()
        : b.broadcast(
            x,
            sizes.toSpliced(axis, 0, 2),
            [...sizes.keys()].map((i) => (i < axis ? i : i + 1)),
          ),
    () => {
      const start = second % size;
      const stride = 1 + (first % 3);
      const taken = Math.ceil((size - start) / stride);
      return b.slice(x, {
        starts: entries(start, 0),
        limits: sizes.map(() => undefined),
        strides: entries(stride, 1),
        shape: entries(taken, 0).map((n, i) => n || at(sizes, i)),
      });
    },
    () => {
      const [low, high, interior] = [second % 3, first % 3, (first + second) % 3];
      const padded = low + (size - 1) * (interior + 1) + 1 + high;
      if ((count / size) * padded > elementLimit) return flat();
      return b.pad(x, {
        low: entries(low, 0),
        high: entries(high, 0),
        interior: entries(interior, 0),
        value: second % 2,
        shape: sizes.with(axis, padded),
      });
    },
    () => {
      const [width, dilation, stride] = [1 + (second % 3), 1 + (first % 2), 1 + (second % 2)];
      const reach = (width - 1) * dilation + 1;
      if (reach > size || count * width > elementLimit) return flat();
      const wide = b.broadcast(x, [...sizes, width], [...sizes.keys()]);
      const steps = Math.floor((size - reach) / stride) + 1;
      return b.skew(wide, { axis, window: rank, stride, dilation, shape: [...sizes, width].with(axis, steps) });
    },
    () => {
      const [width, dilation, stride] = [1 + (second % 3), 1 + (first % 2), 1 + (second % 2)];
      const flatSize = (size - 1) * stride + (width - 1) * dilation + 1 + (first % 2);
      if ((count / size) * width * flatSize > elementLimit) return flat();
      const wide = b.broadcast(x, [...sizes, width], [...sizes.keys()]);
      return b.unskew(wide, { axis, window: rank, stride, dilation, shape: [...sizes, width].with(axis, flatSize) });
    },
  ];
  return at(makers, kind % makers.length)();
}
