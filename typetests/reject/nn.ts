/** Layers, losses and optimizers that do not fit. */
import { divides, key, ones, parameters, type Tensor, valueAndGrad, zeros } from 'adjoint';
import {
  adam, attentionParameters, batchNorm, binaryCrossEntropy, channelBias2d, clipByGlobalNorm, crossAttention,  groupedQueryAttention, gru,
  heNormal, layerNorm, linear, linearParameters, lowRank, lstmParameters, momentum, multiHeadAttention, normParameters, residual, rnn, rnnParameters,
  rotaryTables, softmaxCrossEntropy, statistics,
} from 'adjoint/nn';

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

const attention = attentionParameters(key(1), { in: 'c=8', head: 'head=2', headDim: 'e=4' });
declare const tokens: Tensor<['batch', 't=8', 'c=8']>;

// another number of heads in the keys
multiHeadAttention(tokens, { ...attention, k: ones(['c=8', 'head=4', 'e=4']) });
// the heads and what is within them, swapped in the last product
multiHeadAttention(tokens, { ...attention, out: ones(['e=4', 'head=2', 'c=8']) });
// a mask of the keys' axis first, square
multiHeadAttention(tokens, attention, { mask: ones(['key=8', 't=8'], 'bool') });
// tables for another length
multiHeadAttention(tokens, attention, { rotary: rotaryTables('t=16', divides(2, 'e=4')) });
// tables for another size within a head
multiHeadAttention(tokens, attention, { rotary: rotaryTables('t=8', divides(2, 'e=8')) });
// a context of another batch
crossAttention(tokens, ones(['other', 's=3', 'c=8']), attention);
// groups in the queries only
groupedQueryAttention(tokens, { ...attention, q: ones(['c=8', 'head=2', 'group=2', 'e=4']) });
// a residual that changes the shape
residual(x, (y) => y.T);
// the factors of a low rank, swapped
lowRank(x, { w: p.w, u: ones(['rank=4', 'out=4']), v: ones(['in=4', 'rank=4']) });
// a state of another size
rnn(tokens, rnnParameters(key(2), { in: 'c=8', hidden: 'h=8' }), zeros(['batch', 'h=4']));
// recurrent weights the other way round, square
rnn(tokens, { ...rnnParameters(key(2), { in: 'c=8', hidden: 'h=8' }), h: ones(['h=8', 'recurrent=8']) }, zeros(['batch', 'h=8']));
// an LSTM's parameters in a GRU
gru(tokens, lstmParameters(key(2), { in: 'c=8', hidden: 'h=8' }), zeros(['batch', 'h=8']));
// a bias of another number of channels
channelBias2d(ones(['n=2', 'c=4', 'h=4', 'w=4']), zeros(['h=4']));
// running statistics of the batch's axis
batchNorm(x, normParameters('in=4'), statistics('n=4'));
// a size that is not known
linearParameters(key(3), { in: 'batch', out: 'out=4' });
// an initialiser of a shape with a name twice
heNormal(key(3), ['h=4', 'h=4']);
