/** Parts of axes, padding, elements by index, tensors side by side: every size exact, also where other dims are type parameters. */
import { concat, type Dim, layer, stack, type Tensor } from 'adjoint';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function is<A, B>(same: Same<A, B>): void;

declare const x: Tensor<['n=2', 't=5', 768]>;
declare const s: Tensor<['batch', 't=5']>;
declare const table: Tensor<['v=50257', 'd=768']>;
declare const ids: Tensor<['batch', 't'], 'i32'>;
declare const labels: Tensor<['batch'], 'u32'>;
declare const flags: Tensor<['n=2'], 'bool'>;

const part = x.slice('t', 1, 4);
is<typeof part, Tensor<['n=2', 't=3', 768]>>(true);
const rest = x.slice(2, 700);
is<typeof rest, Tensor<['n=2', 't=5', 68]>>(true);
const everySecond = x.slice('t', 0, 5, 2);
is<typeof everySecond, Tensor<['n=2', 't=3', 768]>>(true);
const everyThird = x.slice(2, 1, undefined, 3);
is<typeof everyThird, Tensor<['n=2', 't=5', 256]>>(true);
const whole = s.slice('batch', 0);
is<typeof whole, Tensor<['batch', 't=5']>>(true);
const last = s.slice('t', 4);
is<typeof last, Tensor<['batch', 't=1']>>(true);
const truth = flags.slice('n', 1);
is<typeof truth, Tensor<['n=1'], 'bool'>>(true);

const padded = x.pad('t', 1, 2);
is<typeof padded, Tensor<['n=2', 't=8', 768]>>(true);
const filled = x.pad(2, 232, 0, -1);
is<typeof filled, Tensor<['n=2', 't=5', 1000]>>(true);
const unchanged = s.pad('batch', 0, 0);
is<typeof unchanged, Tensor<['batch', 't=5']>>(true);
const paddedFlags = flags.pad('n', 1, 0, true);
is<typeof paddedFlags, Tensor<['n=3'], 'bool'>>(true);

const added = table.scatterAdd('v', ids, table.take('v', ids));
is<typeof added, Tensor<['v=50257', 'd=768']>>(true);
export const accumulated = layer(
  <V extends Dim, W extends Dim>(rows: Tensor<[V, 'd=4']>, by: Tensor<[W], 'i32'>, more: Tensor<[W, 'd=4']>) =>
    rows.scatterAdd(0, by, more),
);

const paddedSymbol = s.pad('batch', 1, 2);
is<typeof paddedSymbol, Tensor<['batch=batch+3', 't=5']>>(true);
const paddedAgain = paddedSymbol.pad(0, 1, 0);
is<typeof paddedAgain, Tensor<['batch=batch+4', 't=5']>>(true);
const joinedSymbols = concat([s, s, s.slice('t', 0).rename({ batch: 'row' }).rename({ row: 'batch' })], 'batch');
is<typeof joinedSymbols, Tensor<['batch=3*batch', 't=5']>>(true);
declare const more: Tensor<['batch=2', 't=5']>;
const withMore = concat([s, more], 0);
is<typeof withMore, Tensor<['batch=batch+2', 't=5']>>(true);

const embedded = table.take('v', ids);
is<typeof embedded, Tensor<['batch', 't', 'd=768']>>(true);
const columns = table.take(1, labels);
is<typeof columns, Tensor<['v=50257', 'batch']>>(true);
const hot = labels.oneHot('class=10');
is<typeof hot, Tensor<['batch', 'class=10']>>(true);
const hotSymbol = ids.oneHot('v');
is<typeof hotSymbol, Tensor<['batch', 't', 'v']>>(true);

export const gate = layer(<N extends Dim>(h: Tensor<[N, 'h=8']>): Tensor<[N, 'h=4']> => h.slice(1, 0, 4).mul(h.slice(1, 4).sigmoid()));
export const framed = <N extends Dim, D extends Dim>(h: Tensor<[N, 't=4', D]>): Tensor<[N, 't=7', D]> => h.pad(1, 1, 2);
export const kept = <N extends Dim>(h: Tensor<[N]>): Tensor<[N]> => h.slice(0, 0);
export const embed = layer(
  <B extends Dim, T extends Dim, V extends Dim, D extends Dim>(words: Tensor<[V, D]>, picked: Tensor<[B, T], 'i32'>): Tensor<[B, T, D]> =>
    words.take(0, picked),
);
export const classes = <N extends Dim>(picked: Tensor<[N], 'i32'>): Tensor<[N, 'class=10']> => picked.oneHot('class=10');

const joined = concat([x, x.slice('t', 0, 3), x], 't');
is<typeof joined, Tensor<['n=2', 't=13', 768]>>(true);
const anonymous = concat([x, x], 2);
is<typeof anonymous, Tensor<['n=2', 't=5', 1536]>>(true);
const alone = concat([x], 0);
is<typeof alone, Tensor<['n=2', 't=5', 768]>>(true);
const symbolicBeside = concat([s, s], 't');
is<typeof symbolicBeside, Tensor<['batch', 't=10']>>(true);
const joinedFlags = concat([flags, flags], 'n');
is<typeof joinedFlags, Tensor<['n=4'], 'bool'>>(true);
const stacked = stack([s, s, s], 'copy');
is<typeof stacked, Tensor<['copy=3', 'batch', 't=5']>>(true);
const stackedIds = stack([ids, ids], 'pair');
is<typeof stackedIds, Tensor<['pair=2', 'batch', 't'], 'i32'>>(true);

export const merged = layer(
  <N extends Dim>(left: Tensor<[N, 'h=4']>, right: Tensor<[N, 'h=12']>): Tensor<[N, 'h=16']> => concat([left, right], 1),
);
export const both = layer(
  <N extends Dim, D extends Dim>(a: Tensor<[N, D]>, b: Tensor<[N, D]>): Tensor<['pair=2', N, D]> => stack([a, b], 'pair'),
);
