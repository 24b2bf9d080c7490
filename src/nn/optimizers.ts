/**
 * Optimizers: pure functions from parameters, their gradient and a state to the next parameters and the next state.
 *
 * A step is data, not code: the count of steps is a tensor of the state, and the rate is a number, a schedule of that count, or a scalar
 * given with an update, so that a compiled step stays compiled whatever the rate becomes. State and parameters may be donated.
 *
 * Invariant: an update takes the gradient of these very parameters; what is remembered of each has its shape.
 */
import {
  type Gradient,
  type NamedParameters,
  type RuleWithState,
  type State,
  type Tensor,
  updateWithState,
  zeros,
  zerosLike,
} from '../index.ts';
import {
  either,
  type Figure,
  functionOf,
  kept as keptPart,
  needed,
  notNegative,
  type OptionTable,
  requireFigure,
  requireOptions,
  share,
} from './options.ts';
import { constant, type Schedule } from './schedules.ts';

/** What an optimizer remembers of the parameters `P`: plain tensors, and the number of updates. */
export interface OptimizerState<P, K extends string> {
  /** How many updates there were. */
  readonly step: Tensor<[], 'i32'>;
  /** What is remembered of each parameter, under the optimizer's names for it. */
  readonly memory: { readonly [key in K]: State<P> };
}

/** A rule for updates with what it remembers: `initialise` once, `update` in each step. `K` are its names for what it remembers. */
export interface Optimizer<K extends string> {
  /** The state before the first update: zeros. */
  initialise<P>(parameters: P): OptimizerState<P, K>;
  /**
   * The next parameters and the next state. A `rate` given here goes before the optimizer's own.
   *
   * Shapes: all stay. Errors: gradients of other parameters, or another optimizer's state, do not compile.
   */
  update<P extends NamedParameters<P>>(
    parameters: P,
    gradient: NoInfer<Gradient<P>>,
    state: NoInfer<OptimizerState<P, K>>,
    rate?: Tensor<[]>,
  ): { readonly parameters: P; readonly state: OptimizerState<P, K> };
}

const stateFigure: Figure = {
  takes: 'what initialise, or the last update, gave',
  fits: (value) => typeof value === 'object' && value !== null && 'step' in value && 'memory' in value,
};

/** What an optimizer's rule is made from: the rate of this update, and its number, from 1. */
interface Moment {
  readonly rate: Tensor<[]>;
  readonly count: Tensor<[]>;
}

function optimizer<const K extends string>(
  keys: readonly K[],
  { rate: given }: Rated,
  rule: (moment: Moment) => RuleWithState<K>,
): Optimizer<K> {
  const schedule = typeof given === 'number' ? constant(given) : given;
  return {
    initialise<P>(parameters: P) {
      const zeroes = keys.map((key) => [key, zerosLike(parameters)]);
      // seam: fromEntries forgets the keys
      return { step: zeros([], 'i32'), memory: Object.fromEntries(zeroes) as { readonly [key in K]: State<P> } };
    },
    update(parameters, gradient, state, own) {
      const { step, memory } = requireFigure('update', 'the state', stateFigure, state);
      const rate = own ?? schedule(step.astype('f32'));
      const next = step.add(1);
      const result = updateWithState(parameters, gradient, memory, rule({ rate, count: next.astype('f32') }));
      return { parameters: result.parameters, state: { step: next, memory: result.state } };
    },
  };
}

/** How far a step goes. */
export interface Rated {
  /** How far a step goes: a number, or a schedule. */
  readonly rate: number | Schedule;
}

/** A rate, and a pull of the parameters toward zero. */
export interface Decaying extends Rated {
  /** A pull of each parameter toward zero, 0 by default: its gradient gets `weightDecay` times the parameter. */
  readonly weightDecay?: number;
}

const decaying = { rate: needed(either(notNegative, functionOf('a schedule'))), weightDecay: notNegative };

/** w - rate · g. Source: Robbins and Monro, 1951. */
export function sgd(options: Decaying): Optimizer<never> {
  const { rate, weightDecay = 0 } = requireOptions('sgd', decaying, options);
  return optimizer([], { rate }, (moment) => (w, g) => ({ parameter: w.sub(g.add(w.mul(weightDecay)).mul(moment.rate)), state: {} }));
}

/** The figures of `momentum` and `nesterov`. */
export interface MomentumOptions extends Decaying {
  /** How much of the velocity stays, 0.9 by default. */
  readonly momentum?: number;
}

const withMomentum: OptionTable<MomentumOptions> = { ...decaying, momentum: share };

/** v ← momentum · v + g, w - rate · v. Source: Polyak, 1964; Sutskever et al., 2013, in PyTorch's form. */
export function momentum(options: MomentumOptions): Optimizer<'velocity'> {
  const { rate, weightDecay = 0, momentum: kept = 0.9 } = requireOptions('momentum', withMomentum, options);
  return optimizer(['velocity'], { rate }, (moment) => (w, g, state) => {
    const velocity = state.velocity.mul(kept).add(g.add(w.mul(weightDecay)));
    return { parameter: w.sub(velocity.mul(moment.rate)), state: { velocity } };
  });
}

/** As `momentum`, looking ahead: w - rate · (g + momentum · v). Source: Nesterov, 1983; Sutskever et al., 2013, in PyTorch's form. */
export function nesterov(options: MomentumOptions): Optimizer<'velocity'> {
  const { rate, weightDecay = 0, momentum: kept = 0.9 } = requireOptions('nesterov', withMomentum, options);
  return optimizer(['velocity'], { rate }, (moment) => (w, g, state) => {
    const slope = g.add(w.mul(weightDecay));
    const velocity = state.velocity.mul(kept).add(slope);
    return { parameter: w.sub(slope.add(velocity.mul(kept)).mul(moment.rate)), state: { velocity } };
  });
}

/** The figures of `rmsprop`. Source: Tieleman and Hinton, 2012. */
export interface RmspropOptions extends Decaying {
  /** How much of the mean square stays, 0.99 by default. */
  readonly decay?: number;
  /** 1e-8 by default. */
  readonly epsilon?: number;
}

/** s ← decay · s + (1 - decay) g², w - rate · g / (√s + ε). Source: Tieleman and Hinton, 2012. */
export function rmsprop(options: RmspropOptions): Optimizer<'square'> {
  const table: OptionTable<RmspropOptions> = { ...decaying, decay: share, epsilon: notNegative };
  const { rate, weightDecay = 0, decay = 0.99, epsilon = 1e-8 } = requireOptions('rmsprop', table, options);
  return optimizer(['square'], { rate }, (moment) => (w, g, state) => {
    const slope = g.add(w.mul(weightDecay));
    const square = state.square.mul(decay).add(slope.mul(slope).mul(1 - decay));
    return { parameter: w.sub(slope.div(square.sqrt().add(epsilon)).mul(moment.rate)), state: { square } };
  });
}

/** The figures of `adam` and `adamW`. Source: Kingma and Ba, 2015. */
export interface AdamOptions extends Decaying {
  /** How much of the mean stays, 0.9 by default. */
  readonly beta1?: number;
  /** How much of the mean square stays, 0.999 by default. */
  readonly beta2?: number;
  /** 1e-8 by default. */
  readonly epsilon?: number;
}

/** 1 - betaⁿ: what the first n terms of a mean that began at zero weigh. */
const weighed = (beta: number, count: Tensor<[]>): Tensor<[]> => count.mul(Math.log(beta)).expm1().neg();

const adaptiveTable: OptionTable<AdamOptions> = { ...decaying, beta1: keptPart, beta2: keptPart, epsilon: notNegative };

function adaptive(
  operation: string,
  options: AdamOptions,
  decayOf: (weightDecay: number | undefined) => { readonly coupled: number; readonly apart: number },
): Optimizer<'mean' | 'square'> {
  const { rate, weightDecay, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = requireOptions(operation, adaptiveTable, options);
  const { coupled, apart } = decayOf(weightDecay);
  return optimizer(['mean', 'square'], { rate }, (moment) => (w, g, state) => {
    const slope = g.add(w.mul(coupled));
    const mean = state.mean.mul(beta1).add(slope.mul(1 - beta1));
    const square = state.square.mul(beta2).add(slope.mul(slope).mul(1 - beta2));
    const deviation = square.div(weighed(beta2, moment.count)).sqrt().add(epsilon);
    const step = mean.div(weighed(beta1, moment.count)).div(deviation).add(w.mul(apart));
    return { parameter: w.sub(step.mul(moment.rate)), state: { mean, square } };
  });
}

/** The mean gradient over the root of the mean square, both corrected for their start at zero. Source: Kingma and Ba, 2015. */
export const adam = (options: AdamOptions): Optimizer<'mean' | 'square'> =>
  adaptive('adam', options, (weightDecay = 0) => ({ coupled: weightDecay, apart: 0 }));

/** As `adam`, with the decay (0.01 by default) apart from the gradient. Source: Loshchilov and Hutter, 2019. */
export const adamW = (options: AdamOptions): Optimizer<'mean' | 'square'> =>
  adaptive('adamW', options, (weightDecay = 0.01) => ({ coupled: 0, apart: weightDecay }));

/** The figures of `lion`. Source: Chen et al., 2023. */
export interface LionOptions extends Decaying {
  /** How much of the mean a step is made with, 0.9 by default. */
  readonly beta1?: number;
  /** How much of the mean stays, 0.99 by default. */
  readonly beta2?: number;
}

/** The sign of a mean of gradients, with the decay apart: w - rate · (sign(β₁ m + (1 - β₁) g) + decay · w). Source: Chen et al., 2023. */
export function lion(options: LionOptions): Optimizer<'mean'> {
  const table: OptionTable<LionOptions> = { ...decaying, beta1: keptPart, beta2: keptPart };
  const { rate, weightDecay = 0, beta1 = 0.9, beta2 = 0.99 } = requireOptions('lion', table, options);
  return optimizer(['mean'], { rate }, (moment) => (w, g, state) => {
    const direction = state.mean.mul(beta1).add(g.mul(1 - beta1));
    const mean = state.mean.mul(beta2).add(g.mul(1 - beta2));
    return { parameter: w.sub(direction.sign().add(w.mul(weightDecay)).mul(moment.rate)), state: { mean } };
  });
}
