/** Convolutions, pools and embeddings as the language writes them: windows are skewed broadcasts, everything else is a contract or a reduction. */
import * as b from '../../graph/build.ts';
import type { Value } from '../../graph/value.ts';
import { windows as windowsOf } from '../../graph/windows.ts';
import { sizeOf } from '../../types/dim.ts';
import { at } from '../at.ts';

export interface Sliding {
  readonly width: number;
  readonly stride?: number;
  readonly dilation?: number;
  readonly padding?: number;
}

/** The windows along an axis: it becomes two, the windows' places and the places within a window. */
export function windows(x: Value, axis: number, { width, stride = 1, dilation = 1, padding = 0 }: Sliding, outside = 0): Value {
  const padded = Number(sizeOf(at(x.shape, axis))) + 2 * padding;
  const places = Math.floor((padded - (width - 1) * dilation - 1) / stride) + 1;
  return windowsOf(x, { axis, width, places, padded, stride, dilation, low: padding, high: padding, outside });
}

/** x: [n, t, in], w: [width, in, out] -> [n, t', out] */
export function conv1d(x: Value, w: Value, sliding: Omit<Sliding, 'width'> = {}): Value {
  return b.contract(windows(x, 1, { ...sliding, width: Number(at(w.shape, 0)) }), w, { left: [2, 3], right: [0, 1] });
}

/** x: [n, y, x, in], w: [height, width, in, out] -> [n, y', x', out] */
export function conv2d(x: Value, w: Value, sliding: Omit<Sliding, 'width'> = {}): Value {
  const [height, width] = [Number(at(w.shape, 0)), Number(at(w.shape, 1))];
  const patches = windows(windows(x, 1, { ...sliding, width: height }), 3, { ...sliding, width });
  return b.contract(patches, w, { left: [2, 4, 5], right: [0, 1, 2] });
}

/** x: [n, y, x, groups, in], w: [height, width, groups, in, out] -> [n, y', x', groups, out] */
export function groupedConv2d(x: Value, w: Value, sliding: Omit<Sliding, 'width'> = {}): Value {
  const [height, width] = [Number(at(w.shape, 0)), Number(at(w.shape, 1))];
  const patches = windows(windows(x, 1, { ...sliding, width: height }), 3, { ...sliding, width });
  const y = b.contract(patches, w, { left: [2, 4, 6], right: [0, 1, 3], leftBatch: [5], rightBatch: [2] });
  return b.permute(y, [1, 2, 3, 0, 4]);
}

/** x: [n, y, x, c] -> [n, y', x', c] */
export function pool2d(x: Value, kind: 'max' | 'mean', sliding: Sliding): Value {
  const outside = kind === 'max' ? Number.NEGATIVE_INFINITY : 0;
  const patches = windows(windows(x, 1, sliding, outside), 3, sliding, outside);
  if (kind === 'max') return b.reduceMax(patches, [2, 4]);
  const sum = b.reduceSum(patches, [2, 4]);
  return b.div(sum, b.constantLike(sum, sliding.width ** 2));
}
