/** einsum, expr, rearrange, reduce and repeat: result shapes follow from the text, for sizes, symbols and type parameters. */
import { type Dim, einsum, expr, layer, rearrange, reduce, repeat, type Tensor } from 'adjoint';

declare const a: Tensor<['b=2', 'n=3', 'in=2']>;
declare const c: Tensor<['b=2', 'in=2', 'out=4']>;
declare const X: Tensor<['n=3', 'in=2']>;
declare const W: Tensor<['in=2', 'out=4']>;
declare const bias: Tensor<['out=4']>;
declare const dY: Tensor<['n=3', 'out=4']>;
declare const whole: Tensor<['n=3', 'in=2'], 'i32'>;
declare const images: Tensor<['batch', 'hw=784', 'c=3']>;
declare const anonymous: Tensor<[6, 4]>;
declare const tokens: Tensor<['batch', 'time', 'e=768']>;
declare const rate: number;

// einsum
export const product: Tensor<['b=2', 'n=3', 'out=4']> = einsum('bij,bjk->bik', a, c);
export const transposed: Tensor<['in=2', 'n=3']> = einsum('ij->ji', X);
export const total: Tensor<[]> = einsum('bij->', a);
export const implicit: Tensor<['in=2', 'out=4']> = einsum('ni,nj', X, dY);
export const spaced: Tensor<['out=4', 'in=2']> = einsum(' nj, ni -> ji ', dY, X);
export const outer: Tensor<['out=4', 'h=5']> = einsum('a,b->ab', bias, null as unknown as Tensor<['h=5']>);
export const four: Tensor<['b=2', 'out=4']> = einsum('bni,bij,nj,j->bj', a, c, dY, bias);
export const integers: Tensor<['in=2'], 'i32'> = einsum('ni->i', whole);

// expr
export const dW: Tensor<['in=2', 'out=4']> = expr('X.T @ dY', { X, dY });
export const y: Tensor<['n=3', 'out=4']> = expr('relu(X @ W + bias) * 2 - 1e-3', { X, W, bias });
export const db: Tensor<['out=4']> = expr("sum(dY, 'n') / 3 + bias * -bias", { dY, bias });
export const first: Tensor<['out=4']> = expr('mean(dY, 0)', { dY });
export const scalar: Tensor<[]> = expr('sum(exp(dY - max(dY)))', { dY });
export const step: Tensor<['in=2', 'out=4']> = expr('W - rate * (X.T @ dY)', { W, X, dY, rate });
export const halves: Tensor<['n=3', 'in=2'], 'i32'> = expr('-whole / 2 + whole', { whole });
export const batched: Tensor<['b=2', 'in=2', 'n=3']> = expr('(a + X).mT', { a, X });
export const squares: Tensor<['n=3', 'in=2']> = expr('-X ** 2 + 2 ** 3', { X });
export const normalised: Tensor<['n=3', 'out=4']> = expr("exp(dY - max(dY, 'out', keepdims)) / sum(exp(dY), 1, keepdims)", { dY });
export const column: Tensor<['n=3', 'out=1']> = expr('mean(dY, 1, keepdims) ** 2', { dY });
export const long: Tensor<['n=3', 'in=2']> = expr(
  'X + X * 2 - X / 3 + relu(X) - tanh(X) * sigmoid(X) + exp(X - max(X)) / sum(exp(X - max(X))) + (X @ W) @ W.T - X * 4 + X * 5 - X * 6 + (X + X) * (X - X) + sqrt(exp(X)) - log(exp(X)) + X * 7',
  { X, W },
);

// rearrange, reduce, repeat
export const keptPixels: Tensor<['batch', 'hw=1', 'c=3']> = reduce(images, 'b hw c -> b hw=() c', 'mean');
export const centredPixels: Tensor<['batch', 'hw=784', 'c=3']> = images.sub(keptPixels);
export const keptAnonymous: Tensor<['batch', 1, 'c=3']> = reduce(images, 'b hw c -> b () c', 'mean');
export const pixels: Tensor<['batch', 'h=28', 'w=28', 'c=3']> = rearrange(images, 'b (h w) c -> b h w c', { h: 28 });
export const first2: Tensor<['c=3', 'batch', 784]> = rearrange(images, 'b (h w) c -> c b (h w)', { h: 14, w: 56 });
export const named: Tensor<['rows=24']> = rearrange(anonymous, 'x y -> rows=(y x)');
export const rest: Tensor<['c=3', 'batch', 'hw=784']> = rearrange(images, '... c -> c ...');
export const more: Tensor<['batch', 1, 'hw=784', 'c=3']> = rearrange(images, 'b ... -> b 1 ...');
export const fewer: Tensor<['batch', 'hw=784', 'c=3']> = rearrange(more, 'b 1 ... -> b ...');
export const heads: Tensor<['batch', 'h=12', 'time', 'd=64']> = rearrange(tokens, 'b t (h d) -> b h t d', { h: 12 });
export const merged: Tensor<['batch', 'time', 'e=768']> = rearrange(heads, 'b h t d -> b t e=(h d)');
export const rows: Tensor<['bt=batch*time', 'e=768']> = rearrange(tokens, 'b t e -> bt=(b t) e');
export const again: Tensor<['b=batch', 't=time', 'e=768']> = rearrange(rows, '(b t) e -> b t e', { b: 'batch' });
export const large: Tensor<[38597376]> = rearrange(null as unknown as Tensor<[50257, 768]>, 'v e -> (v e)');
export const pooled: Tensor<['batch', 'c=3']> = reduce(images, 'b hw c -> b c', 'mean');
export const summed: Tensor<[]> = reduce(images, '... ->', 'sum');
export const most: Tensor<['batch', 'hw=392', 'c=3']> = reduce(images, 'b (hw two) c -> b hw c', 'max', { two: 2 });
export const copies: Tensor<[6, 4, 'k=3']> = repeat(anonymous, 'x y -> x y k', { k: 3 });
export const doubled: Tensor<['x=12', 4]> = repeat(anonymous, 'x y -> x=(x two) y', { two: 2 });
export const truth: Tensor<['m=3', 'n=2'], 'bool'> = rearrange(null as unknown as Tensor<['n=2', 'm=3'], 'bool'>, 'n m -> m n');

// with dims that are type parameters
export const linear = layer(
  <N extends Dim, I extends Dim, O extends Dim>(x: Tensor<[N, I]>, p: { w: Tensor<[I, O]>; b: Tensor<[O]> }): Tensor<[N, O]> =>
    expr('relu(x @ w + b)', { x, ...p }),
);

export function gradients<N extends Dim, I extends Dim, O extends Dim>(
  x: Tensor<[N, I]>,
  w: Tensor<[I, O]>,
  dy: Tensor<[N, O]>,
): [Tensor<[N, I]>, Tensor<[I, O]>, Tensor<[O]>] {
  return [expr('dy @ w.T', { dy, w }), einsum('ni,no->io', x, dy), expr('sum(dy, 0)', { dy })];
}

export function scores<B extends Dim, H extends Dim, Q extends Dim, K extends Dim, D extends Dim>(
  q: Tensor<[B, H, Q, D]>,
  k: Tensor<[B, H, K, D]>,
): Tensor<[B, H, Q, K]> {
  return einsum('bhqd,bhkd->bhqk', q, k);
}

export function shuffle<B extends Dim, N extends Dim, C extends Dim>(x: Tensor<[B, N, C]>, y: Tensor<[B, 'hw=784', C]>) {
  const swapped: Tensor<[B, C, N]> = rearrange(x, 'b n c -> b c n');
  const split: Tensor<[B, 'h=28', 'w=28', C]> = rearrange(y, 'b (h w) c -> b h w c', { h: 28 });
  const mean: Tensor<[B, C]> = reduce(x, 'b n c -> b c', 'mean');
  const repeated: Tensor<[B, N, C, 'k=3']> = repeat(x, 'b n c -> b n c k', { k: 3 });
  const last: Tensor<[C, B, N]> = rearrange(x, '... c -> c ...');
  return { swapped, split, mean, repeated, last };
}
