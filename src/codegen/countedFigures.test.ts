/**
 * Figures against a count of what kernels do as they run, on the software device: bytes, elements, barriers, multiply-adds. One case a
 * kind of tile and of kernel at the least; sizes are small and do not divide where that matters.
 */
import { beforeAll, expect, it } from 'vitest';
import * as b from '../graph/build.ts';
import { makeGraph } from '../graph/graph.ts';
import type { Graph, Value } from '../graph/value.ts';
import type { Kernel, KernelVariant } from '../program/program.ts';
import type { Dim } from '../types/dim.ts';
import { at } from './at.ts';
import { compile } from './compile.ts';
import { type ExplainedVariant, explainProgram } from './explainProgram.ts';
import { type Counted, countedRun } from './testing/countedRun.ts';
import { inputsFor } from './testing/differential.ts';
import { matmul, mlpTrainStep } from './testing/mlp.ts';
import { attention, softmax, withGradients } from './testing/normalisation.ts';
import { softwareDevice } from './testing/softwareDevice.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await softwareDevice();
});

/** The figures that are not what was counted. Loads of products are those of factors alone, so there may be more. */
function wrong({ per, flops, bytes, ...figures }: ExplainedVariant['figures'], counted: Counted): readonly string[] {
  const isProduct = per === 'multiply-add';
  const multiplyAdds = Number(flops.issued) / 2;
  const said = { ...bytes, ...figures, multiplyAdds };
  const found: Partial<Record<keyof typeof said, number>> = {
    moved: counted.moved,
    compulsory: counted.touched,
    workgroupBytes: counted.workgroupBytes,
    barriers: counted.barriers,
    ...(isProduct ? { multiplyAdds: counted.multiplyAdds, workgroupLoads: counted.workgroupLoads / counted.multiplyAdds } : {}),
  };
  const others = Object.entries(found).flatMap(([key, count]) => {
    const figure = Number(Object.entries(said).find(([name]) => name === key)?.[1]);
    return Math.abs(figure - count) <= 1e-9 * count ? [] : [`${key} is ${count}, not ${figure}`];
  });
  const loads = counted.loads / counted.multiplyAdds;
  return isProduct && figures.loads > loads * (1 + 1e-9) ? [...others, `loads is ${loads}, not ${figures.loads}`] : others;
}

/** Of all kernels, in the variants that `pick` takes. */
async function untruths(graph: Graph, pick: (variants: readonly KernelVariant[]) => KernelVariant | undefined, variants: 'chosen' | 'all') {
  const program = compile(graph, { variants });
  const explained = explainProgram(graph.name, program);
  const variantOf = ({ variants }: Kernel): KernelVariant => pick(variants) ?? at(variants, 0);
  const counted = await countedRun(device, program, inputsFor(graph), variantOf);
  return program.kernels.flatMap((kernel, i) => {
    const variant = at(at(explained.kernels, i).variants, kernel.variants.indexOf(variantOf(kernel)));
    return wrong(variant.figures, at(counted, i)).map((line) => `${i + 1}. ${kernel.label}, ${variant.name}: ${line}`);
  });
}

const first = (variants: readonly KernelVariant[]): KernelVariant | undefined => variants[0];
const last = (variants: readonly KernelVariant[]): KernelVariant | undefined => variants.at(-1);

const product = (m: number, n: number, k: number): Graph => {
  const [x, w] = [b.input('x', [m, k], 'f32'), b.input('w', [k, n], 'f32')];
  return makeGraph('product', [x, w], [matmul(x, w)]);
};

it.each([
  ['quadSwap 8x8', 33, 17, 17],
  ['quadDirect 4x16', 33, 17, 17],
  ['quadDirect 16x1', 33, 1, 19],
  ['quadSplit 2x4', 33, 17, 17],
  ['direct 4x4, few lanes', 33, 17, 17],
  ['direct 8x8', 16, 16, 8],
  ['shared 32x32', 33, 17, 17],
  ['split 1x64', 2, 70, 33],
  ['split 4x1', 4, 3, 70],
  ['split 1x1', 1, 1, 300],
] as const)('%s', async (name, m, n, k) => {
  const named = (variants: readonly KernelVariant[]): KernelVariant | undefined => variants.find((variant) => variant.name === name);
  expect(compile(product(m, n, k), { variants: 'all' }).kernels.flatMap(({ variants }) => named(variants)?.name ?? [])).toEqual([name]);
  expect(await untruths(product(m, n, k), named, 'all')).toEqual([]);
});

const of = (shape: readonly Dim[], f: (x: Value) => Value): Graph => {
  const x = b.input('x', shape, 'f32');
  return makeGraph('f', [x], [f(x)]);
};
const heads = (positions: number, width: number) =>
  [
    ['h=2', `q=${positions}`, `d=${width}`],
    ['h=2', `key=${positions}`, `d=${width}`],
    ['h=2', `key=${positions}`, `e=${width}`],
  ] as const;
const attended = (positions: number, width: number, causal = false): Graph => {
  const [q, k, v] = heads(positions, width).map((shape, i) => b.input(`x${i}`, shape, 'f32')) as [Value, Value, Value]; // seam: three shapes
  return makeGraph('attention', [q, k, v], [attention(q, k, v, { scale: 0.25, causal })]);
};
const half = (x: Value, from: number): Value => {
  const [rows = 1, columns = 1] = x.shape.map(Number);
  return b.slice(x, { starts: [from, 0], limits: [from + rows / 2, undefined], strides: [1, 1], shape: [rows / 2, columns] });
};
const padded = (x: Value): Value => b.pad(x, { low: [1, 0], high: [2, 3], interior: [0, 0], value: 0, shape: [15, 8] });

it.each<readonly [name: string, graph: Graph]>([
  ['a map', of([30, 41], b.exp)],
  ['a map in vectors', of([64, 64], b.exp)],
  ['a slice', of([24, 10], (x) => b.exp(half(x, 12)))],
  ['two slices', of([24, 10], (x) => b.mul(half(x, 0), half(x, 12)))],
  ['what is padded', of([12, 5], (x) => b.exp(padded(x)))],
  ['another order', of([6, 7, 8], (x) => b.exp(b.reshape(b.permute(x, [2, 0, 1]), [48, 7])))],
  ['sums of rows', of([30, 401], (x) => b.reduceSum(x, [1]))],
  ['sums of columns', of([512, 64], (x) => b.reduceSum(x, [0]))],
  ['a sum of all', of([70_000], (x) => b.reduceSum(x, [0]))],
  ['softmax', of([30, 401], softmax)],
  ['attention and its gradients', withGradients(heads(21, 5), ([q, k, v]) => attention(q, k, v))],
  ['attention with a mask', attended(64, 8, true)],
  ['the step of a perceptron', mlpTrainStep({ batch: 16, inputs: 24, hidden: 16, classes: 10 }, true)],
])('%s', async (_, graph) => {
  expect(await untruths(graph, first, 'chosen')).toEqual([]);
  expect(await untruths(graph, last, 'chosen')).toEqual([]);
});

it('long rows are swept once', async () => {
  expect(await untruths(attended(600, 8), first, 'chosen')).toEqual([]);
});

it('each figure that is not what was counted is named', async () => {
  const graph = product(5, 6, 7);
  const program = compile(graph);
  const [counted] = await countedRun(device, program, inputsFor(graph), ({ variants }) => at(variants, 0));
  const [kernel] = explainProgram('product', program).kernels;
  if (counted === undefined || kernel === undefined) throw new Error('a kernel is due');
  const { figures } = at(kernel.variants, 0);
  expect(wrong(figures, counted)).toEqual([]);
  for (const key of Object.keys(counted) as (keyof Counted)[]) {
    const factor = key === 'loads' ? 0.5 : 2;
    expect(wrong(figures, { ...counted, [key]: counted[key] * factor + (counted[key] === 0 ? 1 : 0) }), key).not.toEqual([]);
  }
});
