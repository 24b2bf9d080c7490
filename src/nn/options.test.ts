/** Options that are missing, unknown or no such figures: each function refuses them in a sentence, before anything is computed. */
import { describe, expect, it } from 'vitest';
import { divides, key, ones, ShapeError } from '../index.ts';
import * as nn from './index.ts';

// biome-ignore lint/suspicious/noExplicitAny: what stands here is what a program without types calls
const untyped = nn as any;
const x = ones(['n=2', 'in=4']);
const scale = { gamma: ones(['in=4']), beta: ones(['in=4']) };
const running = { mean: ones(['in=4']), variance: ones(['in=4']) };
const image = ones(['n=1', 'in=4', 'h=2', 'w=2']);
const tokens = ones(['b=1', 't=2', 'c=4']);
const heads = nn.attentionParameters(key(1), { in: 'c=4', head: 'head=2', headDim: 'e=2' });
const groups = { ...heads, q: ones(['c=4', 'head=2', 'group=2', 'e=2']), out: ones(['head=2', 'group=2', 'e=2', 'c=4']) };
const block = { model: 'c=4', head: 'head=2', headDim: 'e=2', hidden: 'f=4' } as const;
const [q, k] = [ones(['b=1', 'head=2', 't=2', 'e=2']), ones(['b=1', 'head=2', 'key=2', 'e=2'])];
const cell = { in: 'c=4', hidden: 'h=4' } as const;

/** With options that are right, and the names of all of them. */
const takesOptions: Readonly<Record<string, readonly [names: string, call: (options: object) => unknown, right?: object]>> = {
  adam: ['rate, weightDecay, beta1, beta2, epsilon', untyped.adam, { rate: 0.1 }],
  adamW: ['rate, weightDecay, beta1, beta2, epsilon', untyped.adamW, { rate: 0.1 }],
  lion: ['rate, weightDecay, beta1, beta2', untyped.lion, { rate: 0.1 }],
  momentum: ['rate, weightDecay, momentum', untyped.momentum, { rate: 0.1 }],
  nesterov: ['rate, weightDecay, momentum', untyped.nesterov, { rate: 0.1 }],
  rmsprop: ['rate, weightDecay, decay, epsilon', untyped.rmsprop, { rate: 0.1 }],
  sgd: ['rate, weightDecay', untyped.sgd, { rate: nn.constant(0.1) }],
  cosineDecay: ['rate, steps, end', untyped.cosineDecay, { rate: 0.1, steps: 9 }],
  exponentialDecay: ['rate, every, factor', untyped.exponentialDecay, { rate: 0.1, factor: 0.5 }],
  oneCycle: ['rate, steps, rising, startFactor, endFactor', untyped.oneCycle, { rate: 0.1, steps: 9 }],
  stepwise: ['rate, every, factor', untyped.stepwise, { rate: 0.1, every: 3 }],
  warmupCosine: ['rate, warmup, steps, end', untyped.warmupCosine, { rate: 0.1, warmup: 2, steps: 9 }],
  lossScaling: ['initial, growth, backoff, interval', untyped.lossScaling],
  gelu: ['approximate', (options) => untyped.gelu(x, options)],
  layerNorm: ['epsilon', (options) => untyped.layerNorm(x, scale, options)],
  rmsNorm: ['epsilon', (options) => untyped.rmsNorm(x, scale, options)],
  batchNorm: ['momentum, epsilon', (options) => untyped.batchNorm(x, scale, running, options)],
  batchNorm2d: ['momentum, epsilon', (options) => untyped.batchNorm2d(image, scale, running, options)],
  batchNormInference: ['momentum, epsilon', (options) => untyped.batchNormInference(x, scale, running, options)],
  batchNorm2dInference: ['momentum, epsilon', (options) => untyped.batchNorm2dInference(image, scale, running, options)],
  softmaxCrossEntropy: ['labelSmoothing', (options) => untyped.softmaxCrossEntropy(x, x, options)],
  huber: ['delta', (options) => untyped.huber(x, x, options)],
  lowRank: [
    'scale',
    (options) => untyped.lowRank(x, { w: ones(['in=4', 'o=1']), u: ones(['in=4', 'r=1']), v: ones(['r=1', 'o=1']) }, options),
  ],
  rotaryTables: ['base', (options) => untyped.rotaryTables('t=2', divides(2, 'e=4'), options)],
  dotProductAttention: ['causal, mask', (options) => untyped.dotProductAttention(q, k, k, options)],
  groupedDotProductAttention: [
    'causal, mask',
    (options) => untyped.groupedDotProductAttention(ones(['b=1', 'head=2', 'group=2', 't=2', 'e=2']), k, k, options),
  ],
  multiHeadAttention: ['causal, mask, rotary', (options) => untyped.multiHeadAttention(tokens, heads, options)],
  crossAttention: ['causal, mask', (options) => untyped.crossAttention(tokens, ones(['b=1', 'key=2', 'c=4']), heads, options)],
  groupedQueryAttention: ['causal, mask, rotary', (options) => untyped.groupedQueryAttention(tokens, groups, options)],
  transformerBlock: [
    'causal, mask, rotary, dropout',
    (options) => untyped.transformerBlock(tokens, nn.transformerBlockParameters(key(1), block), options),
  ],
  ...Object.fromEntries(
    ['heNormal', 'heUniform', 'xavierNormal', 'xavierUniform'].map((name) => [
      name,
      ['inputs, gain', (options: object) => untyped[name](key(1), ['in=4', 'out=2'], options)],
    ]),
  ),
  orthogonal: ['gain', (options) => untyped.orthogonal(key(1), ['in=4', 'out=2'], options)],
  linearParameters: ['weights', (options) => untyped.linearParameters(key(1), { in: 'in=4', out: 'out=2' }, options)],
  attentionParameters: [
    'weights',
    (options) => untyped.attentionParameters(key(1), { in: 'c=4', head: 'head=2', headDim: 'e=2' }, options),
  ],
  transformerBlockParameters: ['weights', (options) => untyped.transformerBlockParameters(key(1), block, options)],
  rnnParameters: ['weights', (options) => untyped.rnnParameters(key(1), cell, options)],
  gruParameters: ['weights', (options) => untyped.gruParameters(key(1), cell, options)],
  lstmParameters: ['weights', (options) => untyped.lstmParameters(key(1), cell, options)],
};

const takeNone =
  'elu leakyRelu mish silu softplus causalMask channelBias1d channelBias2d globalMeanPool2d clipByGlobalNorm clipByValue globalNorm dropout ' +
  'embedding normParameters statistics linear binaryCrossEntropy meanSquaredError gru lstm rnn rotary constant residual';

it('every function is one that takes options, or one that does not', () => {
  expect([...Object.keys(takesOptions), ...takeNone.split(' ')].sort()).toEqual(Object.keys(nn).sort());
});

describe.each(Object.entries(takesOptions))('%s', (name, [names, call, right = {}]) => {
  it('takes what is right, and refuses what is unknown or no such figure', () => {
    expect(() => call(right)).not.toThrow();
    expect(() => call({ ...right, unheard: 1 })).toThrow(
      new ShapeError(`${name}: there is no option 'unheard' (its options are ${names})`),
    );
    for (const option of names.split(', ')) {
      for (const [value, shown] of [
        [Number.NaN, 'NaN'],
        ['x', "'x'"],
        [null, 'null'],
        [[], 'a list'],
      ] as const) {
        if (shown === 'a list' && ['mask', 'rotary', 'dropout'].includes(option)) continue;
        expect(() => call({ ...right, [option]: value })).toThrow(`${name}: ${option} is ${shown} (give `);
      }
    }
  });
});

const cases: readonly (readonly [call: string, run: () => unknown, sentence: string])[] = [
  ['adam()', () => untyped.adam(), 'adam: the options are undefined (write them as a literal, such as { rate: … })'],
  ['adam(0.1)', () => untyped.adam(0.1), 'adam: the options are 0.1 (write them as a literal, such as { rate: … })'],
  ['adam({})', () => untyped.adam({}), 'adam: rate is missing (give a number from 0, or a schedule)'],
  ['a negative rate', () => nn.sgd({ rate: -1 }), 'sgd: rate is -1 (give a number from 0, or a schedule)'],
  ['a rate as text', () => untyped.sgd({ rate: '0.1' }), "sgd: rate is '0.1' (give a number from 0, or a schedule)"],
  ['beta1: 1', () => nn.adam({ rate: 1, beta1: 1 }), 'adam: beta1 is 1 (give a number from 0 up to, but not including, 1)'],
  [
    'a letter too many',
    () => untyped.adam({ rate: 1, betta1: 0.5 }),
    "adam: there is no option 'betta1' (did you mean beta1? its options are rate, weightDecay, beta1, beta2, epsilon)",
  ],
  [
    'two letters swapped',
    () => untyped.sgd({ raet: 1 }),
    "sgd: there is no option 'raet' (did you mean rate? its options are rate, weightDecay)",
  ],
  [
    "another library's short name",
    () => untyped.rmsprop({ rate: 1, eps: 1e-3 }),
    "rmsprop: there is no option 'eps' (did you mean epsilon? its options are rate, weightDecay, decay, epsilon)",
  ],
  ['steps without a number', () => untyped.cosineDecay({ rate: 1 }), 'cosineDecay: steps is missing (give a number over 0)'],
  [
    'nothing but warmup',
    () => nn.warmupCosine({ rate: 1, warmup: 9, steps: 9 }),
    'warmupCosine: 9 steps of warmup are all 9 (give more steps, or less warmup)',
  ],
  ['constant()', () => untyped.constant(), 'constant: the rate is undefined (give a number from 0)'],
  ['a negative limit', () => nn.clipByGlobalNorm({}, -1), 'clipByGlobalNorm: the limit is -1 (give a number over 0)'],
  ['a limit that is none', () => nn.clipByValue({}, Number.NaN), 'clipByValue: the limit is NaN (give a number from 0)'],
  ['residual(x)', () => untyped.residual(x), 'residual: the layer is undefined (give a function of a tensor)'],
  [
    'an update without a state',
    () => untyped.sgd({ rate: 1 }).update({}, {}),
    'update: the state is undefined (give what initialise, or the last update, gave)',
  ],
  [
    'an update of a state that is none',
    () => untyped.sgd({ rate: 1 }).update({}, {}, {}),
    'update: the state is an object (give what initialise, or the last update, gave)',
  ],
  ['dropout(x, 1)', () => nn.dropout(x, 1, undefined), 'dropout: the rate is 1 (give a number from 0 up to, but not including, 1)'],
  ['normParameters()', () => untyped.normParameters(), "normParameters: the size is undefined (give a dim, such as 'in=3')"],
  [
    'a size under another name',
    () => untyped.linearParameters(key(1), { input: 'in=3', out: 'out=3' }),
    "linearParameters: there is no option 'input' (its options are in, out)",
  ],
  [
    'a size that is missing',
    () => untyped.linearParameters(key(1), { in: 'in=3' }),
    "linearParameters: out is missing (give a dim, such as 'in=3')",
  ],
];

it.each(cases)('%s', (_, run, sentence) => {
  expect(run).toThrow(new ShapeError(sentence));
});
