/** Functions that a dtype does not have, and axes that are not there. */
import type { Tensor } from 'adjoint';

declare const x: Tensor<['n=2', 'c=3']>;
declare const y: Tensor<['m=2', 'c=3']>;
declare const ids: Tensor<['n=2'], 'i32'>;
declare const flags: Tensor<['n=2'], 'bool'>;

// the sine of whole numbers
ids.sin();
// bits of floats
x.bitAnd(1);
// whether any number is true
x.any();
// a norm of truth values
flags.norm();
// an axis that is not there
x.softmax('q');
// a reduction over an axis that is not there
x.variance('q');
// a power of another shape
x.pow(y);
// bounds that are no numbers
x.clip('0', 1);
