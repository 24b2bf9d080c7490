/**
 * What convolutions and pools leave to add: a bias for each channel, and the mean over all places. `conv1d`, `conv2d` and the pools are
 * members of tensors: `channelBias2d(x.conv2d(p.w, { padding: 1 }), p.b)`.
 */
import type { Dim, Tensor } from '../index.ts';

/** y + b, a number for each channel. Shapes: [n, c, t] with [c] → the same. Gradient: db = dY summed over n and t. */
export const channelBias1d = <N extends Dim, C extends Dim, T extends Dim>(
  y: Tensor<[N, C, T]>,
  b: Tensor<[NoInfer<C>]>,
): Tensor<[N, C, T]> => y.permute(0, 2, 1).add(b).permute(0, 2, 1);

/** y + b, a number for each channel. Shapes: [n, c, h, w] with [c] → the same. Gradient: db = dY summed over n, h and w. */
export const channelBias2d = <N extends Dim, C extends Dim, H extends Dim, W extends Dim>(
  y: Tensor<[N, C, H, W]>,
  b: Tensor<[NoInfer<C>]>,
): Tensor<[N, C, H, W]> => y.permute(0, 2, 3, 1).add(b).permute(0, 3, 1, 2);

/** The mean of each channel over all places. Shapes: [n, c, h, w] → [n, c]. Gradient: dY / (h w). */
export const globalMeanPool2d = <N extends Dim, C extends Dim, H extends Dim, W extends Dim>(x: Tensor<[N, C, H, W]>): Tensor<[N, C]> =>
  x.mean([2, 3]);
