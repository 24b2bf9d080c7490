/** Attention and its positions against PyTorch and by hand. */
import { describe, it } from 'vitest';
import { divides, einsum, jit, ones, stack, type Tensor, tensor } from '../index.ts';
import { crossAttention, dotProductAttention, groupedQueryAttention, multiHeadAttention } from './attention.ts';
import { rotary, rotaryTables } from './rotary.ts';
import { attentionBackward } from './testing/attentionBackward.ts';
import { checkLayer, expectClose, references } from './testing/checkLayer.ts';

type X = Tensor<['b=2', 't=4', 'in=6']>;
type W = Tensor<['in=6', 'head=2', 'e=4']>;
type Out = Tensor<['head=2', 'e=4', 'out=5']>;
type Heads = Tensor<['b=2', 'head=2', 't=4', 'e=4']>;
const half = divides(2, 'e=4');
type Table = Tensor<['t=4', 2]>;
const fixed = [
  [['t=4', 2], 'f32'],
  [['t=4', 2], 'f32'],
] as const;

const byHand = (causal: boolean) => (dy: Tensor<['b=2', 't=4', 'out=5']>, x: X, wq: W, wk: W, wv: W, wo: Out, cos?: Table, sin?: Table) =>
  attentionBackward(dy, x, [wq, wk, wv, wo], causal, cos !== undefined && sin !== undefined ? { cos, sin } : undefined);

const weights = [
  ['in=6', 'head=2', 'e=4'],
  ['in=6', 'head=2', 'e=4'],
  ['in=6', 'head=2', 'e=4'],
  ['head=2', 'e=4', 'out=5'],
] as const;
const shapes = [['b=2', 't=4', 'in=6'], ...weights] as const;
const result = ['b=2', 't=4', 'out=5'] as const;

it('rotary', () =>
  checkLayer({
    name: 'rotary',
    shapes: [['b=2', 'head=2', 't=4', 'e=4']],
    result: ['b=2', 'head=2', 't=4', 'e=4'],
    fixed,
    f: (x: Heads, cos: Table, sin: Table) => rotary(x, { half, cos, sin }),
    byHand: (dy: Heads, _: Heads, cos: Table, sin: Table) => [rotary(dy, { half, cos, sin: sin.neg() })],
  }));

it('rotaryTables', async () => {
  const [cos, sin] = references.layers.rotary?.inputs.slice(1) ?? [];
  const tables = rotaryTables('t=4', half);
  expectClose(await tables.cos.data(), cos, 6);
  expectClose(await tables.sin.data(), sin, 6);
});

it('multiHeadAttention', () =>
  checkLayer({
    name: 'multiHeadAttention',
    shapes,
    result,
    f: (x: X, q: W, k: W, v: W, out: Out) => multiHeadAttention(x, { q, k, v, out }),
    byHand: byHand(false),
  }));

it('multiHeadAttention, causal', () =>
  checkLayer({
    name: 'multiHeadAttentionCausal',
    shapes,
    result,
    f: (x: X, q: W, k: W, v: W, out: Out) => multiHeadAttention(x, { q, k, v, out }, { causal: true }),
    byHand: byHand(true),
  }));

it('multiHeadAttention, causal and rotary', () =>
  checkLayer({
    name: 'multiHeadAttentionRotary',
    shapes,
    result,
    fixed,
    f: (x: X, q: W, k: W, v: W, out: Out, cos: Table, sin: Table) =>
      multiHeadAttention(x, { q, k, v, out }, { causal: true, rotary: { half, cos, sin } }),
    byHand: byHand(true),
  }));

it('crossAttention', () => {
  type C = Tensor<['b=2', 's=3', 'c=7']>;
  type WC = Tensor<['c=7', 'head=2', 'e=4']>;
  checkLayer({
    name: 'crossAttention',
    shapes: [
      ['b=2', 't=4', 'in=6'],
      ['b=2', 's=3', 'c=7'],
      ['in=6', 'head=2', 'e=4'],
      ['c=7', 'head=2', 'e=4'],
      ['c=7', 'head=2', 'e=4'],
      ['head=2', 'e=4', 'out=5'],
    ],
    result,
    f: (x: X, c: C, q: W, k: WC, v: WC, out: Out) => crossAttention(x, c, { q, k, v, out }),
    byHand: (dy: Tensor<['b=2', 't=4', 'out=5']>, x: X, c: C, wq: W, wk: WC, wv: WC, wo: Out) => {
      const q = einsum('bti,ihe->bhte', x, wq);
      const [k, v] = [einsum('bsc,che->bhse', c, wk), einsum('bsc,che->bhse', c, wv)];
      const powers = q.matmul(k.mT).mul(0.5).exp();
      const w = powers.div(powers.sum('s', { keepdims: true }));
      const dAttended = einsum('bto,heo->bhte', dy, wo);
      const dw = dAttended.matmul(v.mT);
      const dScores = w.mul(dw.sub(dw.mul(w).sum('s', { keepdims: true }))).mul(0.5);
      const [dq, dk, dv] = [dScores.matmul(k), dScores.mT.matmul(q), w.mT.matmul(dAttended)];
      return [
        einsum('bhte,ihe->bti', dq, wq),
        einsum('bhse,che->bsc', dk, wk).add(einsum('bhse,che->bsc', dv, wv)),
        einsum('bti,bhte->ihe', x, dq),
        einsum('bsc,bhse->che', c, dk),
        einsum('bsc,bhse->che', c, dv),
        einsum('bhte,bto->heo', w.matmul(v), dy),
      ];
    },
  });
});

it('groupedQueryAttention: as if each head of keys and values stood there once a group', () => {
  type Q = Tensor<['in=6', 'head=2', 'group=2', 'e=4']>;
  type O = Tensor<['head=2', 'group=2', 'e=4', 'out=5']>;
  // The gradient by hand is that of one group at a time: what keys and values get is the sum over groups.
  const group = <G extends 0 | 1>(q: Q, out: O, at: G) =>
    [
      at === 0 ? q.slice(2, 0, 1).sum(2) : q.slice(2, 1, 2).sum(2),
      at === 0 ? out.slice(1, 0, 1).sum(1) : out.slice(1, 1, 2).sum(1),
    ] as const;
  checkLayer({
    name: 'groupedQueryAttention',
    shapes: [
      ['b=2', 't=4', 'in=6'],
      ['in=6', 'head=2', 'group=2', 'e=4'],
      ['in=6', 'head=2', 'e=4'],
      ['in=6', 'head=2', 'e=4'],
      ['head=2', 'group=2', 'e=4', 'out=5'],
    ],
    result,
    fixed,
    f: (x: X, q: Q, k: W, v: W, out: O, cos: Table, sin: Table) =>
      groupedQueryAttention(x, { q, k, v, out }, { causal: true, rotary: { half, cos, sin } }),
    byHand: (dy: Tensor<['b=2', 't=4', 'out=5']>, x: X, q: Q, k: W, v: W, out: O, cos: Table, sin: Table) => {
      const [first, second] = ([0, 1] as const).map((at) => {
        const [wq, wo] = group(q, out, at);
        return byHand(true)(dy, x, wq, k, v, wo, cos, sin);
      });
      if (first === undefined || second === undefined) throw new Error('two groups');
      return [
        first[0].add(second[0]),
        stack([first[1], second[1]], 'group').permute('in', 'head', 'group', 'e'),
        first[2].add(second[2]),
        first[3].add(second[3]),
        stack([first[4], second[4]], 'group').permute('head', 'group', 'e', 'out'),
      ];
    },
  });
});

describe('masks', () => {
  // One product, two rows kernels over it: neither may become part of the product, which has two results then.
  it('allow what all of them allow', async () => {
    const q = ones(['b=1', 'head=1', 'query=3', 'e=4']);
    const k = ones(['b=1', 'head=1', 'key=3', 'e=4']);
    const v = tensor([[[[1], [2], [4]]]], ['b', 'head', 'key', 'f']);
    const mask = tensor(
      [
        [true, true, true],
        [true, false, true],
        [false, true, true],
      ],
      ['query', 'key'],
    );
    const f = jit(
      (m: typeof mask) => [dotProductAttention(q, k, v, { mask: m, causal: true }), dotProductAttention(q, k, v, { mask: m })] as const,
    );
    const [both, one] = f(mask);
    expectClose(await both.data(), [1, 1, 3], 6);
    expectClose(await one.data(), [7 / 3, 2.5, 3], 6);
  });
});
