/** Softmax, norms and cross-entropy are single row kernels, forward, backward and both at once; sums over rows are one more. */
import { beforeAll, describe, expect, it } from 'vitest';
import { vjp } from '../graph/autodiff/vjp.ts';
import * as b from '../graph/build.ts';
import { makeGraph } from '../graph/graph.ts';
import type { Graph } from '../graph/value.ts';
import type { Dim } from '../types/dim.ts';
import { compile } from './compile.ts';
import { differenceFromOracle, inputsFor } from './testing/differential.ts';
import { addBias, crossEntropy, matmul } from './testing/mlp.ts';
import { gradientsOnly, layerNorm, rmsNorm, softmax, withGradients } from './testing/normalisation.ts';
import { softwareDevice } from './testing/softwareDevice.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await softwareDevice();
});

const kinds = (graph: Graph): readonly string[] => compile(graph).kernels.map(({ label }) => label.split(' ')[0] ?? '');
const cases: readonly (readonly [string, Graph, number])[] = [
  ['softmax', withGradients([['n=37', 'c=70']], ([x]) => softmax(x)), 1],
  ['layer norm', withGradients([['n=37', 'c=70'], ['c=70'], ['c=70']], ([x, gamma, beta]) => layerNorm(x, gamma, beta)), 2],
  ['layer norm over images', withGradients([['n=3', 'h=5', 'c=7'], ['c=7'], ['c=7']], ([x, g, beta]) => layerNorm(x, g, beta)), 2],
  ['RMS norm', withGradients([['n=37', 'c=70'], ['c=70']], ([x, gamma]) => rmsNorm(x, gamma)), 2],
];

describe.each(cases)('%s', (_, graph, backward) => {
  it('is a row kernel forward, and few with its gradients', () => {
    expect(kinds(makeGraph('forward', graph.inputs, graph.outputs.slice(0, 1)))).toEqual(['rows']);
    expect(kinds(graph)).toEqual(Array.from({ length: backward }, () => 'rows'));
    expect(kinds(gradientsOnly(graph))).toEqual(Array.from({ length: backward }, () => 'rows'));
  });

  it('is right', async () => {
    expect(await differenceFromOracle(device, graph)).toBeLessThan(1e-5);
    expect(await differenceFromOracle(device, gradientsOnly(graph))).toBeLessThan(1e-5);
  });
});

describe('cross-entropy', () => {
  const logits = b.input('logits', ['n=37', 'c=10'], 'f32');
  const labels = b.input('labels', ['n=37'], 'i32');
  const loss = crossEntropy(logits, labels, 37);
  const [gradient = loss] = vjp([loss], [logits], [b.constant(1, [], 'f32')]);

  it.each([
    ['backward', [gradient], 1],
    ['both', [loss, gradient], 2], // the mean over the batch is a kernel of its own
  ] as const)('is one row kernel: %s', async (_, outputs, count) => {
    const graph = makeGraph('loss', [logits, labels], outputs);
    expect(kinds(graph)).toEqual(Array.from({ length: count }, () => 'rows'));
    const inputs = inputsFor(graph).map((elements, i) => (i === 0 ? elements : Array.from(elements, (_, row) => row % 10)));
    expect(await differenceFromOracle(device, graph, { inputs })).toBeLessThan(1e-5);
  });
});

describe('the gradient before an activation', () => {
  const backwardOf = (n: Dim, i: Dim, o: Dim): Graph => {
    const [x, w, bias] = [b.input('x', [n, i], 'f32'), b.input('w', [i, o], 'f32'), b.input('b', [o], 'f32')];
    const y = b.relu(addBias(matmul(x, w), bias));
    const dy = b.input('dy', y.shape, 'f32');
    const saved = b.input('y', y.shape, 'f32');
    // what the backward program of a compiled layer is given: y, not x w + b
    const dz = b.select(b.compare(saved, b.constantLike(y, 0), 'gt'), dy, b.constantLike(y, 0));
    const gradients = vjp([addBias(matmul(x, w), bias)], [x, w, bias], [dz]).map((gradient) => gradient ?? dy);
    return makeGraph('backward', [x, w, saved, dy], gradients);
  };

  it('is computed where two small products load it, and stored for large ones', async () => {
    expect(kinds(backwardOf('n=32', 'i=16', 'o=8'))).toEqual(['contract', 'contract']);
    expect(kinds(backwardOf('n=128', 'i=512', 'o=128'))).toEqual(['map', 'contract', 'contract']);
    for (const variant of ['quadSwap', 'direct'])
      expect(await differenceFromOracle(device, backwardOf('n=33', 'i=17', 'o=9'), { variant })).toBeLessThan(1e-5);
  });
});

describe('rows that are loaded 16 elements at once, on devices of four-lane subgroups', () => {
  const graph = withGradients([['n=67', 'c=64'], ['c=64'], ['c=64']], ([x, gamma, beta]) => layerNorm(softmax(x), gamma, beta));

  it('are computed and stored so, and elsewhere by vectors at most', async () => {
    const wide = compile(graph).kernels.flatMap(({ variants }) => variants.filter(({ wgsl }) => wgsl.includes('array<array<f32, 16>')));
    expect(wide.length).toBeGreaterThan(0);
    expect(wide.map(({ requires }) => requires.subgroupSize)).toEqual(wide.map(() => 4));
    expect(await differenceFromOracle(device, graph, { variant: 'invocation' })).toBeLessThan(1e-5);
  });

  it.each([5, 67] as const)('have their maximum, and NaN where an element is: %i rows', async (rows) => {
    const x = b.input('x', [rows, 48], 'f32');
    const largest = makeGraph('largest', [x], [b.reduceMax(x, [1])]);
    const elements = Array.from(inputsFor(largest)[0] ?? []);
    for (const place of [0, 48 + 17, 2 * 48 + 47]) elements[place] = Number.NaN;
    for (const variant of ['quad', 'invocation']) {
      expect(await differenceFromOracle(device, largest, { variant, inputs: [elements] })).toBeLessThan(1e-6);
    }
  });
});

describe('loops over rows', () => {
  const reduced = (shape: readonly number[], axis: number, kind: typeof b.reduceMax): Graph => {
    const x = b.input('x', shape, 'f32');
    return makeGraph('reduced', [x], [kind(x, [axis])]);
  };

  it.each([
    ['rows', reduced([4096, 256], 1, b.reduceSum)],
    ['columns', reduced([256, 1024], 0, b.reduceMax)],
    ['a middle axis', reduced([64, 256, 64], 1, b.reduceSum)],
    ['columns that fill no workgroup', reduced([256, 1036], 0, b.reduceSum)],
    ['a few rows', reduced([16, 4096], 1, b.reduceSum)],
  ])('read at places that Dawn can prove to be in range: %s', (_, graph) => {
    for (const { wgsl } of compile(graph).kernels.flatMap(({ variants }) => variants.slice(0, 1))) {
      const loops = [...wgsl.matchAll(/for \(var .*\{/g)].map(([head]) => head);
      expect(loops).not.toEqual([]);
      for (const head of loops) expect(head).toMatch(/for \(var turn = 0u; turn < \d+u; turn\+\+\) \{/);
      expect(wgsl).toMatch(/let i4? = .* % \d+u;/);
    }
  });

  it.each([
    ['rows', [70, 48], 1, ['invocation', 'workgroup']],
    ['columns', [37, 132], 0, ['invocation', 'workgroup']],
    ['long rows', [3, 1024], 1, ['quad', 'workgroup']],
  ] as const)('find infinities and NaN, wherever they stand: %s', async (_, shape, axis, variants) => {
    const graph = reduced(shape, axis, b.reduceMax);
    const elements = Array.from(inputsFor(graph)[0] ?? []);
    const [rows, columns] = shape;
    const put = (row: number, column: number, value: number): void => {
      elements[row * columns + column] = value;
    };
    put(0, 0, Number.NaN);
    put(1, columns - 1, Number.NaN);
    put(rows - 1, 3, Number.POSITIVE_INFINITY);
    put(2, 2, Number.NaN);
    put(2, 5, Number.POSITIVE_INFINITY);
    for (let i = 0; i < rows; i++) put(i, 1, Number.NEGATIVE_INFINITY);
    for (const variant of variants)
      expect(await differenceFromOracle(device, graph, { variant, inputs: [elements] }), variant).toBeLessThan(1e-6);
  });
});
