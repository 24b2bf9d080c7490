/**
 * Recurrent layers over [n, t, in], a loop along t by `scan`: their gradient is backpropagation through time.
 *
 * The state that comes in and the state that goes out have the same size and play different parts, so the weights between them have two
 * names: `recurrent` for the old state, as in ['recurrent=8', 'gate=4', 'hidden=8'].
 *
 * Invariant: all gates are one product, for the inputs of all times at once, with their bias; t has a size.
 */
import { type Dim, einsum, scan, type Tensor, type WithName } from '../index.ts';

/** A plain recurrent layer's parameters. */
export interface Recurrent<I extends Dim, H extends Dim> {
  readonly x: Tensor<[I, H]>;
  readonly h: Tensor<[WithName<H, 'recurrent'>, H]>;
  readonly b: Tensor<[H]>;
}

/** The parameters of a layer with gates, which are axis 1. */
export interface Gated<I extends Dim, H extends Dim, G extends Dim> {
  readonly x: Tensor<[I, G, H]>;
  readonly h: Tensor<[WithName<H, 'recurrent'>, G, H]>;
  readonly b: Tensor<[G, H]>;
}

/** All results of a sequence, and the last. */
export interface Sequence<N extends Dim, T extends Dim, H extends Dim> {
  readonly y: Tensor<[N, T, H]>;
  readonly h: Tensor<[N, H]>;
}

/**
 * h ← tanh(x Wx + h Wh + b). Source: Elman, 1990.
 *
 * Shapes: x [n, t, in], h0 [n, hidden] → y [n, t, hidden]. Gradient: with da = dh (1 - h²) at each step, the last first,
 * dx = da Wxᵀ, dh = da Whᵀ, dWx = Σ xᵀ da, dWh = Σ hᵀ da, db = Σ da.
 */
export function rnn<N extends Dim, T extends Dim, I extends Dim, H extends Dim>(
  x: Tensor<[N, T, I]>,
  p: Recurrent<NoInfer<I>, NoInfer<H>>,
  h0: Tensor<[NoInfer<N>, H]>,
): Sequence<N, T, H> {
  const { carry, ys } = scan(einsum('nti,ih->tnh', x, p.x).add(p.b), h0, (h, now) => {
    const next = now.add(h.renameAxis(1, 'recurrent').matmul(p.h)).tanh();
    return { carry: next, y: next };
  });
  return { y: ys.permute(1, 0, 2), h: carry };
}

// What all gates are computed in at once, apart. A part of size 1 is summed away: that moves nothing.
const gates3 = <N extends Dim, H extends Dim>(all: Tensor<[N, 'gate=3', H]>) =>
  [all.slice(1, 0, 1).sum(1), all.slice(1, 1, 2).sum(1), all.slice(1, 2, 3).sum(1)] as const;
const gates4 = <N extends Dim, H extends Dim>(all: Tensor<[N, 'gate=4', H]>) =>
  [all.slice(1, 0, 1).sum(1), all.slice(1, 1, 2).sum(1), all.slice(1, 2, 3).sum(1), all.slice(1, 3, 4).sum(1)] as const;

/** A GRU's parameters: gates are reset, update and candidate, the state has a bias of its own. */
export interface Gru<I extends Dim, H extends Dim> extends Gated<I, H, 'gate=3'> {
  readonly bh: Tensor<['gate=3', H]>;
}

/**
 * r, u = σ(…), c = tanh(x Wx + b + r (h Wh + bh)), h ← (1 - u) c + u h, in PyTorch's form. Source: Cho et al., 2014.
 *
 * Shapes: x [n, t, in], h0 [n, hidden], weights [in, gate=3, hidden] and [recurrent, gate=3, hidden] → y [n, t, hidden].
 */
export function gru<N extends Dim, T extends Dim, I extends Dim, H extends Dim>(
  x: Tensor<[N, T, I]>,
  p: Gru<NoInfer<I>, NoInfer<H>>,
  h0: Tensor<[NoInfer<N>, H]>,
): Sequence<N, T, H> {
  const { carry, ys } = scan(einsum('nti,igh->tngh', x, p.x).add(p.b), h0, (h, now) => {
    const [xr, xu, xc] = gates3(now);
    const [hr, hu, hc] = gates3(einsum('nr,rgh->ngh', h.renameAxis(1, 'recurrent'), p.h).add(p.bh));
    const reset = xr.add(hr).sigmoid();
    const update = xu.add(hu).sigmoid();
    const candidate = xc.add(reset.mul(hc)).tanh();
    const next = candidate.add(update.mul(h.sub(candidate)));
    return { carry: next, y: next };
  });
  return { y: ys.permute(1, 0, 2), h: carry };
}

/** A sequence, and the last cell state of an LSTM. */
export interface LstmSequence<N extends Dim, T extends Dim, H extends Dim> extends Sequence<N, T, H> {
  readonly c: Tensor<[N, H]>;
}

/**
 * i, f, o = σ(…), g = tanh(…), c ← f c + i g, h ← o tanh(c); gates in the order i, f, g, o. Source: Hochreiter and Schmidhuber, 1997;
 * Gers et al., 2000.
 *
 * Shapes: x [n, t, in], h0 and c0 [n, hidden], weights [in, gate=4, hidden] and [recurrent, gate=4, hidden] → y [n, t, hidden].
 */
export function lstm<N extends Dim, T extends Dim, I extends Dim, H extends Dim>(
  x: Tensor<[N, T, I]>,
  p: Gated<NoInfer<I>, NoInfer<H>, 'gate=4'>,
  { h: h0, c: c0 }: { readonly h: Tensor<[NoInfer<N>, H]>; readonly c: Tensor<[NoInfer<N>, NoInfer<H>]> },
): LstmSequence<N, T, H> {
  const { carry, ys } = scan(einsum('nti,igh->tngh', x, p.x).add(p.b), { h: h0, c: c0 }, ({ h, c }, now) => {
    const all = now.add(einsum('nr,rgh->ngh', h.renameAxis(1, 'recurrent'), p.h));
    const [i, f, g, o] = gates4(all);
    const cell = f.sigmoid().mul(c).add(i.sigmoid().mul(g.tanh()));
    const next = o.sigmoid().mul(cell.tanh());
    return { carry: { h: next, c: cell }, y: next };
  });
  return { y: ys.permute(1, 0, 2), ...carry };
}
