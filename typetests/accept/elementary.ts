/** Elementary functions keep the shape; reductions made of others take axes as sums do; integers have their bits. */
import { type Dim, layer, type Tensor } from 'adjoint';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function is<A, B>(same: Same<A, B>): void;

declare const x: Tensor<['n=2', 'c=3']>;
declare const bias: Tensor<['c=3']>;
declare const ids: Tensor<['n=2'], 'i32'>;
declare const flags: Tensor<['n=2', 'c=3'], 'bool'>;

const maps = x.sin().cos().erf().log1p().expm1().rsqrt().floor().ceil().round().abs().sign().square().clip(-1, 1);
is<typeof maps, Tensor<['n=2', 'c=3']>>(true);
const power = x.pow(bias).pow(2);
is<typeof power, Tensor<['n=2', 'c=3']>>(true);
const finite = x.isFinite().and(x.isNaN().not());
is<typeof finite, Tensor<['n=2', 'c=3'], 'bool'>>(true);
const rows = x.softmax('c').logSoftmax(1).logSumExp('c');
is<typeof rows, Tensor<['n=2']>>(true);
const spread = x.variance('n').add(x.std(0)).add(x.norm('n'));
is<typeof spread, Tensor<['c=3']>>(true);
const norm = x.norm();
is<typeof norm, Tensor<[]>>(true);
const some = flags.any('c').and(flags.all('c'));
is<typeof some, Tensor<['n=2'], 'bool'>>(true);
const bits = ids.rem(3).bitAnd(ids).bitOr(1).bitXor(-1).shiftLeft(2).shiftRight(ids).abs();
is<typeof bits, Tensor<['n=2'], 'i32'>>(true);

/** A generic body is checked once. */
export const attention = layer(<N extends Dim>(scores: Tensor<[N, 'k=4']>) => scores.softmax(1).mul(scores.abs().log1p()));
