/** Axes in other orders, merged and split, with sizes that are numbers, symbols, and arithmetic over both. */
import { divides, type Tensor } from 'adjoint';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function is<A, B>(same: Same<A, B>): void;

declare const x: Tensor<['n=2', 't=5', 'd=768']>;
declare const s: Tensor<['batch', 't', 'd']>;
declare const words: Tensor<[50257, 768]>;
const twelve = divides('heads=12', 'd=768');
const heads = divides('heads', 'd');

const permuted = x.permute('d', 'n', 't');
is<typeof permuted, Tensor<['d=768', 'n=2', 't=5']>>(true);
const byIndex = x.permute(2, 0, 1);
is<typeof byIndex, Tensor<['d=768', 'n=2', 't=5']>>(true);
const swapped = s.transpose('batch', 'd');
is<typeof swapped, Tensor<['d', 't', 'batch']>>(true);
const renamed = x.renameAxis('t', 'key');
is<typeof renamed, Tensor<['n=2', 'key=5', 'd=768']>>(true);
const renamedSymbol = s.renameAxis(1, 'key');
is<typeof renamedSymbol, Tensor<['batch', 'key=t', 'd']>>(true);

const flat = x.flatten();
is<typeof flat, Tensor<[7680]>>(true);
const all = s.flatten('all');
is<typeof all, Tensor<['all=batch*d*t']>>(true);
const large = words.flatten('v').split('v', [50257, 'h']);
is<typeof large, Tensor<[50257, 'h=768']>>(true);
const larger: Tensor<['v=38597376']> = words.flatten('v');
const scalar = larger.split('v', ['v=38597376', 1]);
is<typeof scalar, Tensor<['v=38597376', 1]>>(true);

const parts = x.split('d', ['heads=12', 'e']);
is<typeof parts, Tensor<['n=2', 't=5', 'heads=12', 'e=64']>>(true);
const whole = parts.merge(['heads', 'e'], 'd');
is<typeof whole, Tensor<['n=2', 't=5', 'd=768']>>(true);
const anonymous = parts.merge([0, 1]);
is<typeof anonymous, Tensor<[10, 'heads=12', 'e=64']>>(true);
const doubled = s.merge(['batch', 't'], 'bt').split('bt', ['batch', 't']);
is<typeof doubled, Tensor<['batch', 't', 'd']>>(true);

const byFact = x.split(twelve);
is<typeof byFact, Tensor<['n=2', 't=5', 'heads=12', 64]>>(true);
const back = byFact.merge(twelve);
is<typeof back, Tensor<['n=2', 't=5', 'd=768']>>(true);
const named = s.split(heads, 'e');
is<typeof named, Tensor<['batch', 't', 'heads', 'e=d/heads']>>(true);
const merged = named.permute('batch', 'heads', 't', 'e').relu().permute(0, 2, 1, 3).merge(heads);
is<typeof merged, Tensor<['batch', 't', 'd']>>(true);
const mergedByName = named.merge(['heads', 'e'], 'd');
is<typeof mergedByName, Tensor<['batch', 't', 'd']>>(true);
const inside = swapped.split(heads);
is<typeof inside, Tensor<['heads', 'd/heads', 't', 'batch']>>(true);
const reshaped: Tensor<['batch', 't', 'd']> = named.reshape(['batch', 't', 'd']);

export { reshaped };
