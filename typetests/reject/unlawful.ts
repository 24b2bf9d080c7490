/** Operands whose types no tensor has: they are spoken of before the rule that they break. */
import type { Dim, Tensor } from 'adjoint';

declare const a: Tensor<['n=3', 'in=2']>;
declare const wideNumber: Tensor<[number, 'out=2']>;
declare const wideString: Tensor<[string, 'out=2']>;
declare const either: Tensor<['out=2' | 'out=4', 'in=3']>;
declare const twice: Tensor<['n=3', 'n=3']>;
declare const empty: Tensor<['n=0']>;
declare const dims: Tensor<readonly Dim[]>;

// a wide number on the right of a product
a.matmul(wideNumber);
// a wide number on the left of a product
wideNumber.matmul(a);
// a wide string
a.add(wideString);
// a union
a.matmul(either);
// a union, element by element
either.sub(a);
// a name twice
a.add(twice);
// size zero
a.mul(empty);
// unknown rank on the right
a.matmul(dims);
// unknown rank on the left
dims.add(a);
// a wide string that holds the literal
a.add(null as unknown as Tensor<[string, 'in=2']>);
// a union that holds the literal
a.mul(null as unknown as Tensor<['n=3' | 'n=4', 'in=2']>);
// a wide bias
a.sub(null as unknown as Tensor<[string]>);
// unknown rank, element by element
a.add(dims);
// a wide number that would be contracted
a.matmul(null as unknown as Tensor<[string, 'out=2']>);
// a wide number, reduced by a name that is not there
wideNumber.sum('n');
