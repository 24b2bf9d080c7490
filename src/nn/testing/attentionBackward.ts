/**
 * The gradient of multi-head self-attention, written by hand: backwards through the last product, the weights, and the three projections.
 * With tables, queries and keys are turned, and their gradients turned back.
 */
import { type Dim, divides, einsum, type Tensor, where } from '../../index.ts';
import { causalMask } from '../attention.ts';
import { rotary } from '../rotary.ts';

type Heads = Tensor<['b=2', 'head=2', 't=4', 'e=4']>;
type Weights<I extends Dim> = Tensor<[I, 'head=2', 'e=4']>;
type Table = Tensor<['t=4', 2]>;
const half = divides(2, 'e=4');

export function attentionBackward<I extends Dim, O extends Dim>(
  dy: Tensor<['b=2', 't=4', O]>,
  x: Tensor<['b=2', 't=4', I]>,
  [wq, wk, wv, wo]: readonly [Weights<I>, Weights<I>, Weights<I>, Tensor<['head=2', 'e=4', O]>],
  causal: boolean,
  tables?: { readonly cos: Table; readonly sin: Table },
) {
  const turn = (given: Heads): Heads => (tables === undefined ? given : rotary(given, { half, ...tables }));
  const back = (given: Heads): Heads => (tables === undefined ? given : rotary(given, { half, cos: tables.cos, sin: tables.sin.neg() }));
  const heads = (w: Weights<I>): Heads => einsum('bti,ihe->bhte', x, w);
  const q = turn(heads(wq));
  const k = turn(heads(wk)).rename({ t: 'key' });
  const v = heads(wv).rename({ t: 'key' });
  const scores = q.matmul(k.mT).mul(0.5);
  const powers = (causal ? where(causalMask(scores.sum([0, 1])), scores, -1e30) : scores).exp();
  const w = powers.div(powers.sum('key', { keepdims: true }));

  const dAttended = einsum('bto,heo->bhte', dy, wo);
  const dw = dAttended.matmul(v.mT);
  const dScores = w.mul(dw.sub(dw.mul(w).sum('key', { keepdims: true }))).mul(0.5);
  const dq = back(dScores.matmul(k));
  const dk = back(dScores.mT.matmul(q).rename({ key: 't' }));
  const dv = w.mT.matmul(dAttended).rename({ key: 't' });
  const toInput = (d: Heads, weights: Weights<I>) => einsum('bhte,ihe->bti', d, weights);
  const toWeights = (d: Heads) => einsum('bti,bhte->ihe', x, d);
  return [
    toInput(dq, wq).add(toInput(dk, wk)).add(toInput(dv, wv)),
    toWeights(dq),
    toWeights(dk),
    toWeights(dv),
    einsum('bhte,bto->heo', w.matmul(v), dy),
  ] as const;
}
