/** Reductions and views of shapes that do not have what they ask for. */
import type { Dim, Tensor } from 'adjoint';

declare const a: Tensor<['n=3', 'in=2']>;
declare const batch: Tensor<['batch', 'in=2']>;
declare const batched: Tensor<['b=4', 'n=3', 'in=2']>;
declare const v: Tensor<['in=2']>;
declare const scalar: Tensor<[]>;
declare const index: number;
declare const name: string;
declare const either: 'n' | 'in';
declare const names: string[];
declare const untyped: any;
declare const map: Record<string, string>;
declare const keep: { keepdims?: true };

// an axis that is not there
a.sum('out');
// an index that is not there
a.mean(2);
// of the end, only the last axis
a.max(-2);
// the last axis of a scalar
scalar.sum(-1);
// the last axis in a list
a.sum([-1]);
// a fraction
a.sum(0.5);
// a wide index
a.sum(index);
// a wide name
a.sum(name);
// one of two axes
a.sum(either);
// an axis twice
a.sum(['n', 'n']);
// an axis twice, by name and by index
a.sum(['n', 0]);
// an axis in the list that is not there
a.sum(['n', 'out']);
// a list of unknown length
a.sum(names);
// any, met when it is used
a.sum(untyped).relu();
// keepdims that may be missing
a.sum('n', keep);
// no axis of a scalar
scalar.sum(0);

// too few elements
a.reshape([5]);
// a large product that is not the same
(null as unknown as Tensor<[50257, 768]>).reshape([38597375]);
// a symbolic axis dropped
batch.reshape([2]);
// another symbolic axis
batch.reshape(['time', 2]);
// a wide size
batch.reshape([index]);
// a list of dims
a.reshape(null as unknown as Dim[]);
// a name twice
a.reshape(['n=3', 'n=2']);
// any, met when it is used
a.reshape(untyped).relu();

// renaming what is not there
a.rename({ out: 'in' });
// renaming several that are not there
a.rename({ out: 'in', batch: 'n' });
// renaming to a name in use
a.rename({ n: 'in' });
// a wide map
a.rename(map);
// a wide new name
a.rename({ n: name });
// one of two new names
a.rename({ n: either });
// no name
a.rename({ n: 'a b' });
// any, met when it is used
a.rename(untyped).relu();
// too few names
a.withNames('x');
// too many names
a.withNames('x', 'y', 'z');
// a name twice
a.withNames('x', 'x');
// a dim where a name is due
a.withNames('x', 'y=2');
// a list of names
a.withNames(...names);

// T of a vector, met when it is used
v.T.relu();
// T of a batch, met when it is used
batched.T.relu();
// mT of a vector, met when it is used
v.mT.relu();
