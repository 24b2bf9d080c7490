/** Keys that are none, shapes that are none. */
import { foldIn, key, randomBits, randomNormal, randomUniform, splitKey, type Tensor } from 'adjoint';

const k = key(1);
declare const untyped: any;
declare const x: Tensor<['n=2']>;
declare const ids: Tensor<['n=2'], 'u32'>;
declare const wide: number;

// a seed in the place of a key
randomUniform(1, ['n=2']);
// words that are no key
randomNormal(ids, ['n=2']);
// a shape that is none
randomUniform(k, ['n=0']);
// a wide number
randomBits(k, [wide]);
// a name twice
randomBits(k, ['n=2', 'n=2']);
// an untyped shape, where the result is used
randomUniform(k, untyped).add(x);
// an untyped key, where the result is used
randomUniform(untyped, ['n=2']).add(x);
// a float where a whole number is due
foldIn(k, x);
// a key that is not there
splitKey(k, 2)[2].shape;
// an option that is none
randomUniform(k, ['n=2'], { from: 0 });
