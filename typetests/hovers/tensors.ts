/** What a hover shows of tensors: the shape and the dtype, and nothing more. */
import { arange, concat, einsum, expr, ones, rearrange, type Tensor, tensor, where, zeros } from 'adjoint';

export const literal = tensor(
  [
    [1, 0],
    [0, 1],
    [1, 1],
  ],
  ['n', 'in'],
);
export const batch = {} as Tensor<['batch', 'in=784']>;
export const scalar = tensor(3);
export const indices = arange('t=5', 'i32');
export const mask = batch.gt(0);
export const halves = batch.astype('f16');

const w = ones(['in=784', 'out=10']);
export const product = batch.matmul(w);
export const transposed = w.T;
export const biased = product.add(zeros(['out=10'])).relu();
export const summed = biased.sum('out');
export const kept = biased.sum('out', { keepdims: true });
export const whole = biased.mean();
export const reshaped = w.reshape(['half=2', 'rest=3920']);
export const split = batch.split('in', ['row=28', 'column=28']);
export const joined = concat([product, product], 'out');
export const chosen = where(mask, batch, 0);
export const picture = ({} as Tensor<['n=8', 'c=3', 'h=32', 'w=32']>).conv2d({} as Tensor<['o=16', 'c=3', 3, 3]>, {
  stride: 2,
  padding: 1,
});
export const summation = einsum('bi,io->bo', batch, w);
export const patterned = rearrange(batch, 'b (h w) -> h b w', { h: 28 });
export const expression = expr('relu(X @ W)', { X: batch, W: w });
