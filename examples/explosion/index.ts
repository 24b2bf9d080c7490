/**
 * A step of the example with its sixteen layers one by one in the type, so that `adjoint explain` can speak of it: what is
 * drawn in a loop has as many layers as the loop has turns, which no type says.
 */
import { jit, type Parameter, type Tensor, update, valueAndGrad } from 'adjoint';
import { clipByGlobalNorm, globalNorm, meanSquaredError } from 'adjoint/nn';
import { network } from './model.ts';

type Layer<At extends number> = Parameter<`layers.${At}`, ['in=16', 'out=16']>;

export interface SixteenLayers {
  // biome-ignore format: a row of eight reads better
  readonly layers: [
    Layer<0>, Layer<1>, Layer<2>, Layer<3>, Layer<4>, Layer<5>, Layer<6>, Layer<7>,
    Layer<8>, Layer<9>, Layer<10>, Layer<11>, Layer<12>, Layer<13>, Layer<14>, Layer<15>,
  ];
}

/** With its gradients clipped to norm 1. */
export const clippedStep = jit((p: SixteenLayers, x: Tensor<['n=16', 'in=16']>, target: Tensor<['n=16', 'in=16']>) => {
  const { value, gradient } = valueAndGrad((q: SixteenLayers) => meanSquaredError(network(q, x, false), target))(p);
  const next = update(p, clipByGlobalNorm(gradient, 1), (w, g) => w.sub(g.mul(0.02)));
  return { loss: value, norm: globalNorm(gradient), p: next };
});
