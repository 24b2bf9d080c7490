/**
 * Schedules: the rate as a function of the step, which counts from 0. A schedule of a number is a number, to print or to plot; of a scalar
 * tensor it is one, which a compiled step computes from its count.
 *
 * Invariant: both agree to the precision of f32; beyond its last step a schedule stays where it ended.
 */
import { ShapeError, type Tensor } from '../index.ts';
import { before, clamp, cosine, exponential, floor, multiply, type Numeric, plus } from './numeric.ts';
import { needed, notNegative, type OptionTable, positive, requireFigure, requireOptions, share } from './options.ts';

/** A rate for each step: of a number a number, of a scalar on the device a scalar, so that a compiled step stays compiled. */
export interface Schedule {
  (step: number): number;
  (step: Tensor<[]>): Tensor<[]>;
}

/** The formula for numbers and tensors alike, as a schedule. */
function schedule(formula: (step: Numeric) => Numeric): Schedule {
  // seam: a formula of a number is a number, and of a tensor a tensor
  return ((step: Numeric) => plus(multiply(step, 0), formula(step))) as Schedule;
}

/** Always the same. */
export function constant(rate: number): Schedule {
  requireFigure('constant', 'the rate', notNegative, rate);
  return schedule(() => rate);
}

/** The figures of `stepwise`. */
interface StepwiseOptions {
  readonly rate: number;
  readonly every: number;
  readonly factor?: number;
}

/** `rate` times `factor` for every `every` steps that have passed; half a step more, so that no rounding moves an edge. */
export function stepwise(options: StepwiseOptions): Schedule {
  const table: OptionTable<StepwiseOptions> = { rate: needed(notNegative), every: needed(positive), factor: positive };
  const { rate, every, factor = 0.1 } = requireOptions('stepwise', table, options);
  return schedule((step) => multiply(rate, exponential(multiply(floor(multiply(plus(step, 0.5), 1 / every)), Math.log(factor)))));
}

/** The figures of `exponentialDecay`. */
interface ExponentialOptions {
  readonly rate: number;
  readonly every?: number;
  readonly factor: number;
}

/** `rate` times `factor` to the power of step / every, which need not be whole. */
export function exponentialDecay(options: ExponentialOptions): Schedule {
  const table: OptionTable<ExponentialOptions> = { rate: needed(notNegative), every: positive, factor: needed(positive) };
  const { rate, every = 1, factor } = requireOptions('exponentialDecay', table, options);
  return schedule((step) => multiply(rate, exponential(multiply(step, Math.log(factor) / every))));
}

/** From 0 to 1 of the way, in a half wave, as x goes from 0 to 1. */
const halfWave = (x: Numeric): Numeric => plus(multiply(cosine(multiply(clamp(x, 0, 1), Math.PI)), -0.5), 0.5);

const between = (from: number, to: number, way: Numeric): Numeric => plus(multiply(way, to - from), from);

/** The figures of `cosineDecay`. */
interface CosineOptions {
  readonly rate: number;
  readonly steps: number;
  readonly end?: number;
}

/** From `rate` to `end` (0) over `steps`, in a half wave of the cosine. Source: Loshchilov and Hutter, 2017. */
export function cosineDecay(options: CosineOptions): Schedule {
  const table: OptionTable<CosineOptions> = { rate: needed(notNegative), steps: needed(positive), end: notNegative };
  const { rate, steps, end = 0 } = requireOptions('cosineDecay', table, options);
  return schedule((step) => between(rate, end, halfWave(multiply(step, 1 / steps))));
}

/** The figures of `warmupCosine`. */
export interface WarmupOptions {
  readonly rate: number;
  /** The steps of the way up. */
  readonly warmup: number;
  /** All steps, those of the way up among them. */
  readonly steps: number;
  /** Where it ends, 0 by default. */
  readonly end?: number;
}

/** In a line from 0 to `rate`, then as `cosineDecay` to `end`. */
export function warmupCosine(options: WarmupOptions): Schedule {
  const table: OptionTable<WarmupOptions> = {
    rate: needed(notNegative),
    warmup: needed(notNegative),
    steps: needed(positive),
    end: notNegative,
  };
  const { rate, warmup, steps, end = 0 } = requireOptions('warmupCosine', table, options);
  if (warmup >= steps) throw new ShapeError(`warmupCosine: ${warmup} steps of warmup are all ${steps} (give more steps, or less warmup)`);
  return schedule((step) =>
    before(step, warmup, multiply(step, rate / warmup), between(rate, end, halfWave(multiply(plus(step, -warmup), 1 / (steps - warmup))))),
  );
}

/** The figures of `oneCycle`. */
export interface OneCycleOptions {
  /** The largest rate. */
  readonly rate: number;
  readonly steps: number;
  /** The part of the steps on the way up, 0.3 by default. */
  readonly rising?: number;
  /** The largest rate over the first, 25 by default. */
  readonly startFactor?: number;
  /** The first rate over the last, 10 000 by default. */
  readonly endFactor?: number;
}

/** Up from rate / startFactor and down to far below it, in two half waves. Source: Smith and Topin, 2018, in PyTorch's form. */
export function oneCycle(options: OneCycleOptions): Schedule {
  const table: OptionTable<OneCycleOptions> = {
    rate: needed(notNegative),
    steps: needed(positive),
    rising: share,
    startFactor: positive,
    endFactor: positive,
  };
  const { rate, steps, rising = 0.3, startFactor = 25, endFactor = 1e4 } = requireOptions('oneCycle', table, options);
  const first = rate / startFactor;
  const peak = rising * steps - 1;
  return schedule((step) =>
    before(
      step,
      peak,
      between(first, rate, halfWave(multiply(step, 1 / peak))),
      between(rate, first / endFactor, halfWave(multiply(plus(step, -peak), 1 / (steps - 1 - peak)))),
    ),
  );
}
