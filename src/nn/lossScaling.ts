/**
 * Dynamic loss scaling: gradients that pass through 16-bit floats are kept in their range by a factor on the loss, which grows while
 * all goes well and shrinks when something overflows. A step with a gradient that is not finite is not taken.
 *
 * Everything is data, decided on the device: nothing is read back, and nothing compiles anew.
 * Source: Micikevicius et al., Mixed Precision Training, 2018.
 */
import { choose, mapGradient, sumOver, type Tensor, tensor, zeros } from '../index.ts';
import { type OptionTable, positive, requireOptions } from './options.ts';

/** The largest finite f32. Comparisons with NaN are false. */
const largest = 3.4028234663852886e38;

/** The state of loss scaling: the scale, and for how many steps it has stood. Scalars on the device. */
export interface LossScale {
  readonly scale: Tensor<[]>;
  /** Steps since the last change. */
  readonly steady: Tensor<[], 'i32'>;
}

/** How the scale grows and shrinks. */
export interface LossScalingOptions {
  /** The first scale, 2¹⁵ by default: a power of two, so that scaling does not round. */
  readonly initial?: number;
  /** What the scale is multiplied by after `interval` steps without overflow, 2 by default. */
  readonly growth?: number;
  /** What the scale is multiplied by after an overflow, 0.5 by default. */
  readonly backoff?: number;
  /** 2000 steps by default. */
  readonly interval?: number;
}

/** Scales a loss, unscales its gradients, and moves the scale: what `lossScaling` gives. */
export interface LossScaling {
  initialise(): LossScale;
  /** The loss to differentiate: loss · scale. */
  scaled(loss: Tensor<[]>, state: LossScale): Tensor<[]>;
  /** The gradients without the scale, and whether all of them are finite. */
  unscaled<G>(gradient: G, state: LossScale): { readonly gradient: G; readonly finite: Tensor<[], 'bool'> };
  /** The next scale. */
  next(state: LossScale, finite: Tensor<[], 'bool'>): LossScale;
}

/**
 * @example
 * const scaling = lossScaling();
 * const step = jit((p: Model, state: State, loss: LossScale, x: Batch) => {
 *   const scaled = valueAndGrad((q: Model) => scaling.scaled(lossOf(q, x), loss))(p);
 *   const { gradient, finite } = scaling.unscaled(scaled.gradient, loss);
 *   const next = optimizer.update(p, gradient, state);
 *   return { ...choose(finite, next, { parameters: p, state }), loss: scaling.next(loss, finite) };
 * });
 */
export function lossScaling(options: LossScalingOptions = {}): LossScaling {
  const table: OptionTable<LossScalingOptions> = { initial: positive, growth: positive, backoff: positive, interval: positive };
  const { initial = 2 ** 15, growth = 2, backoff = 0.5, interval = 2000 } = requireOptions('lossScaling', table, options);
  return {
    initialise: () => ({ scale: tensor(initial), steady: zeros([], 'i32') }),
    scaled: (loss, { scale }) => loss.mul(scale),
    unscaled(gradient, { scale }) {
      const finite = sumOver(gradient, (g) => g.le(largest).and(g.ge(-largest)).not().astype('f32').sum()).eq(0);
      return { gradient: mapGradient(gradient, (g) => g.div(scale)), finite };
    },
    next({ scale, steady }, finite) {
      const count = steady.add(1);
      const longEnough = count.ge(interval);
      const kept = choose(longEnough, { scale: scale.mul(growth), steady: zeros([], 'i32') }, { scale, steady: count });
      return choose(finite, kept, { scale: scale.mul(backoff), steady: zeros([], 'i32') });
    },
  };
}
