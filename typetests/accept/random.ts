/** Random numbers of a shape, or of a tensor's shape: the second also where the shape is a type parameter. */
import {
  type Dim,
  foldIn,
  type Key,
  key,
  layer,
  randomBits,
  randomNormal,
  randomUniform,
  type Shape,
  splitKey,
  type Tensor,
} from 'adjoint';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function is<A, B>(same: Same<A, B>): void;

declare const step: Tensor<[], 'i32'>;
const k = key(42);
is<typeof k, Tensor<['key=2'], 'u32'>>(true);

const uniform = randomUniform(k, ['n=3', 'batch'], { low: -1 });
is<typeof uniform, Tensor<['n=3', 'batch']>>(true);
const normal = randomNormal(k, []);
is<typeof normal, Tensor<[]>>(true);
const bits = randomBits(k, ['n=3']);
is<typeof bits, Tensor<['n=3'], 'u32'>>(true);

const [first, second] = splitKey(k, 2);
is<typeof first, Key>(true);
is<typeof second, Key>(true);
const three = splitKey(k, 3);
is<typeof three, [Key, Key, Key]>(true);
const folded = foldIn(foldIn(k, 7), step);
is<typeof folded, Key>(true);

/** A generic body is checked once. */
export const dropout = layer(<S extends Shape>(x: Tensor<S>, by: Key) => x.mul(randomUniform(by, x).lt(0.9).astype('f32')).div(0.9));
export const noisy = layer(<N extends Dim>(x: Tensor<[N, 'in=4']>, by: Key) => x.add(randomNormal(by, x)));
