/** What is no parameter, and no gradient of these parameters. */
import { customVjp, grad, ones, type Parameter, parameters, type Tensor, update, updateWithState, zeros, zerosLike } from 'adjoint';

const p = parameters({ w1: ones(['in=2', 'out=2']), w2: ones(['in=2', 'out=2']), b: zeros(['out=2']) });
const other = parameters({ w3: ones(['in=2', 'out=2']), b: zeros(['out=2']) });
const transposed = parameters({ w1: ones(['out=2', 'in=2']), w2: ones(['in=2', 'out=2']), b: zeros(['out=2']) });
declare const x: Tensor<['n', 'in=2']>;
const loss = (q: typeof p) => x.matmul(q.w1).add(x.matmul(q.w2)).add(q.b).sum();
const g = grad(loss)(p);
const velocity = zerosLike(p);
const plain = { w1: ones(['in=2', 'out=2']), w2: ones(['in=2', 'out=2']), b: zeros(['out=2']) };

// the gradients of two parameters of equal shape, swapped
update(p, { w1: g.w2, w2: g.w1, b: g.b }, (w, dw) => w.sub(dw));
// two parameters of equal shape, swapped
update({ w1: p.w2, w2: p.w1, b: p.b }, g, (w, dw) => w.sub(dw));
// the parameters of a model where others are due
loss({ w1: p.w2, w2: p.w1, b: p.b });
// a gradient where a parameter is due
loss(g);
// one gradient where a parameter is due
loss({ ...p, w1: g.w1 });
// a plain tensor where a parameter is due
loss({ ...p, w1: ones(['in=2', 'out=2']) });
// what an operation gives where a parameter is due
loss({ ...p, w1: p.w1.sub(g.w1.mul(0.1)) });
// parameters where their gradient is due
update(p, p, (w, dw) => w.sub(dw));
// one parameter where its gradient is due
update(p, { ...g, w1: p.w1 }, (w, dw) => w.sub(dw));
// parameters and gradient swapped
update(g, p, (w, dw) => w.sub(dw));
// plain tensors as a gradient
update(p, plain, (w, dw) => w.sub(dw));
// the velocity as a gradient
update(p, velocity, (w, dw) => w.sub(dw));
// a gradient that was computed with
update(p, { ...g, w1: g.w1.mul(0.5) }, (w, dw) => w.sub(dw));
// plain tensors as parameters
update(plain, velocity, (w, dw) => w.sub(dw));
// an entry without a gradient
update(p, { w1: g.w1, b: g.b }, (w, dw) => w.sub(dw));
// the gradient of other parameters
update(other, g, (w, dw) => w.sub(dw));
// the gradient of parameters of other shapes
update(transposed, g, (w, dw) => w.sub(dw));
// a rule that changes the shape
update(p, g, (w, dw) => w.sub(dw).sum());
// a rule without a next parameter
updateWithState(p, g, { velocity }, (_, dw) => ({ state: { velocity: dw } }));
// a rule without a next state
updateWithState(p, g, { velocity }, (w, dw) => ({ parameter: w.sub(dw), state: {} }));
// a rule that reads state that is not there
updateWithState(p, g, { velocity }, (w, dw, { moment }) => ({ parameter: w.sub(dw), state: { velocity: moment } }));
// state of another structure
updateWithState(p, g, { velocity: { w1: velocity.w1 } }, (w, dw, state) => ({ parameter: w.sub(dw), state }));
// state of another shape
updateWithState(p, g, { velocity: { ...velocity, b: velocity.w1 } }, (w, dw, state) => ({ parameter: w.sub(dw), state }));
// velocities as parameters
loss(velocity);
// a tensor alone
parameters(ones(['in=2']));
// a plain tensor as one parameter
((_: Parameter<'w', ['in=2']>) => {})(ones(['in=2']));

// a backward that returns a transposed gradient of a parameter
customVjp((a: typeof x, w: (typeof p)['w1']) => ({ y: a.matmul(w), saved: { a, w } }), (saved, dy) => [dy.matmul(saved.w.T), dy.T.matmul(saved.a)]);
// a backward that reads what was not saved
customVjp((a: typeof x, w: (typeof p)['w1']) => ({ y: a.matmul(w), saved: { w } }), (saved, dy) => [dy.matmul(saved.w.T), saved.a.T.matmul(dy)]);
// a backward that declares more than was saved
customVjp((a: typeof x, w: (typeof p)['w1']) => ({ y: a.matmul(w), saved: { w } }), (saved: { a: typeof x; w: (typeof p)['w1'] }, dy) => [dy.matmul(saved.w.T), saved.a.T.matmul(dy)]);
