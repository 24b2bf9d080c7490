/** Comparisons, logic and choices, also where dims are type parameters. */
import { type Dim, layer, type Tensor, where } from 'adjoint';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function is<A, B>(same: Same<A, B>): void;

declare const x: Tensor<['n=2', 't=5']>;
declare const bias: Tensor<['t=5']>;
declare const column: Tensor<['n=2', 1]>;
declare const ids: Tensor<['batch', 't'], 'i32'>;
declare const mask: Tensor<['t=5'], 'bool'>;

const positive = x.gt(0);
is<typeof positive, Tensor<['n=2', 't=5'], 'bool'>>(true);
const equal = ids.eq(ids);
is<typeof equal, Tensor<['batch', 't'], 'bool'>>(true);
const overBias = x.le(bias);
is<typeof overBias, Tensor<['n=2', 't=5'], 'bool'>>(true);
const stretched = column.lt(x.slice('n', 0));
is<typeof stretched, Tensor<['n=2', 't=5'], 'bool'>>(true);
const both = positive.and(mask).or(false).not();
is<typeof both, Tensor<['n=2', 't=5'], 'bool'>>(true);
const numbers = positive.astype('f32');
is<typeof numbers, Tensor<['n=2', 't=5']>>(true);
const whole = x.astype('i32');
is<typeof whole, Tensor<['n=2', 't=5'], 'i32'>>(true);

const chosen = where(positive, x, 0);
is<typeof chosen, Tensor<['n=2', 't=5']>>(true);
const maskedRows = where(mask, x, -1e9);
is<typeof maskedRows, Tensor<['n=2', 't=5']>>(true);
const outer = where(mask, column, bias);
is<typeof outer, Tensor<['n=2', 't=5']>>(true);
const plain = where(mask, 1, 0);
is<typeof plain, Tensor<['t=5']>>(true);
const chosenIds = where(equal, ids, 0);
is<typeof chosenIds, Tensor<['batch', 't'], 'i32'>>(true);
const chosenTruth = where(positive, mask, positive);
is<typeof chosenTruth, Tensor<['n=2', 't=5'], 'bool'>>(true);

const clipped = x.maximum(0).minimum(bias);
is<typeof clipped, Tensor<['n=2', 't=5']>>(true);
const smallest = x.min('t');
is<typeof smallest, Tensor<['n=2']>>(true);
const best = x.argmax('t');
is<typeof best, Tensor<['n=2'], 'i32'>>(true);
const totals = ids.cumsum('batch');
is<typeof totals, Tensor<['batch', 't'], 'i32'>>(true);

export const leaky = layer(<N extends Dim, D extends Dim>(h: Tensor<[N, D]>): Tensor<[N, D]> => where(h.gt(0), h, h.mul(0.1)));
export const masked = layer(
  <B extends Dim, Q extends Dim, K extends Dim>(scores: Tensor<[B, Q, K]>, allowed: Tensor<[Q, K], 'bool'>): Tensor<[B, Q, K]> =>
    where(allowed, scores, -1e9),
);
export const accuracy = <N extends Dim, C extends Dim>(logits: Tensor<[N, C]>, labels: Tensor<[N], 'i32'>): Tensor<[]> =>
  logits.argmax(1).eq(labels).astype('f32').mean();
export const prefix = <N extends Dim, T extends Dim>(h: Tensor<[N, T]>): Tensor<[N, T]> => h.cumsum(1).sub(h).maximum(h);
