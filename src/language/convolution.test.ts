/**
 * Convolutions and pools as a user calls them: the numbers against plain loops in f64, the run's sentences, and on the device that
 * forward and backward are few kernels that store no windows.
 */
import { describe, expect, it } from 'vitest';
import { compile } from '../codegen/compile.ts';
import { makeGraph } from '../graph/graph.ts';
import { uniform } from '../graph/testing/uniform.ts';
import type { DescribedProgram } from '../program/program.ts';
import type { Structure } from '../program/structure.ts';
import { type Dim, sizeOf } from '../types/dim.ts';
import type { Options } from '../types/rules/windowOptions.ts';
import { ShapeError } from '../types/shapeError.ts';
import type { Tensor } from '../types/tensor/tensor.ts';
import { tensor, zeros } from './creation.ts';
import { jit } from './jit.ts';
import type { LazyTensor } from './lazyTensor.ts';
import { inF64 } from './testing/evaluateLanguage.ts';
import { traceFunction } from './traceFunction.ts';
import { vjp } from './vjp.ts';

type Shape = readonly Dim[];
type Sizes = readonly [n: number, c: number, h: number, w: number];
interface Sliding {
  readonly stride: readonly [number, number];
  readonly low: readonly [number, number];
  readonly high: readonly [number, number];
  readonly dilation: readonly [number, number];
}

const sizesOf = (shape: Shape): readonly number[] => shape.map((dim) => Number(sizeOf(dim)));
const count = (shape: Shape): number => sizesOf(shape).reduce((product, size) => product * size, 1);
/** [n, c, t] as [n, c, 1, t]. */
const flat = (shape: Shape): Sizes => sizesOf(shape).toSpliced(2, 0, ...(shape.length === 3 ? [1] : [])) as unknown as Sizes;

/** By the book: every element of every window, where it is inside. */
function slideOver(
  [, , h, w]: Sizes,
  [kh, kw]: readonly [number, number],
  { stride, low, high, dilation }: Sliding,
  at: (place: readonly [number, number], inside: readonly (readonly [number, number, number, number])[]) => void,
): [number, number] {
  const places = [0, 1].map((axis) => {
    const [size, width] = [[h, w][axis] ?? 0, [kh, kw][axis] ?? 0];
    let steps = 0;
    while (steps * (stride[axis] ?? 1) + (width - 1) * (dilation[axis] ?? 1) < size + (low[axis] ?? 0) + (high[axis] ?? 0)) steps += 1;
    return steps;
  }) as [number, number];
  for (let y = 0; y < places[0]; y++)
    for (let x = 0; x < places[1]; x++) {
      const inside: [number, number, number, number][] = [];
      for (let i = 0; i < kh; i++)
        for (let j = 0; j < kw; j++) {
          const [row, column] = [y * stride[0] - low[0] + i * dilation[0], x * stride[1] - low[1] + j * dilation[1]];
          if (row >= 0 && row < h && column >= 0 && column < w) inside.push([i, j, row, column]);
        }
      at([y, x], inside);
    }
  return places;
}

function naiveConvolution(x: Float64Array, xs: Sizes, w: Float64Array, ws: Sizes, sliding: Sliding, groups: number): number[] {
  const [[n, c, height, width], [o, each, kh, kw]] = [xs, ws];
  const result: number[] = [];
  for (let image = 0; image < n; image++)
    for (let out = 0; out < o; out++) {
      const first = Math.floor(out / (o / groups)) * each;
      slideOver(xs, [kh, kw], sliding, (_, inside) => {
        let sum = 0;
        for (let k = 0; k < each; k++)
          for (const [i, j, row, column] of inside)
            sum += (x[((image * c + first + k) * height + row) * width + column] ?? 0) * (w[((out * each + k) * kh + i) * kw + j] ?? 0);
        result.push(sum);
      });
    }
  return result;
}

function naivePool(x: Float64Array, xs: Sizes, window: readonly [number, number], sliding: Sliding, isMax: boolean): number[] {
  const [n, c, height, width] = xs;
  const result: number[] = [];
  for (let plane = 0; plane < n * c; plane++)
    slideOver(xs, window, sliding, (_, inside) => {
      const elements = inside.map(([, , row, column]) => x[(plane * height + row) * width + column] ?? 0);
      result.push(isMax ? Math.max(...elements) : elements.reduce((sum, element) => sum + element, 0) / (window[0] * window[1]));
    });
  return result;
}

const pair = (value: unknown, rank: number, otherwise: number, first: number): [number, number] => {
  const list = Array.isArray(value) ? value : Array.from({ length: rank }, () => value ?? otherwise);
  return (rank === 1 ? [first, list[0]] : list) as [number, number];
};
function slidingOf(rank: number, { stride, padding, dilation }: Options, kernel: readonly [number, number], step: unknown = 1): Sliding {
  const spread = pair(dilation, rank, 1, 1);
  const total = kernel.map((width, axis) => (width - 1) * (spread[axis] ?? 1));
  const isSame = padding === 'same';
  const low = isSame ? total.map((all) => Math.floor(all / 2)) : pair(padding, rank, 0, 0);
  const high = isSame ? total.map((all) => Math.ceil(all / 2)) : low;
  return { stride: pair(stride ?? step, rank, 1, 1), low: low as [number, number], high: high as [number, number], dilation: spread };
}
const difference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (x, i) => Math.abs(x - (b[i] ?? Number.NaN))));
};

const convolutions: readonly (readonly [shape: Shape, weights: Shape, options: Options])[] = [
  [['n=2', 'c=3', 't=9'], ['o=4', 'c=3', 3], {}],
  [['n=2', 'c=3', 't=10'], ['o=4', 'c=3', 2], { stride: 3, padding: 1, dilation: 2 }],
  [['n=2', 'c=4', 't=6'], ['o=6', 'c=2', 'k=4'], { groups: 2, padding: 'same' }],
  [['n=2', 'c=3', 'h=6', 'w=7'], ['o=5', 'c=3', 3, 3], {}],
  [['n=2', 'c=3', 'h=6', 'w=7'], ['o=5', 'c=3', 3, 2], { padding: 'same' }],
  [['n=2', 'c=3', 'h=7', 'w=8'], ['o=5', 'c=3', 3, 3], { stride: 2, padding: 1 }],
  [['n=1', 'c=2', 'h=9', 'w=8'], ['o=3', 'c=2', 'h=3', 'w=2'], { stride: [2, 1], padding: [1, 3], dilation: [1, 2] }],
  [['n=2', 'c=4', 'h=5', 'w=6'], ['o=6', 'c=2', 3, 3], { groups: 2, stride: 2, padding: 1 }],
  [['n=2', 'c=4', 'h=5', 'w=5'], ['o=4', 'c=1', 3, 3], { groups: 4, padding: 1 }],
  [['n=2', 'c=3', 'h=4', 'w=4'], ['o=2', 'c=3', 1, 1], {}],
];
const callConvolution =
  (options: Options) =>
  (x: LazyTensor, w: LazyTensor): LazyTensor =>
    x.shape.length === 3 ? x.conv1d(w, options) : x.conv2d(w, options);

describe('convolutions in f64', () => {
  it.each(convolutions)('%j with %j, %j, is what loops give', (shape, weights, options) => {
    const [x, w] = [uniform(count(shape), 1), uniform(count(weights), 2)];
    const [y = new Float64Array()] = inF64(callConvolution(options) as never, [shape, weights])([x, w]);
    const [, , kh, kw] = flat(weights);
    const sliding = slidingOf(shape.length - 2, options, [kh, kw]);
    expect(difference(y, naiveConvolution(x, flat(shape), w, flat(weights), sliding, Number(options.groups ?? 1)))).toBeLessThan(1e-12);
  });
});

const pools: readonly (readonly [shape: Shape, size: number | readonly number[], options: Options])[] = [
  [['n=2', 'c=3', 't=9'], 2, {}],
  [['n=2', 'c=3', 't=9'], 4, { stride: 1, padding: 2 }],
  [['n=2', 'c=3', 'h=6', 'w=7'], 2, {}],
  [['n=2', 'c=3', 'h=6', 'w=7'], [3, 2], { stride: [1, 2], padding: [1, 0] }],
  [['n=2', 'c=3', 'h=6', 'w=7'], 4, { stride: 1, padding: 'same' }],
];

describe.each(['max', 'mean'] as const)('pools by the %s in f64', (kind) => {
  it.each(pools)('%j, %j, %j, is what loops give', (shape, size, options) => {
    const rank = shape.length - 2;
    const x = uniform(count(shape), 3).map((element) => element - 2); // padding must not win
    const [y = new Float64Array()] = inF64(((t: LazyTensor) => t[`${kind}Pool${rank as 1 | 2}d`](size, options)) as never, [shape])([x]);
    const window = pair(size, rank, 1, 1);
    expect(difference(y, naivePool(x, flat(shape), window, slidingOf(rank, options, window, size), kind === 'max'))).toBeLessThan(1e-12);
  });
});

/** (…xs, dy) => [y, …gradients] */
const withGradients =
  (f: (...xs: LazyTensor[]) => LazyTensor) =>
  (...args: LazyTensor[]): unknown => {
    // seam: shapes are values here, not types
    const { y, backward } = vjp(f as never as (...xs: Tensor<[]>[]) => Tensor<[]>)(...(args.slice(0, -1) as never as Tensor<[]>[]));
    return [y, ...(backward(args.at(-1) as never) as unknown[])];
  };

function resultShape(f: (...xs: LazyTensor[]) => LazyTensor, shapes: readonly Shape[]): Shape {
  return traceFunction('f', f as never, structureOf(shapes)).outputs[0]?.shape ?? [];
}
const structureOf = (shapes: readonly Shape[]): Extract<Structure, { kind: 'tuple' }> => ({
  kind: 'tuple',
  items: shapes.map((shape): Structure => ({ kind: 'tensor', type: { shape, dtype: 'f32' } })),
});
function compiled(f: (...xs: LazyTensor[]) => LazyTensor, shapes: readonly Shape[]): DescribedProgram {
  const { inputs, outputs } = traceFunction('layer', withGradients(f) as never, structureOf([...shapes, resultShape(f, shapes)]));
  return compile(makeGraph('layer', inputs, outputs));
}

/** On the device, and by the evaluator in f64. */
async function deviceDifference(f: (...xs: LazyTensor[]) => LazyTensor, shapes: readonly Shape[]): Promise<number> {
  const all = [...shapes, resultShape(f, shapes)];
  const inputs = all.map((shape, i) => Float32Array.from(uniform(count(shape), i + 5)));
  const tensors = inputs.map((elements, i) => tensor(elements, all[i] as never));
  const results = (await jit(withGradients(f) as never as (...xs: unknown[]) => unknown)(...(tensors as never[]))) as {
    data(): Promise<Float32Array>;
  }[];
  const expected = inF64(withGradients(f) as never, all)(inputs.map((elements) => Float64Array.from(elements)));
  const found = await Promise.all(results.map((result) => result.data()));
  expect(found).toHaveLength(expected.length);
  return Math.max(...found.map((elements, i) => difference(elements, expected[i] ?? [])));
}

describe('on the device, with gradients', () => {
  it.each(convolutions)('%j with %j, %j, is what the evaluator gives', async (shape, weights, options) => {
    expect(await deviceDifference(callConvolution(options), [shape, weights])).toBeLessThan(1e-5);
  });

  it.each(pools)('pools of %j, %j, %j, are what the evaluator gives', async (shape, size, options) => {
    const both = (x: LazyTensor): LazyTensor =>
      shape.length === 3
        ? x.maxPool1d(size, options).add(x.meanPool1d(size, options))
        : x.maxPool2d(size, options).add(x.meanPool2d(size, options));
    expect(await deviceDifference(both, [shape])).toBeLessThan(1e-5);
  });

  it('leaves the batch open', async () => {
    const f = jit((x: Tensor<['batch', 'c=2', 'h=5', 'w=5']>, w: Tensor<['o=3', 'c=2', 3, 3]>) =>
      x.conv2d(w, { padding: 1 }).maxPool2d(5).sum(),
    );
    for (const n of [1, 4]) {
      const x = tensor(new Float32Array(n * 50).fill(1), ['batch', 'c=2', 'h=5', 'w=5'] as const);
      expect(await f(x, tensor(new Float32Array(54).fill(1), ['o=3', 'c=2', 3, 3] as const)).item()).toBe(n * 3 * 18);
    }
  });
});

describe('compiled', () => {
  it.each(convolutions)('%j with %j, %j: a kernel for each of y, dx and dw, no windows stored', (shape, weights, options) => {
    const program = compiled(callConvolution(options), [shape, weights]);
    // a window of one element with a stride leaves most of x unread: its gradient is a product and zeros
    const isSparse = weights.slice(2).every((dim) => dim === 1) && (options.stride ?? 1) !== 1;
    expect(program.kernels).toHaveLength(isSparse ? 4 : 3);
    if (!isSparse) expect(program.statistics.temporaryBytesUnshared).toBe(0);
  });

  it('multiplies no zeros between strides', () => {
    const flops = (stride: number): number =>
      Number(
        compiled(callConvolution({ stride, padding: 2 }), [
          ['n=2', 'c=3', 16, 16],
          ['o=4', 'c=3', 4, 4],
        ]).statistics.flops,
      );
    // y, dx and dw cost the same with windows of 4, of which a stride of 2 makes 2 for each of 2 residues
    expect(flops(2)).toBe(2 * 2 * (2 * 81 + 64) * 4 * 3 * 16);
  });
});

describe('the run says the sentence', () => {
  const x = zeros(['n=1', 'c=3', 'h=32', 'w=32']) as never as LazyTensor;
  const w = zeros(['o=8', 'c=4', 3, 3]) as never as LazyTensor;
  it.each<[string, () => unknown]>([
    [
      'conv2d: channels differ: x [n=1, c=3, h=32, w=32] with w [o=8, c=4, 3, 3] pairs c=3 with c=4 (they must be the same; rename an axis if c=3 and c=4 are meant to be)',
      () => x.conv2d(w),
    ],
    ["conv2d: there is no option 'strides' (its options are stride, padding, dilation, groups)", () => x.conv2d(w, { strides: 2 })],
    [
      'conv2d: the operand is no tensor: [n=1, c=3, h=32, w=32] with a value of type number (make a tensor of it, with tensor(…))',
      () => x.conv2d(3),
    ],
    ['maxPool2d: padding 2 is more than half the window of 2 (pad less)', () => x.maxPool2d(2, { padding: 2 })],
    ['meanPool1d: takes rank 3: [n=1, c=3, h=32, w=32] (x is [n, c, t])', () => x.meanPool1d(2)],
    ['conv2d: the options are not known (write them as a literal, such as { stride: 2 })', () => x.conv2d(w, null as never)],
  ])('%s', (sentence, call) => {
    expect(call).toThrow(new ShapeError(sentence));
  });

  it('refuses integers', () => {
    const whole = zeros(['n=1', 'c=3', 't=4'], 'i32') as never as LazyTensor;
    expect(() => whole.maxPool1d(2)).toThrow('maxPool1d: takes f32, not i32[n=1, c=3, t=4] (make the tensor f32)');
  });
});
