/** Multi-head attention with its heads split and merged by a fact: once for all sizes, and for sizes as numbers and symbols. */
import { type Dim, type Divides, divides, layer, type Tensor } from 'adjoint';

/** Over the last axis. */
const softmax = <B extends Dim, H extends Dim, Q extends Dim, K extends Dim>(x: Tensor<[B, H, Q, K]>): Tensor<[B, H, Q, K]> => {
  const powers = x.sub(x.max(3, { keepdims: true })).exp();
  return powers.div(powers.sum(3, { keepdims: true }));
};

export const attention = <B extends Dim, T extends Dim, D extends Dim, I extends Dim, O extends Dim, H extends Dim>(
  x: Tensor<[B, T, I]>,
  p: { q: Tensor<[I, D]>; k: Tensor<[I, D]>; v: Tensor<[I, D]>; out: Tensor<[D, O]> },
  heads: Divides<H, D>,
): Tensor<[B, T, O]> => {
  const q = x.matmul(p.q).split(heads).permute(0, 2, 1, 3);
  const keys = x.renameAxis(1, 'key');
  const k = keys.matmul(p.k).split(heads).permute(0, 2, 1, 3);
  const v = keys.matmul(p.v).split(heads).permute(0, 2, 1, 3);
  return softmax(q.matmul(k.mT)).matmul(v).permute(0, 2, 1, 3).merge(heads).matmul(p.out);
};

interface Projections<I extends Dim, D extends Dim, O extends Dim> {
  q: Tensor<[I, D]>;
  k: Tensor<[I, D]>;
  v: Tensor<[I, D]>;
  out: Tensor<[D, O]>;
}

declare const x: Tensor<['batch', 't=10', 'in=768']>;
declare const p: Projections<'in=768', 'd=768', 'out=768'>;
export const y: Tensor<['batch', 't=10', 'out=768']> = attention(x, p, divides('heads=12', 'd=768'));

declare const s: Tensor<['batch', 't', 'model']>;
declare const r: Projections<'model', 'd', 'out'>;
export const symbolic: Tensor<['batch', 't', 'out']> = attention(s, r, divides('heads=12', 'd'));

/** By name, d a symbol. */
export const named = layer((x: Tensor<['batch', 't', 'd']>, w: Tensor<['d', 'e=d']>): Tensor<['batch', 't', 'e=d']> => {
  const heads = divides('heads=4', 'e=d');
  const q = x.matmul(w).split(heads, 'headDim').permute('batch', 'heads', 't', 'headDim');
  const k = q.rename({ t: 'key' });
  return softmax(q.matmul(k.transpose('key', 'headDim')))
    .matmul(k)
    .permute('batch', 't', 'heads', 'headDim')
    .merge(heads);
});

/** By name, d a number: nothing to state. */
export const sized = layer((x: Tensor<['batch', 't=7', 'd=64']>): Tensor<['batch', 't=7', 'd=64']> => {
  const q = x.split('d', ['heads=4', 'headDim']).permute('batch', 'heads', 't', 'headDim');
  const k = q.rename({ t: 'key' });
  return softmax(q.matmul(k.mT)).matmul(k).permute('batch', 't', 'heads', 'headDim').merge(['heads', 'headDim'], 'd');
});
