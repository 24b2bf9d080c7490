/** Convolutions and pools: exact output sizes, names that stay, symbols and type parameters where sizes do not matter. */
import type { Dim, Tensor } from 'adjoint';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function is<A, B>(same: Same<A, B>): void;

declare const image: Tensor<['n=8', 'c=3', 'h=224', 'w=224']>;
declare const batch: Tensor<['batch', 'c=3', 'h=32', 'w=32']>;
declare const signal: Tensor<['batch', 'c', 16000]>;

const stem = image.conv2d({} as Tensor<['o=64', 'c=3', 7, 7]>, { stride: 2, padding: 3 });
is<typeof stem, Tensor<['n=8', 'o=64', 'h=112', 'w=112']>>(true);
const pooled = stem.maxPool2d(3, { stride: 2, padding: 1 });
is<typeof pooled, Tensor<['n=8', 'o=64', 'h=56', 'w=56']>>(true);
const valid = batch.conv2d({} as Tensor<['o=8', 'c=3', 3, 3]>);
is<typeof valid, Tensor<['batch', 'o=8', 'h=30', 'w=30']>>(true);
const same = batch.conv2d({} as Tensor<['o=8', 'c=3', 'kh=4', 'kw=5']>, { padding: 'same', dilation: [2, 1] });
is<typeof same, Tensor<['batch', 'o=8', 'h=32', 'w=32']>>(true);
const oblong = batch.conv2d({} as Tensor<['o', 'c=3', 3, 1]>, { stride: [2, 1], padding: [0, 1] });
is<typeof oblong, Tensor<['batch', 'o', 'h=15', 'w=34']>>(true);
const grouped = stem.conv2d({} as Tensor<['p=128', 'o=2', 3, 3]>, { groups: 32, padding: 1 });
is<typeof grouped, Tensor<['n=8', 'p=128', 'h=112', 'w=112']>>(true);
const depthwise = batch.conv2d({} as Tensor<['o=6', 'c=1', 5, 5]>, { groups: 3, stride: 3 });
is<typeof depthwise, Tensor<['batch', 'o=6', 'h=10', 'w=10']>>(true);
const one = batch.conv2d({} as Tensor<['o=8', 'c=3', 1, 1]>, {});
is<typeof one, Tensor<['batch', 'o=8', 'h=32', 'w=32']>>(true);

const sound = signal.conv1d({} as Tensor<['o', 'c', 400]>, { stride: 160 });
is<typeof sound, Tensor<['batch', 'o', 98]>>(true);
const wide = sound.conv1d({} as Tensor<['p=2', 'o', 3]>, { dilation: [32], padding: [32] });
is<typeof wide, Tensor<['batch', 'p=2', 98]>>(true);
const huge = ({} as Tensor<[1, 'c=1', 't=1000000007']>).conv1d({} as Tensor<['o=1', 'c=1', 'k=999983']>, { stride: 3 });
is<typeof huge, Tensor<[1, 'o=1', 't=333000009']>>(true);

const halved = batch.meanPool2d(2);
is<typeof halved, Tensor<['batch', 'c=3', 'h=16', 'w=16']>>(true);
const rows = batch.maxPool2d([3, 2], { stride: [1, 2], padding: [1, 0] });
is<typeof rows, Tensor<['batch', 'c=3', 'h=32', 'w=16']>>(true);
const everywhere = batch.meanPool2d(3, { stride: 1, padding: 'same' });
is<typeof everywhere, Tensor<['batch', 'c=3', 'h=32', 'w=32']>>(true);
const seconds = signal.maxPool1d(1600).meanPool1d(10);
is<typeof seconds, Tensor<['batch', 'c', 1]>>(true);

/** n, c and o are type parameters: sizes of space decide alone. */
export const block = <N extends Dim, C extends Dim, O extends Dim>(
  x: Tensor<[N, C, 'h=32', 'w=32']>,
  w: Tensor<[O, C, 3, 3]>,
  v: Tensor<['out=10', O, 3, 3]>,
): Tensor<[N, 'out=10', 'h=7', 'w=7']> => x.conv2d(w, { padding: 1 }).relu().maxPool2d(2).conv2d(v).meanPool2d(2);

export const filtered = <N extends Dim, C extends Dim>(x: Tensor<[N, C, 't=100']>, w: Tensor<[C, C, 5]>): Tensor<[N, C, 't=48']> =>
  x.conv1d(w, { stride: 2 });

const applied = block(
  {} as Tensor<['batch', 'c=3', 'h=32', 'w=32']>,
  {} as Tensor<['o=8', 'c=3', 3, 3]>,
  {} as Tensor<['out=10', 'o=8', 3, 3]>,
);
is<typeof applied, Tensor<['batch', 'out=10', 'h=7', 'w=7']>>(true);
