/** Parts that are not there, sizes that are not known, indices that are none. */
import { concat, type Dim, layer, stack, type Tensor } from 'adjoint';

declare const x: Tensor<['n=2', 't=5', 768]>;
declare const s: Tensor<['batch', 't=5']>;
declare const table: Tensor<['v=50257', 'd=768']>;
declare const ids: Tensor<['batch', 't'], 'i32'>;
declare const untyped: any;
declare const many: Tensor<['n=2', 't=5', 768]>[];
declare const wide: number;

// an end past the end
x.slice('t', 1, 6);
// a start past the end
x.slice('t', 5);
// an empty part
x.slice('t', 3, 3);
// a negative start
x.slice('t', -2);
// half an index
x.slice(2, 0, 1.5);
// a step of 0
x.slice('t', 0, 4, 0);
// an axis whose size is not known
s.slice('batch', 0, 2);
// an axis that is not there
x.slice('q', 0, 2);
// an index that is not there
x.slice(3, 0, 2);
// a wide number
x.slice('t', wide);
// an untyped start
x.slice('t', untyped).relu();
// a part that another shape is due for
x.slice('t', 1, 4).add(x);
// negative padding
x.pad('t', -1, 0);
// padding of no axis
x.pad('q', 1, 1);
// a wide amount
x.pad('t', wide, 0);
// a number where a truth value is due
x.slice('t', 0).pad('t', 1, 1, 'zero');
// indices that are no whole numbers
table.take('v', x);
// updates of another shape than take gives
table.scatterAdd('v', ids, table);
// updates by no indices
table.scatterAdd('v', x, table);
// indices that are no tensor
table.take('v', 3);
// an axis that is not there
table.take('q', ids);
// a name twice
x.take(2, ids);
// untyped indices
table.take('v', untyped).relu();
// a name twice
ids.oneHot('t=10');
// no dim
ids.oneHot('class=0');
// one-hot of what is no index
x.oneHot('class=10');
// a part of an axis whose size may be anything
layer(<N extends Dim>(h: Tensor<[N]>) => h.slice(0, 0, 2));
// padding of an axis whose size may be anything
layer(<N extends Dim>(h: Tensor<[N]>) => h.pad(0, 1, 1));
// other axes that differ
concat([x, x, x.slice('n', 0, 1)], 't');
// an axis that is not there
concat([x, x], 'q');
// another name
concat([s, s.rename({ t: 'q' })], 1);
// a name where the first has none
concat([x, x.withNames('n', 't', 'd')], 2);
// another rank
concat([x, s], 't');
// a sum of symbols where another is due
concat([s, s], 'batch').add(s);
// another dtype
concat([s, ids], 't');
// nothing to join
concat([], 't');
// any number of tensors
concat(many, 't');
// an untyped operand
concat([x, untyped], 't').relu();
// a number among the tensors
concat([x, 1], 't');
// shapes that differ
stack([x, x, x.slice('t', 0, 4)], 'copy');
// a name in use
stack([x, x], 't');
// a size where a name is due
stack([x, x], 'copy=2');
// axes that may differ
layer(<N extends Dim, M extends Dim>(a: Tensor<[N, 'h=4']>, b: Tensor<[M, 'h=4']>) => concat([a, b], 1));
// sizes that may be anything
layer(<N extends Dim>(a: Tensor<[N, 'h=4']>) => concat([a, a], 0));
// shapes that may differ
layer(<N extends Dim, M extends Dim>(a: Tensor<[N]>, b: Tensor<[M]>) => stack([a, b], 'pair'));
