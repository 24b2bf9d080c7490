/** Recurrent layers against PyTorch and by hand: backpropagation through time, written out. */
import { expect, it } from 'vitest';
import { einsum, jit, key, parameters, stack, type Tensor, valueAndGrad, zeros } from '../index.ts';
import { lstmParameters } from './layerParameters.ts';
import { sgd } from './optimizers.ts';
import { gru, lstm, rnn } from './recurrent.ts';
import { checkLayer } from './testing/checkLayer.ts';

type X = Tensor<['n=2', 't=5', 'in=3']>;
type H = Tensor<['n=2', 'hidden=4']>;
type Y = Tensor<['n=2', 't=5', 'hidden=4']>;
const times = [0, 1, 2, 3, 4] as const;

/** A time of a sequence. */
const at = <C extends 'in=3' | 'hidden=4'>(x: Tensor<['n=2', 't=5', C]>, t: number): Tensor<['n=2', C]> =>
  x.slice(1, t as 0, (t + 1) as 1).sum(1);
const total = <T extends { add(other: T): T }>(all: readonly T[]): T => all.reduce((sum, next) => sum.add(next));
const slope = (y: H): H => y.mul(y.neg().add(1)); // of a sigmoid, by its result
const flat = (y: H): H => y.mul(y).neg().add(1); // of a tangent, by its result
const sequence = (all: readonly Tensor<['n=2', 'in=3']>[]): X =>
  stack(
    all as [Tensor<['n=2', 'in=3']>, Tensor<['n=2', 'in=3']>, Tensor<['n=2', 'in=3']>, Tensor<['n=2', 'in=3']>, Tensor<['n=2', 'in=3']>],
    't',
  ).permute(1, 0, 2);

it('rnn', () => {
  type Wx = Tensor<['in=3', 'hidden=4']>;
  type Wh = Tensor<['recurrent=4', 'hidden=4']>;
  type B = Tensor<['hidden=4']>;
  checkLayer({
    name: 'rnn',
    shapes: [['n=2', 't=5', 'in=3'], ['n=2', 'hidden=4'], ['in=3', 'hidden=4'], ['recurrent=4', 'hidden=4'], ['hidden=4']],
    result: ['n=2', 't=5', 'hidden=4'],
    f: (x: X, h: H, wx: Wx, wh: Wh, b: B) => rnn(x, { x: wx, h: wh, b }, h).y,
    byHand: (dy: Y, x: X, h0: H, wx: Wx, wh: Wh, b: B) => {
      const states = [h0];
      for (const t of times)
        states.push(
          at(x, t)
            .matmul(wx)
            .add((states[t] ?? h0).rename({ hidden: 'recurrent' }).matmul(wh))
            .add(b)
            .tanh(),
        );
      let dh: H = h0.mul(0);
      const da = times.map(() => h0);
      for (const t of times.toReversed()) {
        const d = dh.add(at(dy, t)).mul(flat(states[t + 1] ?? h0));
        da[t] = d;
        dh = d.matmul(wh.T).rename({ recurrent: 'hidden' });
      }
      return [
        sequence(da.map((d) => d.matmul(wx.T))),
        dh,
        total(da.map((d, t) => at(x, t).T.matmul(d))),
        total(da.map((d, t) => (states[t] ?? h0).rename({ hidden: 'recurrent' }).T.matmul(d))),
        total(da).sum('n'),
      ];
    },
  });
});

it('gru', () => {
  type Wx = Tensor<['in=3', 'gate=3', 'hidden=4']>;
  type Wh = Tensor<['recurrent=4', 'gate=3', 'hidden=4']>;
  type B = Tensor<['gate=3', 'hidden=4']>;
  const gate = (all: Tensor<['n=2', 'gate=3', 'hidden=4']>, g: number): H => all.slice(1, g as 0, (g + 1) as 1).sum(1);
  checkLayer({
    name: 'gru',
    shapes: [
      ['n=2', 't=5', 'in=3'],
      ['n=2', 'hidden=4'],
      ['in=3', 'gate=3', 'hidden=4'],
      ['recurrent=4', 'gate=3', 'hidden=4'],
      ['gate=3', 'hidden=4'],
      ['gate=3', 'hidden=4'],
    ],
    result: ['n=2', 't=5', 'hidden=4'],
    f: (x: X, h: H, wx: Wx, wh: Wh, b: B, bh: B) => gru(x, { x: wx, h: wh, b, bh }, h).y,
    byHand: (dy: Y, x: X, h0: H, wx: Wx, wh: Wh, b: B, bh: B) => {
      const steps: { h: H; r: H; u: H; c: H; s: H }[] = [];
      let h = h0;
      for (const t of times) {
        const a = einsum('ni,igh->ngh', at(x, t), wx).add(b);
        const state = einsum('nr,rgh->ngh', h.rename({ hidden: 'recurrent' }), wh).add(bh);
        const r = gate(a, 0).add(gate(state, 0)).sigmoid();
        const u = gate(a, 1).add(gate(state, 1)).sigmoid();
        const s = gate(state, 2);
        const c = gate(a, 2).add(r.mul(s)).tanh();
        steps.push({ h, r, u, c, s });
        h = u.neg().add(1).mul(c).add(u.mul(h));
      }
      let dh: H = h0.mul(0);
      const da: Tensor<['n=2', 'gate=3', 'hidden=4']>[] = [];
      const ds: Tensor<['n=2', 'gate=3', 'hidden=4']>[] = [];
      for (const t of times.toReversed()) {
        const { h: before, r, u, c, s } = steps[t] ?? { h: h0, r: h0, u: h0, c: h0, s: h0 };
        const d = dh.add(at(dy, t));
        const dc = d.mul(u.neg().add(1)).mul(flat(c));
        const du = d.mul(before.sub(c)).mul(slope(u));
        const dr = dc.mul(s).mul(slope(r));
        da[t] = stack([dr, du, dc], 'gate').permute(1, 0, 2);
        const dState = stack([dr, du, dc.mul(r)], 'gate').permute(1, 0, 2);
        ds[t] = dState;
        dh = d.mul(u).add(einsum('ngh,rgh->nr', dState, wh).rename({ recurrent: 'hidden' }));
      }
      return [
        sequence(da.map((d) => einsum('ngh,igh->ni', d, wx))),
        dh,
        total(da.map((d, t) => einsum('ni,ngh->igh', at(x, t), d))),
        total(ds.map((d, t) => einsum('nr,ngh->rgh', (steps[t]?.h ?? h0).rename({ hidden: 'recurrent' }), d))),
        total(da).sum('n'),
        total(ds).sum('n'),
      ];
    },
  });
});

it('lstm', () => {
  type Wx = Tensor<['in=3', 'gate=4', 'hidden=4']>;
  type Wh = Tensor<['recurrent=4', 'gate=4', 'hidden=4']>;
  type B = Tensor<['gate=4', 'hidden=4']>;
  const gate = (all: Tensor<['n=2', 'gate=4', 'hidden=4']>, g: number): H => all.slice(1, g as 0, (g + 1) as 1).sum(1);
  checkLayer({
    name: 'lstm',
    shapes: [
      ['n=2', 't=5', 'in=3'],
      ['n=2', 'hidden=4'],
      ['n=2', 'hidden=4'],
      ['in=3', 'gate=4', 'hidden=4'],
      ['recurrent=4', 'gate=4', 'hidden=4'],
      ['gate=4', 'hidden=4'],
    ],
    result: ['n=2', 't=5', 'hidden=4'],
    f: (x: X, h: H, c: H, wx: Wx, wh: Wh, b: B) => lstm(x, { x: wx, h: wh, b }, { h, c }).y,
    byHand: (dy: Y, x: X, h0: H, c0: H, wx: Wx, wh: Wh, b: B) => {
      const none = { h: h0, c: c0, i: h0, f: h0, g: h0, o: h0, next: h0 };
      const steps: (typeof none)[] = [];
      let [h, c] = [h0, c0];
      for (const t of times) {
        const a = einsum('ni,igh->ngh', at(x, t), wx)
          .add(einsum('nr,rgh->ngh', h.rename({ hidden: 'recurrent' }), wh))
          .add(b);
        const [i, f, g, o] = [gate(a, 0).sigmoid(), gate(a, 1).sigmoid(), gate(a, 2).tanh(), gate(a, 3).sigmoid()];
        const next = f.mul(c).add(i.mul(g));
        steps.push({ h, c, i, f, g, o, next });
        [h, c] = [o.mul(next.tanh()), next];
      }
      let [dh, dc] = [h0.mul(0), c0.mul(0)];
      const da: Tensor<['n=2', 'gate=4', 'hidden=4']>[] = [];
      for (const t of times.toReversed()) {
        const { c: before, i, f, g, o, next } = steps[t] ?? none;
        const d = dh.add(at(dy, t));
        const dNext = dc.add(d.mul(o).mul(flat(next.tanh())));
        const all = stack(
          [dNext.mul(g).mul(slope(i)), dNext.mul(before).mul(slope(f)), dNext.mul(i).mul(flat(g)), d.mul(next.tanh()).mul(slope(o))],
          'gate',
        ).permute(1, 0, 2);
        da[t] = all;
        dh = einsum('ngh,rgh->nr', all, wh).rename({ recurrent: 'hidden' });
        dc = dNext.mul(f);
      }
      return [
        sequence(da.map((d) => einsum('ngh,igh->ni', d, wx))),
        dh,
        dc,
        total(da.map((d, t) => einsum('ni,ngh->igh', at(x, t), d))),
        total(da.map((d, t) => einsum('nr,ngh->rgh', (steps[t]?.h ?? h0).rename({ hidden: 'recurrent' }), d))),
        total(da).sum('n'),
      ];
    },
  });
});

it('a train step through an LSTM learns, on a device', async () => {
  let p = parameters(lstmParameters(key(1), { in: 'in=3', hidden: 'hidden=8' }));
  const x = zeros(['n=2', 't=8', 'in=3']).add(0.5);
  const still = { h: zeros(['n=2', 'hidden=8']), c: zeros(['n=2', 'hidden=8']) };
  const optimizer = sgd({ rate: 0.1 });
  let state = optimizer.initialise(p);
  const step = jit((q: typeof p, s: typeof state) => {
    const { value, gradient } = valueAndGrad((r: typeof p) => {
      const miss = lstm(x, r, still).h.sub(0.3);
      return miss.mul(miss).mean();
    })(q);
    return { loss: value, ...optimizer.update(q, gradient, s) };
  });
  const losses: number[] = [];
  for (let at = 0; at < 3; at++) {
    const next = step(p, state);
    ({ parameters: p, state } = next);
    losses.push(await next.loss.item());
  }
  expect(losses[2]).toBeLessThan(losses[0] ?? 0);
});
