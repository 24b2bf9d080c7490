/**
 * First parameters of layers, from a key and the sizes of their axes: plain structures, which `parameters` then names.
 *
 * @example parameters({ hidden: linearParameters(a, { in: 'pixel=784', out: 'hidden=128' }), last: linearParameters(b, { … }) })
 *
 * Invariant: no two tensors of a structure are drawn from one key.
 */
import { type Dim, type Draw, type Key, ones, type Shape, type SizedShape, splitKey, type Tensor, type WithName, zeros } from '../index.ts';
import { sizeText } from './axisSize.ts';
import type { Scale, Statistics } from './batchNorm.ts';
import { type FanOptions, xavierUniform } from './initialisers.ts';
import { dim, functionOf, needed, type OptionTable, requireFigure, requireOptions } from './options.ts';
import type { Gated, Gru, Recurrent } from './recurrent.ts';
import type { TransformerBlock } from './transformerBlock.ts';

/** A dim that has a size, or the sentence that refuses it. */
type Sized<D extends Dim> = [SizedShape<'parameters', readonly [D]>] extends [readonly [D]] ? D : SizedShape<'parameters', readonly [D]>;

/** How weights are drawn: `xavierUniform` unless another initialiser is given. */
export interface DrawnBy {
  readonly weights?: Draw<'randomUniform', 'f32', FanOptions> | Draw<'randomNormal', 'f32', FanOptions>;
}

// seam: every dim was checked where it entered
const seam = <T>(sizes: unknown): T => sizes as T;
const dims = <T extends object>(operation: string, names: readonly (keyof T & string)[], sizes: unknown): T =>
  requireOptions(operation, Object.fromEntries(names.map((name) => [name, needed(dim)])) as never, sizes as T);
const drawing: OptionTable<DrawnBy> = { weights: functionOf('an initialiser, such as heNormal') };
const drawn = <S extends Shape>(weights: unknown, key: Key, shape: readonly [...S], inputs = 1): Tensor<S> =>
  (weights as (key: Key, shape: Shape, options: FanOptions) => Tensor<S>)(key, shape, { inputs });
const filled = <S extends Shape>(fill: unknown, shape: readonly [...S]): Tensor<S> => (fill as (shape: Shape) => Tensor<S>)(shape);

/** For `linear`: w drawn, b zeros. */
export function linearParameters<const I extends Dim, const O extends Dim>(
  key: Key,
  sizes: { readonly in: Sized<I>; readonly out: Sized<O> },
  options: DrawnBy = {},
): { readonly w: Tensor<[I, O]>; readonly b: Tensor<[O]> } {
  const { weights = xavierUniform } = requireOptions('linearParameters', drawing, options);
  const { in: i, out } = dims<{ in: I; out: O }>('linearParameters', ['in', 'out'], sizes);
  return { w: drawn(weights, key, [i, out]), b: filled(zeros, [out]) };
}

/** For `layerNorm`, `rmsNorm` and `batchNorm`: gamma ones, beta zeros. */
export function normParameters<const C extends Dim>(size: Sized<C>): Scale<C> {
  const c = seam<C>(requireFigure('normParameters', 'the size', dim, size));
  return { gamma: filled(ones, [c]), beta: filled(zeros, [c]) };
}

/** For `batchNorm`, before the first step: mean zeros, variance ones. */
export function statistics<const C extends Dim>(size: Sized<C>): Statistics<C> {
  const c = seam<C>(requireFigure('statistics', 'the size', dim, size));
  return { mean: filled(zeros, [c]), variance: filled(ones, [c]) };
}

interface Attention<I extends Dim, H extends Dim, E extends Dim> {
  readonly q: Tensor<[I, H, E]>;
  readonly k: Tensor<[I, H, E]>;
  readonly v: Tensor<[I, H, E]>;
  readonly out: Tensor<[H, E, I]>;
}

/** For `multiHeadAttention` and `crossAttention` of what has one size. */
export function attentionParameters<const I extends Dim, const H extends Dim, const E extends Dim>(
  key: Key,
  sizes: { readonly in: Sized<I>; readonly head: Sized<H>; readonly headDim: Sized<E> },
  options: DrawnBy = {},
): Attention<I, H, E> {
  const { weights = xavierUniform } = requireOptions('attentionParameters', drawing, options);
  const { in: i, head, headDim } = dims<{ in: I; head: H; headDim: E }>('attentionParameters', ['in', 'head', 'headDim'], sizes);
  const [q, k, v, out] = splitKey(key, 4);
  return {
    q: drawn(weights, q, [i, head, headDim]),
    k: drawn(weights, k, [i, head, headDim]),
    v: drawn(weights, v, [i, head, headDim]),
    out: drawn(weights, out, [head, headDim, i], 2),
  };
}

/** For `transformerBlock`; `hidden` is the perceptron's. */
export function transformerBlockParameters<const C extends Dim, const H extends Dim, const E extends Dim, const F extends Dim>(
  key: Key,
  sizes: { readonly model: Sized<C>; readonly head: Sized<H>; readonly headDim: Sized<E>; readonly hidden: Sized<F> },
  options: DrawnBy = {},
): TransformerBlock<C, H, E, F> {
  const { weights = xavierUniform } = requireOptions('transformerBlockParameters', drawing, options);
  const { model, head, headDim, hidden } = dims<{ model: C; head: H; headDim: E; hidden: F }>(
    'transformerBlockParameters',
    ['model', 'head', 'headDim', 'hidden'],
    sizes,
  );
  const [attention, first, last] = splitKey(key, 3);
  const norm = () => ({ gamma: filled(ones, [model]), beta: filled(zeros, [model]) });
  return {
    attentionNorm: norm(),
    attention: attentionParameters<C, H, E>(attention, seam({ in: model, head, headDim }), { weights }),
    perceptronNorm: norm(),
    first: { w: drawn(weights, first, [model, hidden]), b: filled(zeros, [hidden]) },
    last: { w: drawn(weights, last, [hidden, model]), b: filled(zeros, [model]) },
  };
}

/** The name of an axis and its size, under another name. */
const recurrent = <H extends Dim>(hidden: H): WithName<H, 'recurrent'> => seam(`recurrent=${sizeText(hidden)}`);

/** For `rnn`. */
export function rnnParameters<const I extends Dim, const H extends Dim>(
  key: Key,
  sizes: { readonly in: Sized<I>; readonly hidden: Sized<H> },
  options: DrawnBy = {},
): Recurrent<I, H> {
  const { weights = xavierUniform } = requireOptions('rnnParameters', drawing, options);
  const { in: i, hidden } = dims<{ in: I; hidden: H }>('rnnParameters', ['in', 'hidden'], sizes);
  const [x, h] = splitKey(key, 2);
  return { x: drawn(weights, x, [i, hidden]), h: drawn(weights, h, [recurrent(hidden), hidden]), b: filled(zeros, [hidden]) };
}

/** For `gru`. */
export function gruParameters<const I extends Dim, const H extends Dim>(
  key: Key,
  sizes: { readonly in: Sized<I>; readonly hidden: Sized<H> },
  options: DrawnBy = {},
): Gru<I, H> {
  const { weights = xavierUniform } = requireOptions('gruParameters', drawing, options);
  const { in: i, hidden } = dims<{ in: I; hidden: H }>('gruParameters', ['in', 'hidden'], sizes);
  const [x, h] = splitKey(key, 2);
  const bias = (): Tensor<['gate=3', H]> => filled(zeros, ['gate=3', hidden]);
  return {
    x: drawn(weights, x, [i, 'gate=3', hidden]),
    h: drawn(weights, h, [recurrent(hidden), 'gate=3', hidden]),
    b: bias(),
    bh: bias(),
  };
}

/** For `lstm`. */
export function lstmParameters<const I extends Dim, const H extends Dim>(
  key: Key,
  sizes: { readonly in: Sized<I>; readonly hidden: Sized<H> },
  options: DrawnBy = {},
): Gated<I, H, 'gate=4'> {
  const { weights = xavierUniform } = requireOptions('lstmParameters', drawing, options);
  const { in: i, hidden } = dims<{ in: I; hidden: H }>('lstmParameters', ['in', 'hidden'], sizes);
  const [x, h] = splitKey(key, 2);
  return {
    x: drawn(weights, x, [i, 'gate=4', hidden]),
    h: drawn(weights, h, [recurrent(hidden), 'gate=4', hidden]),
    b: filled(zeros, ['gate=4', hidden]),
  };
}
