/** A transformer's block as a layer: what `npm run bench:build` builds, and what the bench trains. Pre-norm, four heads. */
import { layer, type Tensor } from 'adjoint';

type Positions = Tensor<['sequence=4', 'position=64', 'width=128']>;

function norm(x: Positions, gamma: Tensor<['width=128']>, beta: Tensor<['width=128']>): Positions {
  const centred = x.sub(x.mean('width', { keepdims: true }));
  const deviation = centred.mul(centred).mean('width', { keepdims: true }).add(1e-5).sqrt();
  return centred.div(deviation).mul(gamma).add(beta);
}

export interface Block {
  readonly gamma1: Tensor<['width=128']>;
  readonly beta1: Tensor<['width=128']>;
  readonly query: Tensor<['width=128', 'query=128']>;
  readonly key: Tensor<['width=128', 'key=128']>;
  readonly value: Tensor<['width=128', 'value=128']>;
  readonly joined: Tensor<['value=128', 'width=128']>;
  readonly gamma2: Tensor<['width=128']>;
  readonly beta2: Tensor<['width=128']>;
  readonly up: Tensor<['width=128', 'hidden=512']>;
  readonly upBias: Tensor<['hidden=512']>;
  readonly down: Tensor<['hidden=512', 'width=128']>;
  readonly downBias: Tensor<['width=128']>;
}

export function transformerBlock(p: Block, x: Positions): Positions {
  const a = norm(x, p.gamma1, p.beta1);
  const q = a.matmul(p.query).split('query', ['head=4', 'depth']).permute('sequence', 'head', 'position', 'depth');
  const k = a.matmul(p.key).split('key', ['head=4', 'depth']).rename({ position: 'from' }).permute('sequence', 'head', 'from', 'depth');
  const v = a.matmul(p.value).split('value', ['head=4', 'depth']).rename({ position: 'from' }).permute('sequence', 'head', 'from', 'depth');
  const scores = q.matmul(k.mT).mul(1 / Math.sqrt(32));
  const exponential = scores.sub(scores.max('from', { keepdims: true }).stopGradient()).exp();
  const mixed = exponential.div(exponential.sum('from', { keepdims: true })).matmul(v);
  const y = x.add(mixed.permute('sequence', 'position', 'head', 'depth').merge(['head', 'depth'], 'value').matmul(p.joined));
  const hidden = norm(y, p.gamma2, p.beta2).matmul(p.up).add(p.upBias).relu();
  return y.add(hidden.matmul(p.down).add(p.downBias));
}

export const block = layer(transformerBlock);
