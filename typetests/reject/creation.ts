/** Shapes and data that no tensor may have. */
import { arange, type Dim, eye, full, ones, randn, tensor, uniform, zeros } from 'adjoint';

declare const size: number;
declare const name: string;
declare const either: 16 | 32;
declare const untyped: any;
declare const impossible: never;
declare const dims: Dim[];
declare const numbers: number[];
declare const rows: number[][];

// a wide number
ones([size]);
// a wide string
zeros([name]);
// a pattern
ones([`n=${size}`]);
// a union
ones([either, 2]);
// any, as a dim
ones([untyped]);
// never, as a dim
ones([impossible]);
// unknown rank
zeros(dims);
// unknown rank, in parts
ones([2, ...dims]);
// one of two shapes
ones(either === 16 ? [2] : [3]);
// a name twice
ones(['n=3', 'n=3']);
// a name twice, with and without a size
ones(['n', 'n=3']);
// size zero
ones(['n=0']);
// an anonymous size of zero
full([0, 2], 1);
// a fraction
ones([2.5]);
// a negative size
ones(['n=-1']);
// a leading zero
ones(['n=03']);
// an exponent
ones(['n=1e3']);
// no name
ones(['=3']);
// a space in a name
ones(['my axis=3']);
// a digit first
ones(['3d']);
// not a list
ones(2);
// an unknown dtype
ones([2], 'f64' as 'f64');
// eye of one axis
eye(['h=3']);
// eye with one name for two axes
eye(['h=3', 'h=3']);
// a wide range
arange(size);
// an empty range
arange('i=0');
// random numbers need sizes
randn(['batch', 'in=2']);
// random numbers need sizes, under another name, too
uniform(['row=batch']);

// ragged rows
tensor([[1, 2], [3]]);
// ragged rows with names
tensor([[1, 2], [3]], ['n', 'in']);
// ragged rows with a dtype
tensor([[1, 2], [3]], ['n', 'in'], 'i32');
// sizes of literals
tensor([[1, 2]], ['n', 'in'], { n: 1 });
// the dtype of a typed array
tensor(new Float32Array(2), ['n'], 'i32');
// rows and numbers
tensor([1, [2]]);
// no rows
tensor([[]], ['n', 'in']);
// an array of unknown length
tensor(numbers);
// rows of unknown length
tensor(rows, ['n', 'in']);
// numbers and booleans
tensor([1, true]);
// texts
tensor(['a']);
// nothing
tensor(null);
// any inside
tensor([1, untyped]);
// too few names
tensor([[1, 2]], ['n']);
// too many names
tensor([1, 2], ['n', 'in']);
// a name twice in literals
tensor([[1, 2]], ['n', 'n']);
// a size where a name is due
tensor([1, 2], ['n=2']);
// a wide name
tensor([1, 2], [name]);
// another typed array
tensor(new Float64Array(3), [3]);
// another typed array, of whole numbers
tensor(new BigInt64Array(3), ['n']);
// a typed array without a shape
tensor(new Float32Array(3));
// a typed array of a wide shape
tensor(new Float32Array(3), [size]);
// a typed array of size zero
tensor(new Float32Array(3), ['n=0']);
