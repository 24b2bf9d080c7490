/** Elements side by side are taken four or 16 at a time, by every schedule of row kernels, and only where they are side by side. */
import { beforeAll, expect, it } from 'vitest';
import * as b from '../graph/build.ts';
import { makeGraph } from '../graph/graph.ts';
import type { Graph, Value } from '../graph/value.ts';
import type { Dim } from '../types/dim.ts';
import { compile } from './compile.ts';
import { differenceFromOracle } from './testing/differential.ts';
import { softmax } from './testing/normalisation.ts';
import { softwareDevice } from './testing/softwareDevice.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await softwareDevice();
});

function graphOf(shapes: readonly (readonly Dim[])[], f: (...inputs: Value[]) => Value): Graph {
  const inputs = shapes.map((shape, i) => b.input(`x${i}`, shape, 'f32'));
  return makeGraph('f', inputs, [f(...inputs)]);
}

const bias = (x: Value, y: Value): Value => b.add(x, b.broadcast(y, x.shape, [1]));
/** The kernel's tensors that are bound as vectors, by their place; of arrays of 16, with that. */
const vectors = (graph: Graph): string =>
  compile(graph)
    .kernels.map(({ variants }) =>
      [...(variants[0]?.wgsl ?? '').matchAll(/> (\w+): array<(vec4|array)/g)]
        .map(([, name, type]) => (type === 'vec4' ? name : `${name}:16`))
        .join(' '),
    )
    .join(', ');

it.each([
  ['a map', graphOf([[4, 3]], (x) => b.relu(x)), 'read0 write0'],
  ['a map whose size is not a multiple of 4', graphOf([[5, 3]], (x) => b.relu(x)), ''],
  ['a map with a bias', graphOf([[6, 8], [8]], bias), 'read0 read1 write0'],
  ['a map with a bias of an odd width', graphOf([[8, 6], [6]], bias), 'read0 write0'],
  ['a map with a value a row', graphOf([[6, 8], [6]], (x, y) => b.mul(x, b.broadcast(y, x.shape, [0]))), 'read0 write0'],
  ['a map of a transpose', graphOf([[8, 12]], (x) => b.relu(b.permute(x, [1, 0]))), 'write0'],
  ['a map of a tensor and its transpose', graphOf([[8, 8]], (x) => b.add(x, b.permute(x, [1, 0]))), 'write0'],
  ['a map over a symbolic batch', graphOf([['n', 8]], (x) => b.relu(x)), 'read0 write0'],
  ['a map that chooses', graphOf([[4, 4]], (x) => b.select(b.compare(x, b.neg(x), 'gt'), x, b.mul(x, x))), 'read0 write0'],
  ['sums of rows', graphOf([[5, 64]], (x) => b.reduceSum(x, [1])), 'read0:16'],
  ['sums of rows that 4 divides, and 16 does not', graphOf([[5, 68]], (x) => b.reduceSum(x, [1])), 'read0'],
  ['sums of many rows', graphOf([[4100, 48]], (x) => b.reduceSum(x, [1])), 'read0:16'],
  ['a softmax of wide rows', graphOf([[6, 64]], (x) => softmax(x)), 'read0:16 write0:16'],
  ['sums of rows of an odd length', graphOf([[5, 63]], (x) => b.reduceSum(x, [1])), ''],
  ['sums of a few long rows', graphOf([[2, 4100]], (x) => b.reduceSum(x, [1])), 'read0'],
  ['sums of columns', graphOf([[37, 128]], (x) => b.reduceSum(x, [0])), 'read0 write0'],
  ['sums of an odd number of columns', graphOf([[40, 129]], (x) => b.reduceSum(x, [0])), ''],
  ['sums over a middle axis', graphOf([[4, 40, 64]], (x) => b.reduceSum(x, [1])), 'read0 write0'],
  ['a maximum', graphOf([[40, 132]], (x) => b.reduceMax(x, [0])), 'read0 write0'],
  ['a softmax', graphOf([[6, 68]], (x) => softmax(x)), 'read0 write0'],
  ['a softmax over columns', graphOf([[12, 128]], (x) => b.permute(softmax(b.permute(x, [1, 0])), [1, 0])), 'read0, write0'],
  ['a softmax over a symbolic width', graphOf([[6, 'n']], (x) => softmax(x)), ''],
] as const)('%s', async (_, graph, expected) => {
  expect(vectors(graph)).toBe(expected);
  for (const variant of ['map', 'invocation', 'quad', 'workgroup']) {
    if (!compile(graph).kernels.some(({ variants }) => variants.some(({ name }) => name.startsWith(variant)))) continue;
    expect(await differenceFromOracle(device, graph, { variant, symbols: { n: 5 } })).toBeLessThan(1e-5);
  }
});

it('binds conditions as vectors, too', async () => {
  const x = b.input('x', [3, 4], 'bool');
  const graph = makeGraph('f', [x], [b.select(x, b.constantLike(b.cast(x, 'f32'), 2), b.cast(x, 'f32'))]);
  expect(vectors(graph)).toBe('read0 write0');
  expect(await differenceFromOracle(device, graph)).toBe(0);
});
