/**
 * Convolutions and pools on values: windows are skewed views, everything else is a contract or a reduction.
 *
 * Invariant: a rule is asked before anything is recorded, and no array of windows is ever stored: its axes are index maps of the
 * kernels that read it.
 */
import { constantLike, contract, div, type Origin, permute, reduceMax, reduceSum, reshape } from '../graph/build.ts';
import type { Value } from '../graph/value.ts';
import { windows } from '../graph/windows.ts';
import { divideSizes } from '../types/arithmetic/sizes.ts';
import { type Dim, dimOf, sizeTextOf } from '../types/dim.ts';
import { isFloating } from '../types/dtype.ts';
import { type ConvolutionName, convolutionProblem, convolutionShape } from '../types/rules/convolution.ts';
import { dtypeProblem } from '../types/rules/dtype.ts';
import { type PoolName, poolProblem, poolShape, widthsOf, withStride } from '../types/rules/pool.ts';
import { paddingOf } from '../types/rules/sliding.ts';
import { type Options, optionAt } from '../types/rules/windowOptions.ts';
import { type Shape, showShape } from '../types/shape.ts';
import { ShapeError } from '../types/shapeError.ts';

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new ShapeError(problem);
}

function requireFloating(operation: string, x: Value): void {
  if (isFloating(x.dtype)) return;
  throw new ShapeError(`${operation}: takes f32, not ${x.dtype}${showShape(x.shape)} (make the tensor f32)`);
}

const sizeDim = (dim: Dim): Dim => dimOf(sizeTextOf(dim));

/** Windows along the last axes of [...leading, ...spatial]: [...leading, places, width, places, width]. */
function slide(x: Value, places: Shape, widths: Shape, options: Options, outside: number, origin: Origin | undefined): Value {
  const leading = x.shape.length - widths.length;
  const paddings = paddingOf(widths, options);
  return widths.reduce<Value>((value, width, i) => {
    const axis = leading + 2 * i;
    const { low = 0, high = 0 } = paddings[i] ?? {};
    const size = Number(sizeTextOf(value.shape[axis] as Dim));
    const [stride, dilation] = [Number(optionAt(options, 'stride', i, '1')), Number(optionAt(options, 'dilation', i, '1'))];
    const place = {
      axis,
      width: sizeDim(width),
      places: places[i] as Dim,
      padded: size + low + high,
      stride,
      dilation,
      low,
      high,
      outside,
    };
    return windows(value, place, origin);
  }, x);
}

/** x: [n, c, ...spatial], w: [o, c / groups, ...kernel]. */
export function convolve(operation: ConvolutionName, x: Value, w: Value, options: Options = {}, origin?: Origin): Value {
  requireFloating(operation, x);
  refuse(dtypeProblem(operation, x.dtype, x.shape, w.dtype, w.shape));
  refuse(convolutionProblem(operation, x.shape, w.shape, options));
  const [n, o, ...places] = convolutionShape(x.shape, w.shape, options) as [Dim, Dim, ...Dim[]];
  const [, , ...kernel] = w.shape;
  const [inWindows, inKernel, placeAxes] = [kernel.map((_, i) => 2 * i + 3), kernel.map((_, i) => i + 2), kernel.map((_, i) => i + 2)];
  const groups = optionAt(options, 'groups', 0, '1');
  if (groups === '1') {
    const plain = reshape(w, [o, w.shape[1] as Dim, ...kernel.map(sizeDim)], origin);
    const patches = slide(x, places, kernel, options, 0, origin);
    const y = contract(patches, plain, { left: [1, ...inWindows], right: [1, ...inKernel] }, origin);
    // [n, ...places, o]
    return permute(y, [0, places.length + 1, ...placeAxes.map((axis) => axis - 1)], origin);
  }
  // Axes of their own for the groups; anonymous, for the names are of the whole axes.
  const [g, c, each] = [dimOf(groups), sizeDim(w.shape[1] as Dim), dimOf(divideSizes(sizeTextOf(o), groups) || '1')];
  const grouped = reshape(x, [n, g, c, ...x.shape.slice(2)], origin);
  const blocks = reshape(w, [g, each, c, ...kernel.map(sizeDim)], origin);
  const patches = slide(grouped, places, kernel, options, 0, origin);
  const axes = { left: [2, ...inWindows.map((axis) => axis + 1)], right: [2, ...inKernel.map((axis) => axis + 1)] };
  const y = contract(patches, blocks, { ...axes, leftBatch: [1], rightBatch: [0] }, origin);
  // [g, n, ...places, each]
  return reshape(permute(y, [1, 0, places.length + 2, ...placeAxes], origin), [n, o, ...places], origin);
}

/** x: [n, c, ...spatial]. */
export function pool(operation: PoolName, x: Value, size: number | readonly number[], options: Options = {}, origin?: Origin): Value {
  requireFloating(operation, x);
  refuse(poolProblem(operation, x.shape, size, options));
  const [, , ...places] = poolShape(operation, x.shape, size, options);
  const widths = widthsOf(size, places.length);
  const isMax = operation === 'maxPool1d' || operation === 'maxPool2d';
  const patches = slide(x, places, widths, withStride(options, size), isMax ? Number.NEGATIVE_INFINITY : 0, origin);
  const within = widths.map((_, i) => 2 * i + 3);
  if (isMax) return reduceMax(patches, within, origin);
  const sum = reduceSum(patches, within, origin);
  const count = widths.reduce<number>((product, width) => product * Number(width), 1);
  return div(sum, constantLike(sum, count, origin), origin);
}
