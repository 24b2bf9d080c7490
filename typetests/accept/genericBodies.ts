/** Bodies that are generic in their dims, checked once for all sizes. */
import { type Dim, type Kept, layer, type Shape, type Tensor, zeros } from 'adjoint';

export const dense = layer(
  <N extends Dim, I extends Dim, H extends Dim, O extends Dim>(
    x: Tensor<[N, I]>,
    p: { w: Tensor<[I, H]>; b: Tensor<[H]>; v: Tensor<[H, O]> },
  ): Tensor<[N, O]> => x.matmul(p.w).add(p.b).relu().matmul(p.v),
);

export const normalised = layer(<N extends Dim, C extends Dim>(x: Tensor<[N, C]>): Tensor<[N, C]> => {
  const centred = x.sub(x.mean(1, { keepdims: true }));
  const variance = centred.mul(centred).mean(1, { keepdims: true });
  return centred.div(variance.add(1e-5).sqrt());
});

/** The last axis, of any rank. */
export const centred = <P extends Shape, C extends Dim>(x: Tensor<[...P, C]>): Tensor<[...P, C]> => x.sub(x.mean(-1, { keepdims: true }));
export const logSumExp = <P extends Shape, C extends Dim>(x: Tensor<[...P, C]>): Tensor<P> => x.exp().sum(-1).log();
export const lasts: [Tensor<['b=2', 'n=3']>, Tensor<['n=3', 'in=2']>, Tensor<[]>, Tensor<['n=3', 'in=1']>] = [
  logSumExp(zeros(['b=2', 'n=3', 'in=2'])),
  centred(zeros(['n=3', 'in=2'])),
  zeros(['n=3']).min(-1),
  zeros(['n=3', 'in=2']).max(-1, { keepdims: true }),
];

export const softmax = <N extends Dim, C extends Dim>(x: Tensor<[N, C]>): Tensor<[N, C]> => {
  const shifted = x.sub(x.max(1, { keepdims: true })).exp();
  return shifted.div(shifted.sum(1, { keepdims: true }));
};

export const scalars = <N extends Dim>(x: Tensor<[N]>): Tensor<[N]> => x.mul(x.sum()).add(1).div(x.mean()).neg().sub(2);
export const reductions = <A extends Dim, B extends Dim, C extends Dim>(x: Tensor<[A, B, C]>) =>
  [x.sum(0), x.sum([0, 2]), x.sum([0, 1, 2]), x.sum(), x.sum(1, { keepdims: true }), x.sum([0, 1], { keepdims: true })] satisfies [
    Tensor<[B, C]>,
    Tensor<[B]>,
    Tensor<[]>,
    Tensor<[]>,
    Tensor<[A, Kept<B>, C]>,
    Tensor<[Kept<A>, Kept<B>, C]>,
  ];
export const batched = <B extends Dim, N extends Dim, I extends Dim, O extends Dim>(
  x: Tensor<[B, N, I]>,
  shared: Tensor<[I, O]>,
  own: Tensor<[B, O, I]>,
): Tensor<[B, N, N]> => x.matmul(shared).matmul(own).matmul(x.mT);
export const transposed = <N extends Dim, M extends Dim>(x: Tensor<[N, M]>): Tensor<[N, M]> => x.T.T;
export const square = <N extends Dim>(x: Tensor<[N, N]>): Tensor<[N, N]> => x.matmul(x).add(x.T);
export const whole = <N extends Dim>(x: Tensor<[N], 'i32'>): Tensor<[N], 'i32'> => x.add(x).mul(2).sub(x.sum());
export const partly = <N extends Dim>(x: Tensor<[N, 'in=2']>, w: Tensor<['in=2', 'out=5']>): Tensor<[N, 'out=5']> => x.matmul(w);
export const deep = layer(
  <N extends Dim, H extends Dim>(x: Tensor<[N, H]>, ws: readonly Tensor<[H, H]>[]): Tensor<[N, H]> =>
    ws.reduce((h, w) => h.matmul(w).relu(), x),
);
/** Kept axes stretch along the axes they came from, where the last one is among them. */
export const standardised = layer(<B extends Dim, C extends Dim, H extends Dim>(x: Tensor<[B, C, H]>): Tensor<[B, C, H]> => {
  const centred = x.sub(x.mean([0, 2], { keepdims: true }));
  return centred.div(centred.max([0, 1, 2], { keepdims: true })).mul(centred.sum(2, { keepdims: true }));
});
export const columns = <N extends Dim, C extends Dim>(x: Tensor<[N, C]>, column: Tensor<[N, Kept<C>]>): Tensor<[N, Kept<C>]> =>
  x
    .sum(1, { keepdims: true })
    .add(column)
    .add(x.argmax(1, { keepdims: true }).astype('f32'));
export const columnsOf = columns<'batch', 'class=10'> satisfies (
  x: Tensor<['batch', 'class=10']>,
  column: Tensor<['batch', 'class=1']>,
) => Tensor<['batch', 'class=1']>;
/** Batch axes of size 1 stretch on the right. */
export const sharedByTheBatch = <B extends Dim, N extends Dim, I extends Dim, O extends Dim>(
  x: Tensor<[B, N, I]>,
  w: Tensor<[1, I, O]>,
  v: Tensor<[Kept<B>, O, I]>,
): Tensor<[B, N, I]> => x.matmul(w).matmul(v);
