/** Right uses of every operation, and the types they give. */
import { arange, type Dim, eye, full, jit, layer, ones, randn, type Tensor, tensor, uniform, vjp, zeros } from 'adjoint';

/** Accepts exactly one type: tensors are invariant in their shapes. */
const is =
  <T>() =>
  (_: T): void => {};

const x = tensor(
  [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
  ['n', 'in'],
);
is<Tensor<['n=3', 'in=2']>>()(x);
is<Tensor<[]>>()(tensor(3));
is<Tensor<[3, 2]>>()(
  tensor([
    [1, 2],
    [3, 4],
    [5, 6],
  ]),
);
is<Tensor<['n=2'], 'bool'>>()(tensor([true, false], ['n']));
is<Tensor<['n=2'], 'i32'>>()(tensor([1, 2], ['n'], 'i32'));
is<Tensor<['batch', 'in=2']>>()(tensor(new Float32Array(6), ['batch', 'in=2']));
is<Tensor<['a', 'b'], 'i32'>>()(tensor(new Int32Array(6), ['a', 'b'], { a: 3 }));
is<Tensor<[2], 'u32'>>()(tensor(new Uint32Array(2), [2]));
const rows = [
  [1, 2],
  [3, 4],
] as const;
is<Tensor<['a=2', 'b=2']>>()(tensor(rows, ['a', 'b']));
const shape = ['n=3', 'in=2'] as const;
is<Tensor<['n=3', 'in=2']>>()(zeros(shape));
is<Tensor<['n=3', 'in=2'], 'i32'>>()(ones(shape, 'i32'));
is<Tensor<[]>>()(ones([]));
is<Tensor<['n=3'], 'bool'>>()(full(['n=3'], 1, 'bool'));
is<Tensor<['h=3', 'h2=3']>>()(eye(['h=3', 'h2=3']));
is<Tensor<['i=5'], 'i32'>>()(arange('i=5', 'i32'));
is<Tensor<[2, 'a=3']>>()(randn([2, 'a=3'], { seed: 1 }));
is<Tensor<[50257, 768]>>()(uniform([50257, 768], { low: -1, high: 1 }));
is<Tensor<['row=batch']>>()(ones(['row=batch']));
is<Tensor<['n=999999999']>>()(ones(['n=999999999']));

is<Tensor<['n=3', 'out=5']>>()(x.matmul(ones(['in=2', 'out=5'])));
is<Tensor<[2, 2]>>()(ones([2, 2]).matmul(ones([2, 2])));
is<Tensor<['b=2', 'n=3', 'm=4']>>()(ones(['b=2', 'n=3', 'k=5']).matmul(ones(['k=5', 'm=4'])));
is<Tensor<['b=2', 'n=3', 'm=4']>>()(ones(['b=2', 'n=3', 'k=5']).matmul(ones(['b=2', 'k=5', 'm=4'])));
is<Tensor<['b=8', 'n=3', 'm=4']>>()(ones(['b=8', 'n=3', 'k=5']).matmul(ones([1, 'k=5', 'm=4'])));
is<Tensor<['b=8', 'n=3', 'm=4']>>()(ones([1, 'n=3', 'k=5']).matmul(ones(['b=8', 'k=5', 'm=4'])));
is<Tensor<['b', 'h=8', 'n=3', 'm=4']>>()(ones(['b', 1, 'n=3', 'k=5']).matmul(ones(['b=1', 'h=8', 'k=5', 'm=4'])));
is<Tensor<['b', 'h=8', 'n=3', 'm=4']>>()(ones(['b', 'h=8', 'n=3', 'k=5']).matmul(ones(['h=8', 'k=5', 'm=4'])));
is<Tensor<['batch', 'row=batch']>>()(ones(['batch', 'k']).matmul(ones(['k', 'row=batch'])));
is<Tensor<['n=3', 'n2=3']>>()(x.matmul(x.T.rename({ n: 'n2' })));
is<Tensor<['n=3', 'in=2'], 'i32'>>()(
  ones(shape, 'i32')
    .matmul(ones(['in=2', 'k=2'], 'i32'))
    .rename({ k: 'in' }),
);

is<Tensor<['n=3', 'in=2']>>()(
  x
    .add(x)
    .sub(1)
    .mul(ones([]))
    .div(ones(['in=2'])),
);
is<Tensor<['n=3', 'in=2']>>()(x.sub(x.mean('in', { keepdims: true })));
is<Tensor<['n=3', 'in=2']>>()(ones([]).mul(x));
is<Tensor<['n=3', 'in=2']>>()(ones(['n=3', 'in=1']).add(x));
is<Tensor<['b=4', 'n=3', 'in=2']>>()(ones(['b=4', 'n=3', 'in=2']).add(x));
is<Tensor<['n=3', 'in=2']>>()(x.neg().relu().sigmoid().tanh().exp().log().sqrt());
declare const count: number;
is<Tensor<['n=3', 'in=2']>>()(x.div(count));

is<Tensor<['in=2']>>()(x.sum('n'));
is<Tensor<['in=2']>>()(x.sum(0));
is<Tensor<[]>>()(x.sum(['n', 'in']));
is<Tensor<[]>>()(x.max(['n', 1]));
is<Tensor<['n=3', 'in=2']>>()(x.mean([]));
is<Tensor<['n=3', 'in=1']>>()(x.mean(['in'], { keepdims: true }));
is<Tensor<['n=1', 'in=1']>>()(x.max(['n', 1], { keepdims: true }));
is<Tensor<['batch=1', 1, 1, 'row=1']>>()(ones(['batch', 3, '2*batch', 'row=batch']).min([0, 1, 2, 3], { keepdims: true }));
is<Tensor<['n=3', 'in=1'], 'i32'>>()(x.argmax('in', { keepdims: true }));
is<Tensor<['b=4', 'n=3', 'in=2']>>()(ones(['b=4', 'n=3', 'in=2']).sub(ones(['n=3', 'in=1'])));
is<Tensor<['n=3', 'in=2']>>()(x.sum(['n', 'in'], { keepdims: true }).sub(x));
is<Tensor<[]>>()(x.mean());
const axes = ['n', 'in'] as const;
is<Tensor<[]>>()(x.sum(axes));
is<Tensor<[3, 'in=2']>>()(ones([4, 3, 'in=2']).max(0));

is<Tensor<['in=2', 'n=3']>>()(x.T);
is<Tensor<['b', 'in=2', 'n=3']>>()(ones(['b', 'n=3', 'in=2']).mT);
is<Tensor<['batch']>>()(ones(['batch', 1]).T.reshape(['batch']));
is<Tensor<[6]>>()(x.reshape([6]));
is<Tensor<[]>>()(ones(['n=1', 1]).reshape([]));
is<Tensor<[]>>()(ones([]).withNames());
is<Tensor<[2]>>()(ones([2]).rename({}));
is<Tensor<['in=2', 'n=3']>>()(x.reshape(['in=2', 'n=3']));
is<Tensor<[38597376]>>()(ones([50257, 768]).reshape([38597376]));
is<Tensor<['batch', 'pixel=784']>>()(ones(['batch', 28, 28]).reshape(['batch', 'pixel=784']));
is<Tensor<['row=3', 'in=2']>>()(x.rename({ n: 'row' }));
is<Tensor<['in=3', 'n=2']>>()(x.rename({ n: 'in', in: 'n' }));
is<Tensor<['row=batch', 'in=2']>>()(ones(['batch', 'in=2']).rename({ batch: 'row' }));
is<Tensor<['sum=row', 'in=2']>>()(ones(['batch=row', 'in=2']).withNames('sum', 'in'));
is<Tensor<['a=3', 'b=2']>>()(ones([3, 2]).withNames('a', 'b'));

is<readonly [3, 2]>()(x.sizes);
is<['n=3', 'in=2']>()(x.shape);
is<Promise<number[][]>>()(x.array());
is<Promise<Int32Array>>()(ones([2], 'i32').data());
is<Promise<boolean>>()(tensor(true).item());

const optional = (a: typeof x, b?: typeof x, ...more: (typeof x)[]) => more.reduce((sum, c) => sum.add(c), b === undefined ? a : a.add(b));
is<typeof x>()(jit(optional)(x));
is<typeof x>()(layer(optional)(x, x, x));
const [da, , ...dmore] = vjp(optional)(x, x, x).backward(x);
is<typeof x>()(da);
is<(typeof x)[]>()(dmore);
const defaulted = <N extends Dim>(a: Tensor<[N]>, scale = 2) => a.mul(scale);
is<Tensor<['n=3']>>()(jit(defaulted)(ones(['n=3'])));
is<[Tensor<['n=3']>, null]>()(vjp((a: Tensor<['n=3']>, scale: number) => a.mul(scale))(ones(['n=3']), 3).backward(ones(['n=3'])));
is<{ a: { x: Tensor<['n=3']>; y: [Tensor<[2]>, null] }; name: null }>()(
  vjp((p: { a: { x: Tensor<['n=3']>; y: [Tensor<[2]>, Tensor<[2], 'i32'>] }; name: string }) => p.a.x.sum().add(p.a.y[0].sum()))({
    a: { x: ones(['n=3']), y: [ones([2]), ones([2], 'i32')] },
    name: 'a',
  }).backward(ones([]))[0],
);
