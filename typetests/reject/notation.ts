/** Texts of einsum, expr, rearrange, reduce and repeat that do not fit. */
import { type Dim, einsum, expr, rearrange, reduce, repeat, type Tensor } from 'adjoint';

declare const X: Tensor<['n=3', 'in=2']>;
declare const W: Tensor<['in=2', 'out=4']>;
declare const b: Tensor<['out=4']>;
declare const dY: Tensor<['n=3', 'out=4']>;
declare const V: Tensor<['in=2', 'n=4']>;
declare const whole: Tensor<['n=3', 'in=2'], 'i32'>;
declare const mask: Tensor<['n=3', 'in=2'], 'bool'>;
declare const either: Tensor<['n=3', 'in=2']> | Tensor<['n=4', 'in=2']>;
declare const untyped: any;
declare const text: string;
declare const size: number;
declare const record: Record<string, Tensor<['n=3']>>;
declare const images: Tensor<['batch', 'hw=16', 'c=3']>;
declare const square: Tensor<['b=2', 'h=32', 'w=32']>;
declare const symbolic: Tensor<['batch', 'd']>;

// the transpose is missing
einsum('ij,jk->ik', X, dY);
// no letters swapped fit
einsum('ij,jk->ik', X, b.reshape(['m=2', 2]));
// one operand too few
einsum('ij,jk->ik', X);
// one letter too many
einsum('bij,jk->bik', X, W);
// a diagonal
einsum('ii->i', X);
// a letter that no operand has
einsum('ij->iz', X);
// a letter twice in the result
einsum('ij->ii', X);
// a name twice in the result
einsum('ij,kl->ijkl', X, dY);
// an ellipsis
einsum('...j->...', X);
// two dtypes
einsum('ij,ij->', X, whole);
// a truth value
einsum('ij->', mask);
// an operand of type any
einsum('ij,j->i', X, untyped);
// an operand that is one of two
einsum('ij->i', either);
// letters that are not known
einsum(text, X);
// a result of another shape
export const wrong: Tensor<['in=2', 'n=3']> = einsum('ij->ij', X);

// the transpose is missing in an expression
expr('X @ dY', { X, dY });
// the transpose of a part is missing
expr('dY @ (W * 2) + X', { dY, W, X });
// the left operand must be transposed back
expr('X.T @ W', { X, W });
// a sum of shapes that do not broadcast
expr('b + dY', { b, dY });
// a name twice
expr('X @ V', { X, V });
// nothing after the sign
expr('X @ ', { X });
// a parenthesis too many
expr('(X + X))', { X });
// a parenthesis too few
expr('2 * (X + X', { X });
// two operands without a sign
expr('X X', { X });
// an unknown suffix
expr('X.t', { X });
// an unknown name
expr('X @ Z', { X, b, dY });
// an unknown function
expr('gelu(X)', { X });
// an axis that is not there
expr("sum(X, 'out')", { X });
// an index that is not there
expr('sum(X, 2)', { X });
// a map has no axis
expr("relu(X, 'n')", { X });
// no tensor at all
expr('1 + 2', { X });
// a function of floats
expr('exp(whole)', { whole });
// two dtypes in a sum
expr('X + whole', { X, whole });
// a transpose of rank 1
expr('b.T', { b });
// half a power
expr('X ** 0.5', { X });
// a power of a power
expr('X ** 2 ** 3', { X });
// a tensor as an exponent
expr('X ** X', { X });
// an option that does not exist
expr("sum(X, 'n', keepdim)", { X });
// the mean over the other axis, kept
expr("X - (mean(X, 'n', keepdims)).T", { X });
// a number in a product
expr('X @ 2', { X });
// an operand in an expression of type any
expr('X + untyped', { X, untyped });
// operands that are not known
expr('X', record);
// a text that is not known
expr(text, { X });

// a part that does not divide
rearrange(images, 'b (h w) c -> b h w c', { h: 3 });
// two parts without a size
rearrange(images, 'b (h w) c -> b h w c');
// parts that do not fill the axis
rearrange(images, 'b (h w) c -> b h w c', { h: 3, w: 4 });
// an axis is left out
rearrange(images, 'b hw c -> b hw');
// an axis is new
rearrange(images, 'b hw c -> b hw c d');
// two axes for rank 3
rearrange(images, 'b hw -> hw b');
// no arrow
rearrange(images, 'b hw c');
// an open parenthesis
rearrange(images, 'b (hw c -> b hw c');
// a name twice on a side
rearrange(images, 'b b c -> b c');
// a character that no name has
rearrange(images, 'b h-w c -> b c');
// an axis that is not of size 1
rearrange(images, 'b hw 1 -> b hw');
// a size for no axis
rearrange(images, 'b hw c -> c hw b', { z: 3 });
// another size than the axis has
rearrange(images, 'b hw c -> c hw b', { c: 4 });
// no size
rearrange(images, 'b (h w) c -> b h w c', { h: 0 });
// a size that is not known
rearrange(images, 'b (h w) c -> b h w c', { h: size });
// two axes of one size mistaken for one another
rearrange(square, 'b w h -> b h w');
// a symbol that may not divide
rearrange(symbolic, 'b (h e) -> b h e', { h: 8 });
// a new axis without a size
repeat(square, 'b h w -> b h w k');
// reduce adds no axis
reduce(square, 'b h w -> b k', 'sum');
// a mean of integers
reduce(whole, 'n i -> n', 'mean');
// a tensor of type any
rearrange(untyped, 'a b -> b a');

// a transpose is missing for all sizes
<N extends Dim, I extends Dim, O extends Dim>(x: Tensor<[N, I]>, dy: Tensor<[N, O]>) => [einsum('ij,jk->ik', x, dy)];
// a transpose is missing in an expression for all sizes
<N extends Dim, I extends Dim, O extends Dim>(x: Tensor<[N, I]>, dy: Tensor<[N, O]>) => [expr('x @ dy', { x, dy })];
// a rank that does not fit for all sizes
<N extends Dim, I extends Dim>(x: Tensor<[N, I]>) => [einsum('bij->bji', x)];
// a name twice for all sizes
<N extends Dim>(x: Tensor<[N, 'h']>, y: Tensor<[N, 'h=2']>) => [einsum('ni,nj->ij', x, y)];
// a part of an axis whose size is open
<N extends Dim, I extends Dim>(x: Tensor<[N, I]>) => [rearrange(x, 'n (h d) -> n h d', { h: 4 })];
