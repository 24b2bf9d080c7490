/** What cannot be compared or chosen from. */
import { type Dim, layer, type Tensor, where } from 'adjoint';

declare const x: Tensor<['n=2', 't=5']>;
declare const other: Tensor<['n=3', 't=5']>;
declare const ids: Tensor<['n=2', 't=5'], 'i32'>;
declare const mask: Tensor<['t=5'], 'bool'>;
declare const untyped: any;

// shapes that differ
x.gt(other);
// another dtype
x.eq(ids);
// a text
x.eq('one');
// an untyped operand
x.lt(untyped).not();
// truth values in order
mask.gt(mask);
// logic of numbers
x.and(x);
// a number as a truth value
mask.and(1);
// relu of truth values
x.gt(0).relu();
// no dtype
x.astype('f64');
// a condition of numbers
where(x, x, 0);
// values that differ in dtype
where(mask, x, ids);
// shapes that do not broadcast
where(mask, x, other);
// a number beside truth values
where(mask, mask, 0);
// no tensor
where(mask, 'a', x);
// an untyped value
where(mask, untyped, x).relu();
// an axis that is not there
x.argmax('q');
// an index that is not there
x.cumsum(2);
// a dim that may differ
layer(<N extends Dim, M extends Dim>(a: Tensor<[N]>, b: Tensor<[M]>) => a.lt(b));
// a condition whose dim may differ
layer(<N extends Dim, M extends Dim>(a: Tensor<[N]>, b: Tensor<[M], 'bool'>) => where(b, a, 0));
