/**
 * First weights, drawn from a key: the same key gives the same weights, on every device.
 *
 * The first axis counts as the inputs of what the weights are for, the others as its outputs; `inputs: 2` says that the first two are,
 * as in the [head, e, out] of an attention's last product, and `inputs: 'convolution'` that the shape is [out, in, ...window].
 *
 * Invariant: the variance of what comes out is that of what goes in, by each source's assumptions.
 */
import {
  type Dim,
  type Draw,
  einsum,
  type Key,
  type LegalShape,
  randomNormal,
  randomUniform,
  type Shape,
  ShapeError,
  type Tensor,
} from '../index.ts';
import { anyNumber, either, type OptionTable, oneOf, positive, requireOptions } from './options.ts';

/** What an initialiser takes for the inputs of a weight. */
export interface FanOptions {
  /** How many of the first axes are inputs, 1 by default. */
  readonly inputs?: number | 'convolution';
  /** A factor, 1 by default. */
  readonly gain?: number;
}

const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);

interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** How many inputs each output has, and how many outputs each input. */
function fans(sizes: readonly number[], inputs: number | 'convolution'): Fans {
  if (inputs !== 'convolution') return { fanIn: product(sizes.slice(0, inputs)), fanOut: product(sizes.slice(inputs)) };
  const [out = 1, channels = 1, ...window] = sizes;
  return { fanIn: channels * product(window), fanOut: out * product(window) };
}

const figures: OptionTable<FanOptions> = { inputs: either(positive, oneOf('convolution')), gain: anyNumber };

/** Drawn numbers of unit scale times what the fans ask for. */
function initialiser<operation extends string>(
  name: string,
  draw: (key: Key, shape: never) => unknown,
  scale: (fans: Fans) => number,
): Draw<operation, 'f32', FanOptions> {
  // seam: the signature gives the result its shape; here it is whatever was drawn
  return ((key: Key, shape: never, options: FanOptions = {}) => {
    const { inputs = 1, gain = 1 } = requireOptions(name, figures, options);
    const drawn = draw(key, shape) as Tensor<Shape>;
    return drawn.mul(gain * scale(fans(drawn.sizes, inputs)));
  }) as never;
}

const evenly = (key: Key, shape: never): unknown => randomUniform(key, shape, { low: -1, high: 1 });
const normally = (key: Key, shape: never): unknown => randomNormal(key, shape);

/** Uniform with variance 2 / (inputs + outputs). Shapes: the given one, or the given tensor's. Source: Glorot and Bengio, 2010. */
export const xavierUniform = initialiser<'randomUniform'>('xavierUniform', evenly, ({ fanIn, fanOut }) => Math.sqrt(6 / (fanIn + fanOut)));

/** Normal with variance 2 / (inputs + outputs). Shapes and source: as `xavierUniform`. */
export const xavierNormal = initialiser<'randomNormal'>('xavierNormal', normally, ({ fanIn, fanOut }) => Math.sqrt(2 / (fanIn + fanOut)));

/** Uniform with variance 2 / inputs, for what a relu follows. Shapes: the given one, or the given tensor's. Source: He et al., 2015. */
export const heUniform = initialiser<'randomUniform'>('heUniform', evenly, ({ fanIn }) => Math.sqrt(6 / fanIn));

/** Normal with variance 2 / inputs. Shapes and source: as `heUniform`. */
export const heNormal = initialiser<'randomNormal'>('heNormal', normally, ({ fanIn }) => Math.sqrt(2 / fanIn));

/** x xᵀ x: each singular value to its third power. */
const cubed = <I extends Dim, O extends Dim>(x: Tensor<[I, O]>, y = x): Tensor<[I, O]> => einsum('io,po,pq->iq', y, x, x);

const growing = { steps: 14, first: 3.4445, third: -4.775, fifth: 2.0315 } as const;
const settling = 8;

/**
 * A matrix whose rows, or columns if there are fewer of them, are orthonormal, times `gain`: lengths stay, through many layers.
 *
 * Shapes: [in, out]. The singular values of a random matrix are all driven to 1 by polynomials, first fast (Jordan et al., 2024), then
 * exactly (Björck and Bowie, 1971). Source: Saxe et al., 2014.
 */
export function orthogonal<const I extends Dim, const O extends Dim>(
  key: Key,
  shape: LegalShape<'randomNormal', readonly [I, O]>,
  options: { readonly gain?: number } = {},
): Tensor<[I, O]> {
  const { gain = 1 } = requireOptions('orthogonal', { gain: anyNumber }, options);
  const drawn = randomNormal(key, shape as never) as unknown as Tensor<[I, O]>; // seam: the shape was checked where it entered
  if (drawn.shape.length !== 2) throw new ShapeError(`orthogonal: takes rank 2, not rank ${drawn.shape.length} (give two axes)`);
  let x = drawn.div(drawn.mul(drawn).sum().sqrt());
  for (let step = 0; step < growing.steps; step++) {
    const third = cubed(x);
    x = x.mul(growing.first).add(third.mul(growing.third)).add(cubed(x, third).mul(growing.fifth));
  }
  for (let step = 0; step < settling; step++) x = x.mul(1.5).sub(cubed(x).mul(0.5));
  return x.mul(gain);
}
