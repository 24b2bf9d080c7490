/**
 * A deep network whose layers are all of one size, so that each multiplies the gradient by about the same factor: what is a little too
 * large, sixteen layers make huge.
 */
import { jit, type Key, key, parameters, randomNormal, splitKey, type Tensor, update, valueAndGrad } from 'adjoint';
import { clipByGlobalNorm, globalNorm, heNormal, meanSquaredError, orthogonal, residual } from 'adjoint/nn';

export const depth = 16;
type Hidden = Tensor<['n=16', 'in=16']>;
type Weights = Tensor<['in=16', 'out=16']>;

const shape = ['in=16', 'out=16'] as const;

/** How weights are drawn, and whether a layer adds to what it is given. */
export interface Cure {
  readonly name: string;
  readonly draw: (key: Key) => Weights;
  readonly residual?: true;
  /** The largest norm of a gradient that a step is made with. */
  readonly clip?: number;
}

/** Compiled once, drawn for every layer. */
const turned = jit((k: Key): Weights => orthogonal(k, shape, { gain: Math.SQRT2 }), { name: 'orthogonal' });
const large = (k: Key): Weights => randomNormal(k, shape).mul(0.6);

export const cures: readonly Cure[] = [
  { name: 'weights of deviation 0.6', draw: large },
  { name: 'the same, gradients clipped to norm 1', draw: large, clip: 1 },
  { name: 'He: deviation √(2/16)', draw: (k) => heNormal(k, shape) },
  { name: 'orthogonal, times √2', draw: turned },
  { name: 'residuals around He / depth', draw: (k) => heNormal(k, shape, { gain: 1 / depth }), residual: true },
];

export const initialise = ({ draw }: Cure) => parameters({ layers: splitKey(key(1), depth).map((one) => draw(one)) });
export type Model = ReturnType<typeof initialise>;

/** All layers, one after the other. The result of one is the input of the next: its axis is renamed, in so many words. */
export const network = (p: Model, x: Hidden, isResidual: boolean): Hidden =>
  p.layers.reduce<Hidden>((h, w) => {
    const f = (y: Hidden): Hidden => y.matmul(w).relu().rename({ out: 'in' });
    return isResidual ? residual(h, f) : f(h);
  }, x);

const rate = 0.02;

/** What comes out of a few steps of gradient descent: the first gradient's norm, and the loss before and after. */
export async function train(cure: Cure, steps: number): Promise<{ readonly norm: number; readonly first: number; readonly last: number }> {
  const [x, target] = [randomNormal(key(2), ['n=16', 'in=16']), randomNormal(key(3), ['n=16', 'in=16'])];
  const step = jit(
    (p: Model, input: Hidden, goal: Hidden) => {
      const { value, gradient } = valueAndGrad((q: Model) => meanSquaredError(network(q, input, cure.residual ?? false), goal))(p);
      const taken = cure.clip === undefined ? gradient : clipByGlobalNorm(gradient, cure.clip);
      return { loss: value, norm: globalNorm(gradient), p: update(p, taken, (w, g) => w.sub(g.mul(rate))) };
    },
    { name: cure.name },
  );
  let result = step(initialise(cure), x, target);
  const [norm, first] = await Promise.all([result.norm.item(), result.loss.item()]);
  for (let at = 1; at < steps; at++) result = step(result.p, x, target);
  return { norm, first, last: await result.loss.item() };
}
