/** Orders, merges and splits that do not fit. */
import { divides, type Tensor } from 'adjoint';

declare const x: Tensor<['n=2', 't=5', 'd=768']>;
declare const s: Tensor<['batch', 't', 'd']>;
declare const untyped: any;
declare const axes: string[];
const heads = divides('heads', 'd');

// axes left out
x.permute('d', 'n');
// an axis twice
x.permute('d', 'n', 'n');
// an axis that is not there
x.permute('d', 'n', 'q');
// an index twice
x.permute(0, 1, 1);
// an axis that is not there
x.transpose('n', 'q');
// an axis with itself
x.transpose('n', 'n');
// a size where a name is due
x.flatten('d=7');
// axes apart
x.merge(['n', 'd'], 'nd');
// the wrong order
x.merge(['t', 'n'], 'nd');
// a name in use
x.merge(['n', 't'], 'd');
// a name in use, by index
x.merge([0, 1], 'd');
// one axis
x.merge(['n']);
// a size that does not divide
x.split('d', ['heads=7', 'e']);
// sizes that do not fill
x.split('d', ['heads=7', 'e=100']);
// two open sizes
x.split('d', ['heads', 'e']);
// a name in use
x.split('d', ['t=12', 'e']);
// an axis that is not there
x.split('q', ['heads=12', 'e']);
// a symbol by a number
s.split('d', ['heads=12', 'e']);
// a symbol by a symbol
s.split('d', ['heads', 'e']);
// a fact of no axis
s.split(divides('heads', 't2'));
// another fact
s.split(heads, 'e').merge(divides('heads2', 'd'));
// axes of a fact apart
s.split(heads, 'e').permute(0, 2, 1, 3).merge(heads);
// no multiple
divides('heads=7', 'd=768');
// an illegal dim
divides('heads=0', 'd=768');
// a name in use
x.renameAxis('t', 'd');
// a name in use, by index
x.renameAxis(1, 'd');
// an axis that is not there
x.renameAxis('q', 'z');
// no name
x.renameAxis('t', 'd=5');
// a quotient that nobody stated
s.reshape(['batch', 't', 'heads', 'e=d/heads']);
// two texts for one size
s.reshape(['batch', 't', 'e=d*2']);
// no size
s.reshape(['batch', 't', 'e=d/0']);
// symbols that differ
s.reshape(['batch', 'd']);
// an untyped list
x.merge(untyped).relu();
// a wide list
x.permute(...axes);
