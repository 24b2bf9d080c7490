/** Calls of generic functions whose arguments disagree about a dim: the signature says nothing of it, and the error is a sentence. */
import { type Dim, grad, jit, layer, ones, type Tensor, vjp } from 'adjoint';

const linear = layer(
  <N extends Dim, I extends Dim, O extends Dim>(x: Tensor<[N, I]>, p: { w: Tensor<[I, O]>; b: Tensor<[O]> }) => x.matmul(p.w).add(p.b),
);
const product = <N extends Dim, I extends Dim, O extends Dim>(x: Tensor<[N, I]>, w: Tensor<[I, O]>) => x.matmul(w);
const blames = <N extends Dim, I extends Dim, O extends Dim>(x: Tensor<[N, I]>, w: Tensor<[NoInfer<I>, O]>) => x.matmul(w);
const whole = <N extends Dim, I extends Dim, O extends Dim>(x: Tensor<[N, I], 'i32'>, w: Tensor<[I, O], 'i32'>) => x.matmul(w);
const x = ones(['n=4', 'in=9']);
const p = { w: ones(['in=3', 'out=2']), b: ones(['out=2']) };
const square = { w: ones(['in=3', 'out=3']), b: ones(['out=3']) };

// another size
linear(x, p);
// another size, of a function that is no layer
product(x, p.w);
// sizes without names
product(ones(['n=4', 9]), ones([8, 'out=3']));
// a transpose forgotten, square
linear(ones(['n=4', 'in=3']), { ...square, w: square.w.T });
// a size and a symbol
product(ones(['n=4', 'batch']), ones(['in=3', 'out=3']));
// whole numbers
whole(ones(['n=4', 'in=9'], 'i32'), ones(['in=3', 'out=3'], 'i32'));
// through vjp
vjp(linear)(x, p);
// through jit
jit(product)(x, p.w);
// through grad
grad(<N extends Dim, I extends Dim, O extends Dim>(w: Tensor<[I, O]>, t: Tensor<[N, I]>) => t.matmul(w).sum())(p.w, x);
// three tensors, three dims
(<I extends Dim>(a: Tensor<[I]>, b: Tensor<[I]>, c: Tensor<[I]>) => a.add(b).add(c))(ones(['c=1']), ones(['b=1']), ones(['a=1']));
// NoInfer decides which argument is blamed
blames(x, p.w);
