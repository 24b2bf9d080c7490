/** Functions that cannot be transformed, and gradients that do not fit. */
import { customVjp, type Dim, grad, jit, layer, ones, type Tensor, valueAndGrad, vjp } from 'adjoint';

declare const x: Tensor<['n=3']>;
declare const w: Tensor<['n=3', 'in=2']>;
const loss = (p: { w: typeof w; steps: Tensor<[], 'i32'> }) => p.w.mul(p.w).sum();

// an async function, compiled
jit(async (a: typeof x) => a.relu());
// an async function as a layer
layer(async (a: typeof x) => a.relu());
// an async function, differentiated
vjp(async (a: typeof x) => a.relu());
// the gradient of an async function
grad(async (a: typeof x) => a.sum());
// the gradient of what is no scalar
grad((a: typeof x) => a.relu());
// the gradient of what is no scalar, generic
grad(<N extends Dim>(a: Tensor<[N]>) => a.relu());
// value and gradient of what is no scalar
valueAndGrad((a: typeof w) => a.sum('n'));
// the gradient of a number
grad((_: typeof x) => 3);
// the gradient of integers
grad((a: Tensor<['n=3'], 'i32'>) => a.sum());
// the gradient of an object
grad((a: typeof x) => ({ loss: a.sum() }));

// a cotangent of another shape
vjp((a: typeof w) => a.sum('in'))(w).backward(ones(['in=2']));
// an argument of another shape
vjp((a: typeof w) => a.sum('in'))(x);
// an argument too few
vjp((a: typeof w, b: typeof x) => a.sum('in').add(b))(w);
// integers have no gradient
grad(loss)({ w, steps: ones([], 'i32') }).steps.sum();
// the gradient has the structure of the argument
grad(loss)({ w, steps: ones([], 'i32') }).v;
// the gradient is no gradient of another shape
((_: typeof x) => {})(grad(loss)({ w, steps: ones([], 'i32') }).w);

// a gradient too few
customVjp((a: typeof x, b: typeof x) => ({ y: a.add(b), saved: null }), (_, dy) => [dy]);
// a gradient too many
customVjp((a: typeof x) => ({ y: a.neg(), saved: null }), (_, dy) => [dy.neg(), dy]);
// a gradient of another shape
customVjp((a: typeof w) => ({ y: a.sum('in'), saved: null }), (_, dy) => [dy]);
// an object's gradient without one of its entries
customVjp((p: { a: typeof x; b: typeof x }) => ({ y: p.a.add(p.b), saved: null }), (_, dy) => [{ a: dy }]);

const generic = layer(<N extends Dim, I extends Dim, O extends Dim>(a: Tensor<[N, I]>, b: Tensor<[I, O]>) => a.matmul(b));
// a generic layer on operands that do not fit
generic(w, w);
// a generic layer, compiled, on operands that do not fit
jit(generic)(w, w);
// a generic layer, differentiated, on operands that do not fit
vjp(generic)(w, w);
// a specialised layer on other sizes
layer(generic<'n=4', 'in=2', 'out=5'>)(w, ones(['in=2', 'out=5']));
