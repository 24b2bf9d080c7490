/** Multi-head attention gone wrong, for all sizes and for some. */
import { type Dim, type Divides, divides, type Tensor } from 'adjoint';

// heads are not moved before the product
export const unmoved = <B extends Dim, T extends Dim, D extends Dim, H extends Dim>(x: Tensor<[B, T, D]>, heads: Divides<H, D>) => {
  const [q, k] = [x.split(heads).permute(0, 2, 1, 3), x.renameAxis(1, 'key').split(heads)];
  return q.matmul(k.mT);
};

// the transpose of k is missing
export const untransposed = <B extends Dim, T extends Dim, D extends Dim, H extends Dim>(x: Tensor<[B, T, D]>, heads: Divides<H, D>) => {
  const [q, k] = [x.split(heads).permute(0, 2, 1, 3), x.renameAxis(1, 'key').split(heads).permute(0, 2, 1, 3)];
  return q.matmul(k);
};

// merged by another number of heads
export const otherHeads = <B extends Dim, T extends Dim, D extends Dim, H extends Dim, G extends Dim>(
  x: Tensor<[B, T, D]>,
  heads: Divides<H, D>,
  groups: Divides<G, D>,
) => x.split(heads).permute(0, 2, 1, 3).permute(0, 2, 1, 3).merge(groups);

// merged before the heads are moved back
export const unmovedBack = <B extends Dim, T extends Dim, D extends Dim, H extends Dim>(x: Tensor<[B, T, D]>, heads: Divides<H, D>) =>
  x.split(heads).permute(0, 2, 1, 3).merge(heads);

// no fact
export const unstated = <B extends Dim, T extends Dim, D extends Dim>(x: Tensor<[B, T, D]>) => x.split(2, ['heads=8', 'headDim']);

// a fact of another axis
export const otherAxis = <B extends Dim, T extends Dim, D extends Dim, H extends Dim>(x: Tensor<[B, T, D]>, heads: Divides<H, T>) => x.split(heads);

// no fact, d a symbol
export const symbolUnstated = (x: Tensor<['batch', 't', 'd']>) => x.split('d', ['heads=12', 'headDim']);

// another number of heads, d a symbol
export const symbolOther = (x: Tensor<['batch', 't', 'd']>) => x.split(divides('heads=12', 'd')).merge(divides('heads=8', 'd'));

// a number of heads that does not divide
export const indivisible = divides('heads=10', 'd=768');

// by name, and k not transposed
export const byName = (x: Tensor<['batch', 't=7', 'd=64']>) => {
  const q = x.split('d', ['heads=4', 'headDim']).permute('batch', 'heads', 't', 'headDim');
  return q.matmul(q.rename({ t: 'key' }));
};
