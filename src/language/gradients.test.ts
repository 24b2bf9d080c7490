/** Every operation of the language against central differences in f64, and the linear ones against the adjoint identity. */
import { describe, expect, it } from 'vitest';
import { finiteDifferenceVjp, innerProduct } from '../graph/testing/finiteDifference.ts';
import { uniform } from '../graph/testing/uniform.ts';
import type { Dim } from '../types/dim.ts';
import type { Arithmetic } from '../types/tensor/arithmetic.ts';
import type { Comparison, Conversion } from '../types/tensor/comparison.ts';
import type { Convolution } from '../types/tensor/convolution.ts';
import type { Floating } from '../types/tensor/floating.ts';
import type { Rearrangement } from '../types/tensor/rearrangement.ts';
import type { Selection } from '../types/tensor/selection.ts';
import type { Host, Structure, Views } from '../types/tensor/structure.ts';
import type { Tensor } from '../types/tensor/tensor.ts';
import { arange, full } from './creation.ts';
import type { LazyTensor } from './lazyTensor.ts';
import { inF64 } from './testing/evaluateLanguage.ts';
import { vjp } from './vjp.ts';

type Operation = Exclude<
  keyof (Structure<[], 'f32'> &
    Views<'f32'> &
    Host<'f32'> &
    Rearrangement<'f32'> &
    Selection<'f32'> &
    Comparison<'f32'> &
    Conversion<'f32'> &
    Arithmetic<'f32'> &
    Floating<'f32'> &
    Convolution<'f32'>),
  'shape' | 'sizes' | 'dtype' | 'data' | 'array' | 'item' | 'dispose' | symbol
>;

interface Case {
  readonly shapes: readonly (readonly Dim[])[];
  readonly f: (...x: LazyTensor[]) => LazyTensor;
  /** Linear in all operands together, or in each alone (a product). */
  readonly linear?: 'jointly' | 'each';
  /** Elements from here to 1 above; by default from -1 to 1. */
  readonly low?: number;
  /** No gradient arrives, on purpose. */
  readonly blocked?: true;
}

const matrix: readonly Dim[] = ['n=3', 'in=2'];
type MapName =
  | 'relu'
  | 'sigmoid'
  | 'tanh'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'sin'
  | 'cos'
  | 'erf'
  | 'log1p'
  | 'expm1'
  | 'rsqrt'
  | 'abs'
  | 'square';
const map = (name: MapName, low?: number): readonly Case[] => [
  { shapes: [matrix], f: (x) => x[name](), ...(low === undefined ? {} : { low }) },
];
const compared = (name: 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge'): readonly Case[] => [
  { shapes: [matrix, ['in=2']], f: (x, y) => x[name](y).astype('f32'), blocked: true },
];
const pair = (name: 'add' | 'sub' | 'mul' | 'div' | 'maximum' | 'minimum' | 'pow', linear?: 'jointly' | 'each'): readonly Case[] => {
  const common = { f: (x: LazyTensor, y: LazyTensor) => x[name](y), ...(linear ? { linear } : {}), low: 0.5 };
  return [
    { ...common, shapes: [matrix, matrix] },
    { ...common, shapes: [matrix, ['in=2']] },
    { ...common, shapes: [matrix, []] },
    { ...common, shapes: [[], matrix] },
    {
      ...common,
      shapes: [
        ['b=2', 'n=3', 'in=2'],
        ['n=3', 'in=2'],
      ],
    },
    {
      ...common,
      shapes: [
        ['n=3', 1],
        [1, 'in=2'],
      ],
    },
    { ...common, shapes: [matrix, ['n=3', 1]] },
    { ...common, shapes: [matrix, ['n=3', 'in=1']] },
    {
      ...common,
      shapes: [
        ['n=1', 'in=2'],
        ['n=3', 'in=1'],
      ],
    },
    { shapes: [matrix], f: (x) => x[name](3), low: 0.5 },
  ];
};
const reduction = (name: 'sum' | 'mean' | 'max' | 'min' | 'logSumExp' | 'variance' | 'std' | 'norm'): readonly Case[] => {
  const linear = name === 'sum' || name === 'mean' ? ({ linear: 'jointly' } as const) : {};
  return [
    { shapes: [matrix], f: (x) => x[name](), ...linear },
    { shapes: [matrix], f: (x) => x[name]('n'), ...linear },
    { shapes: [matrix], f: (x) => x[name](1), ...linear },
    { shapes: [matrix], f: (x) => x[name]('in', { keepdims: true }), ...linear },
    { shapes: [['b=2', 'n=3', 'in=2']], f: (x) => x[name](['b', 'in']), ...linear },
    { shapes: [['b=2', 'n=3', 'in=2']], f: (x) => x[name]([0, 2], { keepdims: true }), ...linear },
  ];
};

/** Total: an operation that is added without a case here does not compile. */
const cases: { readonly [name in Operation]: readonly Case[] } = {
  T: [{ shapes: [matrix], f: (x) => x.T, linear: 'jointly' }],
  mT: [{ shapes: [['b=2', 'n=3', 'in=2']], f: (x) => x.mT, linear: 'jointly' }],
  reshape: [{ shapes: [matrix], f: (x) => x.reshape(['in=2', 'n=3']), linear: 'jointly' }],
  rename: [{ shapes: [matrix], f: (x) => x.rename({ in: 'out' }), linear: 'jointly' }],
  renameAxis: [{ shapes: [matrix], f: (x) => x.renameAxis(1, 'out'), linear: 'jointly' }],
  permute: [{ shapes: [['b=2', 'n=3', 'in=2']], f: (x) => x.permute('in', 'b', 'n'), linear: 'jointly' }],
  transpose: [{ shapes: [['b=2', 'n=3', 'in=2']], f: (x) => x.transpose('b', 'in'), linear: 'jointly' }],
  flatten: [{ shapes: [matrix], f: (x) => x.flatten('all'), linear: 'jointly' }],
  merge: [
    { shapes: [['b=2', 'n=3', 'in=2']], f: (x) => x.merge(['b', 'n'], 'rows'), linear: 'jointly' },
    { shapes: [['b=2', 'h=3', 2]], f: (x) => x.merge({ divisor: 'h=3', dividend: 'd=6' }), linear: 'jointly' },
  ],
  split: [
    { shapes: [['n=2', 'd=6']], f: (x) => x.split('d', ['h=3', 'e']).permute('h', 'n', 'e'), linear: 'jointly' },
    { shapes: [['n=2', 'd=6']], f: (x) => x.split({ divisor: 'h=3', dividend: 'd=6' }, 'e'), linear: 'jointly' },
  ],
  withNames: [{ shapes: [[3, 2]], f: (x) => x.withNames('n', 'in'), linear: 'jointly' }],
  slice: [
    { shapes: [matrix], f: (x) => x.slice('n', 1), linear: 'jointly' },
    { shapes: [['n=7', 'in=2']], f: (x) => x.slice(0, 1, 6, 2), linear: 'jointly' },
    { shapes: [['n=7', 'in=2']], f: (x) => x.slice('n', 0, 7, 3), linear: 'jointly' },
  ],
  pad: [
    { shapes: [matrix], f: (x) => x.pad('n', 1, 2), linear: 'jointly' },
    { shapes: [matrix], f: (x) => x.pad(1, 0, 1, 3) },
  ],
  take: [
    { shapes: [['v=5', 'd=2']], f: (x) => x.take('v', arange(4, 'i32').mul(3).reshape(['b=2', 't=2'])), linear: 'jointly' },
    { shapes: [['v=5', 'd=3']], f: (x) => x.take(1, full([1], 2, 'u32')), linear: 'jointly' },
  ],
  scatterAdd: [
    {
      shapes: [
        ['v=5', 'd=2'],
        ['b=2', 't=2', 'd=2'],
      ],
      f: (x, updates) => x.scatterAdd('v', arange(4, 'i32').mul(3).reshape(['b=2', 't=2']), updates),
      linear: 'jointly',
    },
  ],
  eq: compared('eq'),
  ne: compared('ne'),
  lt: compared('lt'),
  le: compared('le'),
  gt: compared('gt'),
  ge: compared('ge'),
  maximum: pair('maximum').filter(({ shapes }) => shapes.length > 1),
  minimum: pair('minimum').filter(({ shapes }) => shapes.length > 1),
  min: reduction('min'),
  argmax: [{ shapes: [matrix], f: (x) => x.argmax('n').astype('f32'), blocked: true }],
  cumsum: [
    { shapes: [matrix], f: (x) => x.cumsum('n'), linear: 'jointly' },
    { shapes: [['b=2', 'n=3', 'in=2']], f: (x) => x.cumsum(0), linear: 'jointly' },
    { shapes: [['b=2', 'n=3', 'in=2']], f: (x) => x.cumsum('in'), linear: 'jointly' },
  ],
  astype: [
    { shapes: [matrix], f: (x) => x.astype('f32'), linear: 'jointly' },
    { shapes: [matrix], f: (x) => x.astype('i32').astype('f32'), blocked: true },
  ],
  matmul: [
    { shapes: [matrix, ['in=2', 'out=4']], f: (x, y) => x.matmul(y), linear: 'each' },
    {
      shapes: [
        ['in=2', 'n=3'],
        ['in=2', 'out=4'],
      ],
      f: (x, y) => x.T.matmul(y),
      linear: 'each',
    },
    { shapes: [matrix, ['out=4', 'in=2']], f: (x, y) => x.matmul(y.T), linear: 'each' },
    {
      shapes: [
        ['b=2', 'n=3', 'in=2'],
        ['b=2', 'in=2', 'out=4'],
      ],
      f: (x, y) => x.matmul(y),
      linear: 'each',
    },
    {
      shapes: [
        ['b=2', 'n=3', 'in=2'],
        ['in=2', 'out=4'],
      ],
      f: (x, y) => x.matmul(y),
      linear: 'each',
    },
    {
      shapes: [
        ['b=2', 'c=2', 'n=3', 'in=2'],
        ['b=2', 'c=2', 'out=4', 'in=2'],
      ],
      f: (x, y) => x.matmul(y.mT),
      linear: 'each',
    },
    {
      shapes: [
        ['b=2', 1, 'e=2', 'n=3', 'in=2'],
        ['c=3', 'e=1', 'in=2', 'out=4'],
      ],
      f: (x, y) => x.matmul(y),
      linear: 'each',
    },
  ],
  add: pair('add', 'jointly'),
  sub: pair('sub', 'jointly'),
  mul: pair('mul', 'each'),
  div: pair('div'),
  neg: [{ shapes: [matrix], f: (x) => x.neg(), linear: 'jointly' }],
  relu: map('relu'),
  sigmoid: map('sigmoid'),
  tanh: map('tanh'),
  exp: map('exp'),
  log: map('log', 0.3),
  sqrt: map('sqrt', 0.3),
  sin: map('sin'),
  cos: map('cos'),
  erf: map('erf'),
  log1p: map('log1p', -0.5),
  expm1: map('expm1'),
  rsqrt: map('rsqrt', 0.3),
  abs: [...map('abs', 0.1), ...map('abs', -1.2)],
  square: map('square'),
  pow: [...pair('pow'), { shapes: [matrix], f: (x) => x.pow(3) }, { shapes: [matrix], f: (x) => x.pow(-1.5), low: 0.3 }],
  floor: [{ shapes: [matrix], f: (x) => x.floor(), blocked: true, low: 0.1 }],
  ceil: [{ shapes: [matrix], f: (x) => x.ceil(), blocked: true, low: 0.1 }],
  round: [{ shapes: [matrix], f: (x) => x.mul(0.4).round(), blocked: true, low: 0.1 }],
  sign: [{ shapes: [matrix], f: (x) => x.sign(), blocked: true, low: 0.1 }],
  isNaN: [{ shapes: [matrix], f: (x) => x.isNaN().astype('f32'), blocked: true }],
  isFinite: [{ shapes: [matrix], f: (x) => x.isFinite().astype('f32'), blocked: true }],
  clip: [{ shapes: [matrix], f: (x) => x.clip(-0.5, 0.25) }],
  softmax: [
    { shapes: [matrix], f: (x) => x.softmax('in') },
    { shapes: [['b=2', 'n=3', 'in=2']], f: (x) => x.softmax(1) },
  ],
  logSoftmax: [{ shapes: [matrix], f: (x) => x.logSoftmax('n') }],
  logSumExp: reduction('logSumExp'),
  variance: reduction('variance'),
  std: reduction('std'),
  norm: reduction('norm'),
  stopGradient: [{ shapes: [matrix], f: (x) => x.stopGradient(), blocked: true }],
  sum: reduction('sum'),
  mean: reduction('mean'),
  conv1d: [
    {
      shapes: [
        ['n=2', 'c=3', 't=7'],
        ['o=2', 'c=3', 3],
      ],
      f: (x, w) => x.conv1d(w),
      linear: 'each',
    },
    {
      shapes: [
        ['n=2', 'c=3', 't=8'],
        ['o=2', 'c=3', 2],
      ],
      f: (x, w) => x.conv1d(w, { stride: 2, padding: 1, dilation: 3 }),
      linear: 'each',
    },
    {
      shapes: [
        ['n=2', 'c=4', 't=5'],
        ['o=6', 'c=2', 'k=4'],
      ],
      f: (x, w) => x.conv1d(w, { groups: 2, padding: 'same' }),
      linear: 'each',
    },
  ],
  conv2d: [
    {
      shapes: [
        ['n=2', 'c=3', 'h=4', 'w=5'],
        ['o=2', 'c=3', 3, 2],
      ],
      f: (x, w) => x.conv2d(w),
      linear: 'each',
    },
    {
      shapes: [
        ['n=2', 'c=2', 'h=6', 'w=7'],
        ['o=3', 'c=2', 'h=3', 'w=2'],
      ],
      f: (x, w) => x.conv2d(w, { stride: [2, 1], padding: [1, 2], dilation: [1, 2] }),
      linear: 'each',
    },
    {
      shapes: [
        ['n=2', 'c=4', 'h=4', 'w=4'],
        ['o=4', 'c=1', 3, 3],
      ],
      f: (x, w) => x.conv2d(w, { groups: 4, padding: 'same' }),
      linear: 'each',
    },
    {
      shapes: [
        ['n=1', 'c=4', 'h=5', 'w=4'],
        ['o=6', 'c=2', 3, 3],
      ],
      f: (x, w) => x.conv2d(w, { groups: 2, stride: 2, padding: 1 }),
      linear: 'each',
    },
  ],
  maxPool1d: [{ shapes: [['n=2', 'c=2', 't=7']], f: (x) => x.maxPool1d(3, { stride: 2, padding: 1 }) }],
  meanPool1d: [{ shapes: [['n=2', 'c=2', 't=7']], f: (x) => x.meanPool1d(3, { padding: 1 }), linear: 'jointly' }],
  maxPool2d: [
    { shapes: [['n=2', 'c=2', 'h=4', 'w=5']], f: (x) => x.maxPool2d(2) },
    { shapes: [['n=2', 'c=2', 'h=4', 'w=5']], f: (x) => x.maxPool2d([3, 2], { stride: [1, 2], padding: [1, 0] }) },
  ],
  meanPool2d: [
    { shapes: [['n=2', 'c=2', 'h=4', 'w=5']], f: (x) => x.meanPool2d([2, 3]), linear: 'jointly' },
    { shapes: [['n=2', 'c=2', 'h=4', 'w=5']], f: (x) => x.meanPool2d(3, { stride: 1, padding: 'same' }), linear: 'jointly' },
  ],
  max: reduction('max'),
};

const count = (shape: readonly Dim[]): number => shape.reduce<number>((product, dim) => product * Number(`${dim}`.replace(/.*=/, '')), 1);
const largest = (a: readonly ArrayLike<number>[], b: readonly ArrayLike<number>[]): number =>
  Math.max(...a.flatMap((elements, i) => Array.from(elements, (x, k) => Math.abs(x - (b[i]?.[k] ?? Number.NaN)))));

/** f's pullback at its arguments: takes the arguments, then dy. */
const pullback =
  (f: Case['f']) =>
  (...args: LazyTensor[]): unknown => {
    const x = args.slice(0, -1) as unknown as Tensor<[]>[];
    return vjp(f as unknown as (...x: Tensor<[]>[]) => Tensor<[]>)(...x).backward(args.at(-1) as unknown as Tensor<[]>);
  };

for (const [name, examples] of Object.entries(cases) as [Operation, readonly Case[]][]) {
  describe(name, () => {
    for (const [number, { shapes, f, linear, low = -1, blocked }] of examples.entries()) {
      const title = shapes.map((shape) => `[${shape.join(', ')}]`).join(' ');
      const inputs = shapes.map((shape, i) => uniform(count(shape), 100 * number + i + 1, low));
      const run = inF64(f as never, shapes);
      const [y = new Float64Array()] = run(inputs);
      const dy = uniform(y.length, 7);

      it(`has the gradient of ${title} that differences show`, () => {
        const shapeOfY = resultShape(f, shapes);
        const gradients = inF64(pullback(f) as never, [...shapes, shapeOfY])([...inputs, dy]);
        const expected = finiteDifferenceVjp((at) => run(at), inputs, [dy]);
        expect(gradients).toHaveLength(inputs.length);
        if (blocked) for (const gradient of gradients) expect([...gradient].every((x) => x === 0)).toBe(true);
        else expect(largest(gradients, expected)).toBeLessThan(1e-7);
      });

      if (linear === undefined) continue;
      it(`is adjoint to its backward for ${title}: <Ax, y> = <x, A'y>`, () => {
        const gradients = inF64(pullback(f) as never, [...shapes, resultShape(f, shapes)])([...inputs, dy]);
        const forward = innerProduct([y], [dy]);
        if (linear === 'jointly') expect(innerProduct(inputs, gradients)).toBeCloseTo(forward, 10);
        else for (const [i, gradient] of gradients.entries()) expect(innerProduct([inputs[i] ?? []], [gradient])).toBeCloseTo(forward, 10);
      });
    }
  });
}

function resultShape(f: Case['f'], shapes: readonly (readonly Dim[])[]): readonly Dim[] {
  let shape: readonly Dim[] = [];
  inF64(
    ((...args: LazyTensor[]) => {
      const y = f(...args);
      shape = y.shape;
      return y;
    }) as never,
    shapes,
  );
  return shape;
}
