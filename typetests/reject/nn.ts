/** Layers, losses and optimizers that do not fit. */
import { ones, parameters, type Tensor, valueAndGrad, zeros } from 'adjoint';
import { adam, binaryCrossEntropy, clipByGlobalNorm, layerNorm, linear, momentum, softmaxCrossEntropy } from 'adjoint/nn';

declare const x: Tensor<['n=4', 'in=4']>;
const p = parameters({ w: ones(['in=4', 'out=4']), v: ones(['in=4', 'out=4']), b: zeros(['out=4']) });
const gradient = valueAndGrad((q: typeof p) => linear(x, q).mul(linear(x, { w: q.v })).sum())(p).gradient;
const optimizer = adam({ rate: 0.1 });
const state = optimizer.initialise(p);

// weights the other way round, square
linear(x, { w: p.w.T });
// a bias of the inputs
linear(x, { w: p.w, b: zeros(['in=4']) });
// a norm of another axis
layerNorm(x, { gamma: ones(['n=4']), beta: zeros(['n=4']) });
// labels of another axis
softmaxCrossEntropy(x, zeros(['in=4'], 'i32'));
// weights of the classes, transposed, square
softmaxCrossEntropy(x, x.T);
// labels that are no integers
softmaxCrossEntropy(x, zeros(['n=4']));
// targets of another shape
binaryCrossEntropy(x, x.T);
// gradients of two parameters of one shape, swapped
optimizer.update(p, { ...gradient, w: gradient.v, v: gradient.w }, state);
// a parameter in the gradient's place
optimizer.update(p, p, state);
// another optimizer's state
momentum({ rate: 0.1 }).update(p, gradient, state);
// a gradient that was computed with is a plain tensor
optimizer.update(p, { ...clipByGlobalNorm(gradient, 1), w: gradient.w.mul(2) }, state);
// the state of other parameters
optimizer.update(p, gradient, optimizer.initialise(parameters({ w: p.w })));
