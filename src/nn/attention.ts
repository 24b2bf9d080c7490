/**
 * Attention. The weights of a projection have an axis for the heads and one for what is within a head, so nothing is split or merged, and
 * a wrong number of heads is a wrong dim. Within, the axis that is attended to is named `key`: queries and keys cannot be confused, even
 * where there are as many of one as of the other.
 *
 * Source: Vaswani et al., 2017; Ainslie et al., 2023 (grouped queries); Su et al., 2021 (rotary positions).
 */
import { type Dim, einsum, indices, type Tensor, type WithName, where } from '../index.ts';
import { axisSize } from './axisSize.ts';
import { flag, requireOptions, structureOf } from './options.ts';
import { groupedRotary, type RotaryTables, rotary } from './rotary.ts';

/** What a score is where it must not count: its power is 0, and no infinity meets another. */
const never = -1e30;

/** True where the key does not come after the query. Shapes: those of the given tensor, of which only the shape is read. */
export const causalMask = <Q extends Dim, K extends Dim>(like: Tensor<[Q, K]>): Tensor<[Q, K], 'bool'> =>
  indices(like, 0).ge(indices(like, 1));

/** What attention may see: no later keys, or what a mask says. */
export interface AttentionOptions<Q extends Dim, K extends Dim> {
  /** Each query sees no key that comes after it. */
  readonly causal?: boolean;
  /** True where a query may see a key. */
  readonly mask?: Tensor<[Q, K], 'bool'>;
}

const figures = { causal: flag, mask: structureOf('a tensor of bool') };
export const figuresOfSelf = { ...figures, rotary: structureOf('what rotaryTables gives') };

/** The mask of the options: what all of them allow. */
function allowed<Q extends Dim, K extends Dim>(
  { causal = false, mask }: AttentionOptions<Q, K>,
  scores: Tensor<[Q, K]>,
): Tensor<[Q, K], 'bool'> | undefined {
  if (!causal) return mask;
  return mask === undefined ? causalMask(scores) : causalMask(scores).and(mask);
}

/**
 * softmax(q kᵀ / √e) v, in each head of each example.
 *
 * Shapes: q [b, head, query, e], k [b, head, key, e], v [b, head, key, f] → [b, head, query, f]; mask [query, key].
 * Gradient: with w the weights and dw = dy vᵀ, ds = w (dw - Σ dw w) / √e; dq = ds k, dk = dsᵀ q, dv = wᵀ dy.
 */
export function dotProductAttention<B extends Dim, H extends Dim, Q extends Dim, K extends Dim, E extends Dim, F extends Dim>(
  q: Tensor<[B, H, Q, E]>,
  k: Tensor<[NoInfer<B>, NoInfer<H>, K, NoInfer<E>]>,
  v: Tensor<[NoInfer<B>, NoInfer<H>, NoInfer<K>, F]>,
  options: AttentionOptions<NoInfer<Q>, NoInfer<K>> = {},
): Tensor<[B, H, Q, F]> {
  requireOptions('dotProductAttention', figures, options);
  const scores = q.matmul(k.mT).mul(1 / Math.sqrt(axisSize(q, 3)));
  const mask = allowed(options, scores.sum([0, 1]));
  return (mask === undefined ? scores : where(mask, scores, never)).softmax(3).matmul(v);
}

/** As `dotProductAttention`, with groups of queries for each head of keys: q [b, head, group, query, e] → [b, head, group, query, f]. */
export function groupedDotProductAttention<
  B extends Dim,
  H extends Dim,
  G extends Dim,
  Q extends Dim,
  K extends Dim,
  E extends Dim,
  F extends Dim,
>(
  q: Tensor<[B, H, G, Q, E]>,
  k: Tensor<[NoInfer<B>, NoInfer<H>, K, NoInfer<E>]>,
  v: Tensor<[NoInfer<B>, NoInfer<H>, NoInfer<K>, F]>,
  options: AttentionOptions<NoInfer<Q>, NoInfer<K>> = {},
): Tensor<[B, H, G, Q, F]> {
  requireOptions('groupedDotProductAttention', figures, options);
  const scores = einsum('bhgqe,bhke->bhgqk', q, k).mul(1 / Math.sqrt(axisSize(q, 4)));
  const mask = allowed(options, scores.sum([0, 1, 2]));
  return einsum('bhgqk,bhkf->bhgqf', (mask === undefined ? scores : where(mask, scores, never)).softmax(4), v);
}

/** As `AttentionOptions`, with rotary positions. */
export interface SelfAttentionOptions<T extends Dim, E extends Dim> extends AttentionOptions<T, WithName<T, 'key'>> {
  /** Turns queries and keys by their positions. */
  readonly rotary?: RotaryTables<T, E>;
}

/**
 * Multi-head attention of a sequence to itself.
 *
 * Shapes: x [b, t, in]; q, k [in, head, e], v [in, head, f], out [head, f, out] → [b, t, out]; a mask is [t, key]. Gradient: as of
 * `dotProductAttention` and of products. Errors: heads or sizes that differ do not compile.
 */
export function multiHeadAttention<B extends Dim, T extends Dim, I extends Dim, H extends Dim, E extends Dim, F extends Dim, O extends Dim>(
  x: Tensor<[B, T, I]>,
  p: {
    readonly q: Tensor<[NoInfer<I>, H, E]>;
    readonly k: Tensor<[NoInfer<I>, NoInfer<H>, NoInfer<E>]>;
    readonly v: Tensor<[NoInfer<I>, NoInfer<H>, F]>;
    readonly out: Tensor<[NoInfer<H>, NoInfer<F>, O]>;
  },
  options: SelfAttentionOptions<NoInfer<T>, NoInfer<E>> = {},
): Tensor<[B, T, O]> {
  const { rotary: tables, ...seen } = requireOptions('multiHeadAttention', figuresOfSelf, options);
  const turn = (heads: Tensor<[B, H, T, E]>) => (tables === undefined ? heads : rotary(heads, tables));
  const q = turn(einsum('bti,ihe->bhte', x, p.q));
  const k = turn(einsum('bti,ihe->bhte', x, p.k)).renameAxis(2, 'key');
  const v = einsum('bti,ihf->bhtf', x, p.v).renameAxis(2, 'key');
  return einsum('bhtf,hfo->bto', dotProductAttention(q, k, v, seen), p.out);
}

/**
 * Multi-head attention of one sequence to another, whose axis has a name of its own.
 *
 * Shapes: x [b, t, in], context [b, key, c]; q [in, head, e], k [c, head, e], v [c, head, f], out [head, f, out] → [b, t, out].
 */
export function crossAttention<
  B extends Dim,
  T extends Dim,
  K extends Dim,
  I extends Dim,
  C extends Dim,
  H extends Dim,
  E extends Dim,
  F extends Dim,
  O extends Dim,
>(
  x: Tensor<[B, T, I]>,
  context: Tensor<[NoInfer<B>, K, C]>,
  p: {
    readonly q: Tensor<[NoInfer<I>, H, E]>;
    readonly k: Tensor<[NoInfer<C>, NoInfer<H>, NoInfer<E>]>;
    readonly v: Tensor<[NoInfer<C>, NoInfer<H>, F]>;
    readonly out: Tensor<[NoInfer<H>, NoInfer<F>, O]>;
  },
  options: AttentionOptions<NoInfer<T>, NoInfer<K>> = {},
): Tensor<[B, T, O]> {
  requireOptions('crossAttention', figures, options);
  const q = einsum('bti,ihe->bhte', x, p.q);
  const k = einsum('bkc,che->bhke', context, p.k);
  const v = einsum('bkc,chf->bhkf', context, p.v);
  return einsum('bhtf,hfo->bto', dotProductAttention(q, k, v, options), p.out);
}

/**
 * Attention in which groups of query heads share their keys and values: with one head of them, multi-query attention.
 *
 * Shapes: x [b, t, in]; q [in, head, group, e], k [in, head, e], v [in, head, f], out [head, group, f, out] → [b, t, out].
 */
export function groupedQueryAttention<
  B extends Dim,
  T extends Dim,
  I extends Dim,
  H extends Dim,
  G extends Dim,
  E extends Dim,
  F extends Dim,
  O extends Dim,
>(
  x: Tensor<[B, T, I]>,
  p: {
    readonly q: Tensor<[NoInfer<I>, H, G, E]>;
    readonly k: Tensor<[NoInfer<I>, NoInfer<H>, NoInfer<E>]>;
    readonly v: Tensor<[NoInfer<I>, NoInfer<H>, F]>;
    readonly out: Tensor<[NoInfer<H>, NoInfer<G>, NoInfer<F>, O]>;
  },
  options: SelfAttentionOptions<NoInfer<T>, NoInfer<E>> = {},
): Tensor<[B, T, O]> {
  const { rotary: tables, ...seen } = requireOptions('groupedQueryAttention', figuresOfSelf, options);
  const queries = einsum('bti,ihge->bhgte', x, p.q);
  const keys = einsum('bti,ihe->bhte', x, p.k);
  const q = tables === undefined ? queries : groupedRotary(queries, tables);
  const k = (tables === undefined ? keys : rotary(keys, tables)).renameAxis(2, 'key');
  const v = einsum('bti,ihf->bhtf', x, p.v).renameAxis(2, 'key');
  return einsum('bhgtf,hgfo->bto', groupedDotProductAttention(q, k, v, seen), p.out);
}
