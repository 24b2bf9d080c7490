/** What is measured: one row a task and its sizes. `quick` rows are those of `--quick`. */
import type { TaskCall } from './tasks.ts';

export type Row = TaskCall & {
  readonly name: string;
  readonly group: string;
  readonly quick?: true;
};

const products = ([m, n, k]: readonly [number, number, number], name: string, quick?: true): readonly Row[] =>
  (['NN', 'TN', 'NT'] as const).map((layout) => ({
    name: `${layout} ${name}`,
    group: 'gemm',
    kind: `matmul${layout}`,
    sizes: { m, n, k },
    ...(quick && { quick }),
  }));

/** Sizes that nobody tuned anything for: single rows and columns, dot and outer products, long sums, next to nothing. */
const odd: readonly Row[] = (
  [
    ['matmulNN', 2, 1024, 1024],
    ['matmulNT', 3, 1000, 1000],
    ['matmulNN', 8, 512, 2048],
    ['matmulNN', 1024, 1, 1024],
    ['matmulTN', 1023, 1, 1023],
    ['matmulNN', 32, 10, 100_000],
    ['matmulTN', 784, 10, 10_000],
    ['matmulTN', 10, 10, 100_000],
    ['matmulNN', 1, 1, 1_000_000],
    ['matmulNN', 4096, 1024, 1],
    ['matmulNN', 1000, 1000, 3],
    ['matmulNN', 3, 3, 3],
    ['matmulNT', 17, 5, 33],
    ['matmulTN', 100, 7, 300],
  ] as const
).map(([kind, m, n, k]) => ({ name: `${kind.slice(-2)} ${m}x${n}x${k}`, group: 'odd', kind, sizes: { m, n, k } }));

export const rows: readonly Row[] = [
  ...products([256, 256, 256], '256', true),
  ...products([512, 512, 512], '512'),
  ...products([1024, 1024, 1024], '1024'),
  ...products([32, 32, 32], '32'),
  ...products([253, 251, 257], '253x251x257'),
  ...products([127, 509, 1021], '127x509x1021'),
  ...products([64, 10, 784], '64x10x784'),
  ...products([1, 1024, 1024], '1x1024x1024'),
  ...odd,
  { name: 'dW 784x128, batch 4096', group: 'gemm', kind: 'matmulTN', sizes: { m: 784, n: 128, k: 4096 } },
  { name: 'linear, both ways, 256x512x512', group: 'linear', kind: 'linear', sizes: { row: 256, in: 512, out: 512 }, quick: true },
  { name: 'linear, both ways, 1x784x128', group: 'linear', kind: 'linear', sizes: { row: 1, in: 784, out: 128 } },
  { name: 'MLP 784-256-10 step, SGD', group: 'mlp', kind: 'mlpSgd', sizes: { row: 128, pixel: 784, hidden: 256, class: 10 }, quick: true },
  { name: 'MLP 784-256-10 step, Adam', group: 'mlp', kind: 'mlpAdam', sizes: { row: 128, pixel: 784, hidden: 256, class: 10 } },
  { name: 'relu(xy + x) 1024x1024', group: 'rows', kind: 'elementwise', sizes: { row: 1024, feature: 1024 } },
  { name: 'relu(xy + x) 7x11', group: 'rows', kind: 'elementwise', sizes: { row: 7, feature: 11 } },
  { name: 'sum 1024x1024', group: 'rows', kind: 'sumAll', sizes: { row: 1024, feature: 1024 } },
  { name: 'sum of columns 1024x1024', group: 'rows', kind: 'sumColumns', sizes: { row: 1024, feature: 1024 } },
  { name: 'sum 997x1003', group: 'rows', kind: 'sumAll', sizes: { row: 997, feature: 1003 } },
  { name: 'sum 1x999983', group: 'rows', kind: 'sumAll', sizes: { row: 1, feature: 999_983 } },
  { name: 'sum of columns 100003x3', group: 'rows', kind: 'sumColumns', sizes: { row: 100_003, feature: 3 } },
  { name: 'sum over the middle of 64x256x64', group: 'rows', kind: 'sumMiddle', sizes: { outer: 64, middle: 256, inner: 64 } },
  { name: 'mean of rows 4096x256', group: 'rows', kind: 'meanRows', sizes: { row: 4096, feature: 256 } },
  { name: 'mean of rows 16x50257', group: 'rows', kind: 'meanRows', sizes: { row: 16, feature: 50_257 } },
  { name: 'max 1024x1024', group: 'rows', kind: 'maxAll', sizes: { row: 1024, feature: 1024 } },
  { name: 'max of columns 1024x1024', group: 'rows', kind: 'maxColumns', sizes: { row: 1024, feature: 1024 } },
  { name: 'log-sum-exp 1024x1024', group: 'rows', kind: 'logSumExp', sizes: { row: 1024, feature: 1024 } },
  { name: 'sum of products of 1000000', group: 'rows', kind: 'dot', sizes: { element: 1_000_000 } },
  { name: 'softmax 4096x256', group: 'rows', kind: 'softmax', sizes: { row: 4096, feature: 256 }, quick: true },
  { name: 'softmax 256x4096', group: 'rows', kind: 'softmax', sizes: { row: 256, feature: 4096 } },
  { name: 'softmax 1021x509', group: 'rows', kind: 'softmax', sizes: { row: 1021, feature: 509 } },
  { name: 'softmax 8x8192', group: 'rows', kind: 'softmax', sizes: { row: 8, feature: 8192 } },
  { name: 'softmax 64x10', group: 'rows', kind: 'softmax', sizes: { row: 64, feature: 10 } },
  { name: 'layer norm 4096x256', group: 'rows', kind: 'layerNorm', sizes: { row: 4096, feature: 256 }, quick: true },
  { name: 'layer norm 512x1024', group: 'rows', kind: 'layerNorm', sizes: { row: 512, feature: 1024 } },
  { name: 'layer norm 16x768', group: 'rows', kind: 'layerNorm', sizes: { row: 16, feature: 768 } },
  { name: 'layer norm, both ways, 1024x512', group: 'rows', kind: 'layerNormGradient', sizes: { row: 1024, feature: 512 } },
  { name: 'attention 8x256x64', group: 'attention', kind: 'attention', sizes: { head: 8, position: 256, width: 64 } },
  {
    name: 'attention, both ways, 8x256x64',
    group: 'attention',
    kind: 'attentionGradient',
    sizes: { head: 8, position: 256, width: 64 },
    quick: true,
  },
  {
    name: 'conv2d 8x16x32x32, 32 of 3x3',
    group: 'conv2d',
    kind: 'conv2d',
    sizes: { image: 8, channel: 16, size: 32, filter: 32, kernel: 3 },
    quick: true,
  },
  { name: 'conv2d, both ways', group: 'conv2d', kind: 'conv2dGradient', sizes: { image: 8, channel: 16, size: 32, filter: 32, kernel: 3 } },
  {
    name: 'transformer block step',
    group: 'transformer',
    kind: 'transformer',
    sizes: { sequence: 4, position: 64, head: 4, width: 128, hidden: 512 },
    quick: true,
  },
];
