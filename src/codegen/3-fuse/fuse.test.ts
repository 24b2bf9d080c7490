import { describe, expect, it } from 'vitest';
import { vjp } from '../../graph/autodiff/vjp.ts';
import * as b from '../../graph/build.ts';
import { makeGraph } from '../../graph/graph.ts';
import type { Value } from '../../graph/value.ts';
import { simplify } from '../2-simplify/simplify.ts';
import { addBias, matmul, mlpTrainStep, mnistSizes } from '../testing/mlp.ts';
import { fuse } from './fuse.ts';
import type { FusedGraph } from './kernel.ts';
import { printFused, printKernel } from './printKernel.ts';

const fused = (inputs: readonly Value[], outputs: readonly Value[], storageBuffers = 8): FusedGraph =>
  fuse(simplify(makeGraph('f', inputs, outputs)), { storageBuffers });
const kinds = (graph: FusedGraph): readonly string[] => graph.kernels.map((kernel) => printKernel(kernel).split('\n')[0] ?? '');

const x = b.input('x', ['n=3', 'in=2'], 'f32');
const w = b.input('w', ['in=2', 'out=4'], 'f32');
const bias = b.input('b', ['out=4'], 'f32');
const dy = b.input('dy', ['n=3', 'out=4'], 'f32');

describe('fuse', () => {
  it('computes a linear layer and its gradients in three kernels, with no transpose', () => {
    const y = addBias(matmul(x, w), bias);
    const gradients = vjp([y], [x, w, bias], [dy]).map((gradient) => gradient ?? x);
    const graph = fused([x, w, bias, dy], [y, ...gradients]);
    expect(graph.kernels.map(printKernel).join('\n')).toBe(
      [
        'contract b < 1, m < 3, n < 4, k < 2',
        '  v1 = sum over k of t0[k + m * 2] * t1[k * 4 + n]',
        '  v2 = t2[n]',
        '  v3 = add v1, v2',
        '  t4[m * 4 + n] = v3',
        'contract b < 1, m < 3, n < 2, k < 4',
        '  v1 = sum over k of t3[k + m * 4] * t1[k + n * 4]',
        '  t5[m * 2 + n] = v1',
        'contract b < 1, m < 2, n < 4, k < 3',
        '  v2 = sum over k of t0[k * 2 + m] * t3[k * 4 + n]',
        '  t6[m * 4 + n] = v2',
        '  v1 = sum over k of t3[k * 4 + n]',
        '  t7[n] = v1',
      ].join('\n'),
    );
  });

  it('lets the sum of a constant cotangent ride along, too', () => {
    const y = addBias(matmul(x, w), bias);
    const gradients = vjp([y], [x, w, bias], [b.constantLike(y, 1)]).map((gradient) => gradient ?? x);
    expect(fused([x, w, bias], [y, ...gradients]).kernels).toHaveLength(3);
  });

  it('never stores a mask: it is computed again in the epilogue that needs it', () => {
    const hidden = b.relu(matmul(x, w));
    const v = b.input('v', ['out=4', 'o=5'], 'f32');
    const dOut = b.input('d', ['n=3', 'o=5'], 'f32');
    const out = matmul(hidden, v);
    const gradients = vjp([out], [x, w, v], [dOut]).map((gradient) => gradient ?? x);
    const graph = fused([x, w, v, dOut], [out, ...gradients]);
    expect(graph.kernels).toHaveLength(6);
    expect(graph.tensors.every(({ dtype }) => dtype === 'f32')).toBe(true);
    expect(graph.kernels.map(printKernel).find((text) => text.includes('select'))).toContain('compare gt');
  });

  it('stores of a gated layer its products and what they multiply: the gate is computed again from them', () => {
    const down = b.input('down', ['out=4', 'in=2'], 'f32');
    const up = b.input('up', ['in=2', 'out=4'], 'f32');
    const gate = matmul(x, w);
    const hidden = b.mul(b.mul(gate, b.sigmoid(gate)), matmul(x, up));
    const y = matmul(hidden, down);
    const cotangent = b.input('c', ['n=3', 'in=2'], 'f32');
    const gradients = vjp([y], [w, up, down], [cotangent]).map((gradient) => gradient ?? x);
    const graph = fused([x, w, up, down, cotangent], [y, ...gradients]);
    expect(graph.kernels).toHaveLength(7);
    const stored = graph.tensors.filter((_, number) => !graph.inputs.includes(number) && !graph.outputs.includes(number));
    // The two products, the hidden layer, and the two gradients that the weights' products read.
    expect(stored).toHaveLength(5);
  });

  it('makes softmax one kernel, forward and backward', () => {
    const along = (row: Value): Value => b.broadcast(b.reshape(row, ['n=3', 1]), dy.shape, [0, 1]);
    const exponent = b.exp(b.sub(dy, along(b.stopGradient(b.reduceMax(dy, [1])))));
    const y = b.div(exponent, along(b.reduceSum(exponent, [1])));
    const cotangent = b.input('c', dy.shape, 'f32');
    expect(kinds(fused([dy], [y]))).toEqual(['rows i < 3, r < 4']);
    const [gradient = y] = vjp([y], [dy], [cotangent]);
    expect(kinds(fused([dy, cotangent], [gradient]))).toEqual(['rows i < 3, r < 4']);
    expect(kinds(fused([dy, cotangent], [y, gradient]))).toEqual(['rows i < 3, r < 4']);
  });

  it('prints stages in order', () => {
    const y = b.sub(x, b.broadcast(b.reduceMax(b.exp(x), [1]), x.shape, [0]));
    expect(printFused(fused([x], [y]))).toBe(
      [
        't0: f32[n=3, in=2] input',
        't1: f32[n=3, in=2] output',
        'rows i < 3, r < 2',
        '  for r',
        '    v1 = t0[i * 2 + r]',
        '    v2 = exp v1',
        '    v3 = max of v2',
        '  for r',
        '    v4 = t0[i * 2 + r]',
        '    v5 = sub v4, v3',
        '    t1[i * 2 + r] = v5',
      ].join('\n'),
    );
  });

  it.each([
    ['SGD', false, 8, 5],
    ['SGD with momentum, ten buffers a kernel', true, 10, 5],
    ['SGD with momentum, eight buffers a kernel', true, 8, 7],
  ] as const)('runs the train step of a perceptron: %s', (_, momentum, storageBuffers, kernels) => {
    const graph = fuse(simplify(mlpTrainStep(mnistSizes, momentum)), { storageBuffers });
    expect(graph.kernels).toHaveLength(kernels);
    for (const { loads, stores } of graph.kernels) expect(new Set([...loads, ...stores]).size).toBeLessThanOrEqual(storageBuffers);
  });

  it('cuts what binds too many buffers', () => {
    const terms = Array.from({ length: 30 }, (_, i) => b.input(`a${i}`, [5], 'f32'));
    const graph = fused(terms, [terms.reduce((sum, term) => b.add(sum, term))]);
    expect(graph.kernels.length).toBeGreaterThanOrEqual(4);
    expect(graph.kernels.length).toBeLessThanOrEqual(8);
  });

  it.each([4, 8])('cuts trees of values that no kernel computes for itself, to %i buffers', (storageBuffers) => {
    const leaves = Array.from({ length: 32 }, (_, i) => b.input(`a${i}`, [5], 'f32'));
    let level: readonly Value[] = leaves.map((leaf) => b.exp(leaf));
    while (level.length > 1) level = level.flatMap((left, i) => (i % 2 === 0 ? [b.add(left, level[i + 1] ?? left)] : []));
    const graph = fused(leaves, level, storageBuffers);
    for (const { loads, stores } of graph.kernels) expect(loads.length + stores.length).toBeLessThanOrEqual(storageBuffers);
  });

  it('copies outputs that are inputs, views or twice the same', () => {
    const graph = fused([x], [x, b.permute(x, [1, 0]), b.exp(x), b.exp(x), b.constant(2, [3], 'f32')]);
    expect(new Set(graph.outputs).size).toBe(5);
    expect(graph.outputs.some((output) => graph.inputs.includes(output))).toBe(false);
  });

  it('reads transposed and split operands in place', () => {
    const q = b.input('q', ['t=5', 'd=6'], 'f32');
    const k = b.input('k', ['s=4', 'd=6'], 'f32');
    const split = (value: Value, axis: string): Value => b.permute(b.reshape(value, [axis, 'h=2', 'e=3']), [1, 0, 2]);
    const scores = b.contract(split(q, 't=5'), split(k, 's=4'), { left: [2], right: [2], leftBatch: [0], rightBatch: [0] });
    expect(fused([q, k], [scores]).kernels.map(printKernel).join('\n')).toContain('t0[b * 3 + k + m * 6] * t1[b * 3 + k + n * 6]');
  });
});
