/**
 * What is measured, said once for everybody: the inputs of each kind of task, how many floating-point operations it takes at the least,
 * and how many of its inputs are state that a run replaces (a train step's parameters).
 *
 * Invariant: every peer takes the inputs in this order and returns the outputs in this order.
 */

/** Sizes by axis, in the order of the axes. */
export type Axes = Readonly<Record<string, number>>;

export interface Input {
  readonly axes: Axes;
  readonly fill: 'random' | 'zeros' | 'ones' | 'oneHot';
  /** The standard deviation of random elements. */
  readonly scale?: number;
}

export interface Task {
  readonly inputs: readonly Input[];
  /** The first outputs are the next values of this many first inputs. */
  readonly carried: number;
  readonly flops: number;
  /** How many outputs there are; the carried ones come first. */
  readonly outputs: number;
}

export interface TaskSizes {
  readonly matmulNN: { readonly m: number; readonly n: number; readonly k: number };
  readonly matmulTN: { readonly m: number; readonly n: number; readonly k: number };
  readonly matmulNT: { readonly m: number; readonly n: number; readonly k: number };
  readonly linear: { readonly row: number; readonly in: number; readonly out: number };
  readonly mlpSgd: MlpSizes;
  readonly mlpAdam: MlpSizes;
  readonly elementwise: RowSizes;
  readonly sumAll: RowSizes;
  readonly sumColumns: RowSizes;
  readonly sumMiddle: { readonly outer: number; readonly middle: number; readonly inner: number };
  readonly meanRows: RowSizes;
  readonly maxAll: RowSizes;
  readonly maxColumns: RowSizes;
  readonly logSumExp: RowSizes;
  readonly dot: { readonly element: number };
  readonly softmax: RowSizes;
  readonly layerNorm: RowSizes;
  readonly layerNormGradient: RowSizes;
  readonly attention: AttentionSizes;
  readonly attentionGradient: AttentionSizes;
  readonly conv2d: ConvolutionSizes;
  readonly conv2dGradient: ConvolutionSizes;
  readonly transformer: TransformerSizes;
}

export type TaskKind = keyof TaskSizes;
export type TaskCall = { [kind in TaskKind]: { readonly kind: kind; readonly sizes: TaskSizes[kind] } }[TaskKind];

interface MlpSizes {
  readonly row: number;
  readonly pixel: number;
  readonly hidden: number;
  readonly class: number;
}

interface RowSizes {
  readonly row: number;
  readonly feature: number;
}

interface AttentionSizes {
  readonly head: number;
  readonly position: number;
  readonly width: number;
}

interface ConvolutionSizes {
  readonly image: number;
  readonly channel: number;
  readonly size: number;
  readonly filter: number;
  readonly kernel: number;
}

interface TransformerSizes {
  readonly sequence: number;
  readonly position: number;
  readonly head: number;
  readonly width: number;
  readonly hidden: number;
}

const random = (axes: Axes, scale = 1): Input => ({ axes, fill: 'random', scale });
const zeros = (axes: Axes): Input => ({ axes, fill: 'zeros' });
const ones = (axes: Axes): Input => ({ axes, fill: 'ones' });

function mlp(sizes: MlpSizes, remembered: number): Task {
  const { row, pixel, hidden, class: classes } = sizes;
  const shapes: readonly Axes[] = [{ pixel, hidden }, { hidden }, { hidden, class: classes }, { class: classes }];
  const parameters = shapes.map((axes, index) => (index % 2 === 1 ? zeros(axes) : random(axes, index === 0 ? 0.05 : 0.1)));
  const state = [
    ...parameters,
    ...Array.from({ length: remembered }, () => shapes.map(zeros)).flat(),
    ...(remembered > 0 ? [ones({})] : []),
  ];
  return {
    inputs: [...state, random({ row, pixel }), { axes: { row, class: classes }, fill: 'oneHot' }],
    carried: state.length,
    outputs: state.length + 1,
    // forward and dW of both layers, dX of the second: the data has no gradient
    flops: 2 * row * (2 * pixel * hidden + 3 * hidden * classes),
  };
}

function attention({ head, position, width }: AttentionSizes, isGradient: boolean): Task {
  const one = (axis: string) => random({ head, [axis]: position, width });
  const products = isGradient ? 6 : 2;
  return {
    inputs: [one('query'), one('key'), one('key'), ...(isGradient ? [one('query')] : [])],
    carried: 0,
    outputs: isGradient ? 4 : 1,
    flops: products * 2 * head * position * position * width,
  };
}

function convolution({ image, channel, size, filter, kernel }: ConvolutionSizes, isGradient: boolean): Task {
  const result = random({ image, filter, height: size, width: size });
  const inputs = [
    random({ image, channel, height: size, width: size }),
    random({ filter, channel, kernelHeight: kernel, kernelWidth: kernel }, 1 / (kernel * Math.sqrt(channel))),
  ];
  return {
    inputs: isGradient ? [...inputs, result] : inputs,
    carried: 0,
    outputs: isGradient ? 3 : 1,
    flops: (isGradient ? 3 : 1) * 2 * image * size * size * filter * channel * kernel * kernel,
  };
}

const matmul = (left: Axes, right: Axes, { m, n, k }: TaskSizes['matmulNN']): Task => ({
  inputs: [random(left), random(right)],
  carried: 0,
  outputs: 1,
  flops: 2 * m * n * k,
});

const reduction = (axes: Axes, each = 1): Task => ({
  inputs: [random(axes)],
  carried: 0,
  outputs: 1,
  flops: each * Object.values(axes).reduce((product, size) => product * size),
});

const tasks: { readonly [kind in TaskKind]: (sizes: TaskSizes[kind]) => Task } = {
  matmulNN: (sizes) => matmul({ m: sizes.m, k: sizes.k }, { k: sizes.k, n: sizes.n }, sizes),
  matmulTN: (sizes) => matmul({ k: sizes.k, m: sizes.m }, { k: sizes.k, n: sizes.n }, sizes),
  matmulNT: (sizes) => matmul({ m: sizes.m, k: sizes.k }, { n: sizes.n, k: sizes.k }, sizes),
  linear: ({ row, in: inputs, out }) => ({
    inputs: [random({ row, in: inputs }), random({ in: inputs, out }, 1 / Math.sqrt(inputs)), random({ out }), random({ row, out })],
    carried: 0,
    outputs: 4,
    flops: 6 * row * inputs * out,
  }),
  mlpSgd: (sizes) => mlp(sizes, 0),
  mlpAdam: (sizes) => mlp(sizes, 2),
  elementwise: ({ row, feature }) => ({
    inputs: [random({ row, feature }), random({ row, feature })],
    carried: 0,
    outputs: 1,
    flops: 3 * row * feature,
  }),
  sumAll: (sizes) => reduction({ ...sizes }),
  sumColumns: (sizes) => reduction({ ...sizes }),
  sumMiddle: (sizes) => reduction({ ...sizes }),
  meanRows: (sizes) => reduction({ ...sizes }),
  maxAll: (sizes) => reduction({ ...sizes }),
  maxColumns: (sizes) => reduction({ ...sizes }),
  logSumExp: (sizes) => reduction({ ...sizes }, 3),
  dot: ({ element }) => ({ inputs: [random({ element }), random({ element })], carried: 0, outputs: 1, flops: 2 * element }),
  softmax: ({ row, feature }) => ({ inputs: [random({ row, feature }, 3)], carried: 0, outputs: 1, flops: 5 * row * feature }),
  layerNorm: ({ row, feature }) => ({
    inputs: [random({ row, feature }, 3), random({ feature }), random({ feature })],
    carried: 0,
    outputs: 1,
    flops: 8 * row * feature,
  }),
  layerNormGradient: ({ row, feature }) => ({
    inputs: [random({ row, feature }, 3), random({ feature }), random({ feature }), random({ row, feature })],
    carried: 0,
    outputs: 4,
    flops: 24 * row * feature,
  }),
  attention: (sizes) => attention(sizes, false),
  attentionGradient: (sizes) => attention(sizes, true),
  conv2d: (sizes) => convolution(sizes, false),
  conv2dGradient: (sizes) => convolution(sizes, true),
  transformer: ({ sequence, position, head, width, hidden }) => {
    const square = (axes: Axes) => random(axes, 1 / Math.sqrt(width));
    const parameters = [
      ones({ width }), // norm before attention
      zeros({ width }),
      square({ width, query: width }),
      square({ width, key: width }),
      square({ width, value: width }),
      square({ value: width, width }),
      ones({ width }), // norm before the perceptron
      zeros({ width }),
      square({ width, hidden }),
      zeros({ hidden }),
      random({ hidden, width }, 1 / Math.sqrt(hidden)),
      zeros({ width }),
    ];
    const data = random({ sequence, position, width });
    const positions = sequence * position;
    return {
      inputs: [...parameters, data, data],
      carried: parameters.length,
      outputs: parameters.length + 1,
      flops: 3 * 2 * (positions * (4 * width * width + 2 * width * hidden) + 2 * positions * position * width) + 0 * head,
    };
  },
};

export function taskOf(call: TaskCall): Task {
  // seam: the table pairs each kind with its own sizes
  return (tasks[call.kind] as (sizes: TaskCall['sizes']) => Task)(call.sizes);
}
