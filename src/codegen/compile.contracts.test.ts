/** Contracts of every orientation and awkward size, in every variant, on the software device, against the evaluator. */
import { beforeAll, describe, expect, it } from 'vitest';
import { vjp } from '../graph/autodiff/vjp.ts';
import * as b from '../graph/build.ts';
import { evaluate } from '../graph/evaluate.ts';
import { makeGraph } from '../graph/graph.ts';
import type { Graph, Value } from '../graph/value.ts';
import { chooseVariant } from '../runtime/planRun.ts';
import type { Dim } from '../types/dim.ts';
import { fuse } from './3-fuse/fuse.ts';
import { emitTiles } from './5-emit/emitContract.ts';
import { directLayout, lineLayout, quadDirectLayout, quadLayout } from './5-emit/tileLayout.ts';
import { at } from './at.ts';
import { compile } from './compile.ts';
import { differenceFromOracle, errorOf, inputsFor } from './testing/differential.ts';
import { addBias, matmul, mlpTrainStep } from './testing/mlp.ts';
import { runProgram } from './testing/runProgram.ts';
import { softwareDevice } from './testing/softwareDevice.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await softwareDevice();
});

const variants = ['quadSwap', 'quadSplit', 'quadDirect', 'direct'] as const;
/** Beyond those that the cost model takes. */
const all = { compile: { variants: 'all' } } as const;
const tolerance = 1e-5;

type Orientation = 'NN' | 'TN' | 'NT' | 'TT';

function product(orientation: Orientation, m: Dim, k: Dim, n: Dim): Graph {
  const left = b.input('a', orientation[0] === 'T' ? [k, m] : [m, k], 'f32');
  const right = b.input('b', orientation[1] === 'T' ? [n, k] : [k, n], 'f32');
  const y = b.contract(left, right, { left: [orientation[0] === 'T' ? 0 : 1], right: [orientation[1] === 'T' ? 1 : 0] });
  return makeGraph(orientation, [left, right], [y]);
}

const sizes = [
  [1, 1, 1],
  [7, 13, 11],
  [31, 37, 29],
  [64, 32, 48],
  [300, 5, 3],
  [3, 200, 1],
  [1, 17, 90],
  [66, 9, 34],
] as const;

describe.each(variants)('%s', (variant) => {
  it.each(sizes)('multiplies %i x %i x %i in all orientations', async (m, k, n) => {
    for (const orientation of ['NN', 'TN', 'NT', 'TT'] as const) {
      expect(
        await differenceFromOracle(device, product(orientation, `m=${m}`, `k=${k}`, `n=${n}`), { variant, ...all }),
        orientation,
      ).toBeLessThan(tolerance);
    }
  });

  it('keeps batches apart and reads through views', async () => {
    const q = b.input('q', [2, 'd=12', 't=5'], 'f32');
    const heads = b.permute(b.reshape(q, [2, 'h=3', 'e=4', 't=5']), [0, 1, 3, 2]);
    const k = b.input('k', [2, 'h=3', 's=7', 'e=4'], 'f32');
    const scores = b.contract(heads, k, { left: [3], right: [3], leftBatch: [0, 1], rightBatch: [0, 1] });
    const wide = b.input('wide', [2, 't=5', 'h=3', 'e=4'], 'f32');
    const merged = b.contract(wide, b.input('w', ['h=3', 'e=4', 'o=6'], 'f32'), { left: [2, 3], right: [0, 1] });
    const stretched = b.contract(b.broadcast(b.input('row', ['e=4'], 'f32'), ['r=3', 'e=4'], [1]), k, { left: [1], right: [3] });
    for (const y of [scores, merged, stretched]) {
      expect(await differenceFromOracle(device, makeGraph('f', inputsOf(y), [y]), { variant, ...all })).toBeLessThan(tolerance);
    }
  });

  it('leaves symbolic sizes open', async () => {
    for (const batch of [1, 5, 37]) {
      const graph = product('NN', 'batch', 'k=19', 'n=10');
      const transposed = product('TN', 'm=19', 'batch', 'n=10');
      const options = { variant, symbols: { batch }, ...all };
      expect(await differenceFromOracle(device, graph, options)).toBeLessThan(tolerance);
      expect(await differenceFromOracle(device, transposed, options)).toBeLessThan(tolerance);
    }
  });

  it('computes a linear layer with its gradients, bias sums riding along', async () => {
    for (const [n, k, o] of [
      [3, 2, 2],
      [33, 17, 21],
      ['batch', 20, 10],
    ] as const) {
      const [dimN, dimK, dimO]: readonly Dim[] = [typeof n === 'number' ? `n=${n}` : n, `k=${k}`, `o=${o}`];
      if (dimN === undefined || dimK === undefined || dimO === undefined) throw new Error('three dims');
      const [x, w, bias, dy] = [
        b.input('x', [dimN, dimK], 'f32'),
        b.input('w', [dimK, dimO], 'f32'),
        b.input('b', [dimO], 'f32'),
        b.input('dy', [dimN, dimO], 'f32'),
      ];
      const y = b.tanh(addBias(matmul(x, w), bias));
      const gradients = vjp([y], [x, w, bias], [dy]).map((gradient) => gradient ?? x);
      const graph = makeGraph('linear', [x, w, bias, dy], [y, ...gradients]);
      expect(await differenceFromOracle(device, graph, { variant, symbols: { batch: 45 }, ...all })).toBeLessThan(tolerance);
    }
  });

  it('lets both factors be summed, at several tiles', async () => {
    const [x, w] = [b.input('x', ['m=70', 'k=6'], 'f32'), b.input('w', ['k=6', 'n=75'], 'f32')];
    const graph = makeGraph('sums', [x, w], [matmul(x, w), b.exp(b.reduceSum(x, [1])), b.reduceSum(w, [0])]);
    const program = compile(graph);
    expect(program.kernels).toHaveLength(1);
    expect(await differenceFromOracle(device, graph, { variant, ...all })).toBeLessThan(tolerance);
  });

  it('trains a perceptron', async () => {
    const graph = mlpTrainStep({ batch: 'batch', inputs: 'in=20', hidden: 'hidden=12', classes: 'class=5' }, true);
    const inputs = inputsFor(graph, { batch: 23 }).map((elements, i) => (i === 1 ? Array.from(elements, (_, row) => row % 5) : elements));
    expect(await differenceFromOracle(device, graph, { variant, symbols: { batch: 23 }, inputs, ...all })).toBeLessThan(tolerance);
  });
});

it('has tiles for few rows and for many where their number is not known, and the runtime takes those that fit', () => {
  const [kernel] = compile(product('NN', 'batch', 'k=256', 'n=256')).kernels;
  if (kernel === undefined) throw new Error('a kernel is due');
  const heightFor = (batch: number, subgroupSize: number | undefined): number => {
    const limits = { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupStorageSize: 16_384, maxStorageBuffersPerShaderStage: 8 };
    const abilities = { limits: limits as GPUSupportedLimits, features: new Set(['subgroups']), subgroupSize };
    return Number(/ (\d+)x/.exec(chooseVariant(kernel, abilities, { batch }).name)?.[1]);
  };
  for (const subgroupSize of [4, undefined]) {
    expect(heightFor(1, subgroupSize)).toBeLessThanOrEqual(16);
    expect(heightFor(4096, subgroupSize)).toBeGreaterThan(heightFor(1, subgroupSize));
  }
});

it.each([
  ['NN', 64, 9],
  ['NT', 35, 12],
  ['TN', 36, 35],
] as const)('is right in every tile shape, exact or not: %s', async (orientation, size, k) => {
  const graph = product(orientation, `m=${size}`, `k=${k}`, `n=${size}`);
  const inputs = inputsFor(graph);
  const [expected = []] = evaluate(graph, inputs);
  const program = compile(graph);
  const { kernels } = fuse(graph, { storageBuffers: 8 });
  const body = kernels[0]?.body;
  if (body?.kind !== 'contract') throw new Error('a contract is due');
  const names = ['t0', 't1', 't2'];
  const bound = names.map((name, tensor) => ({
    tensor,
    name,
    dtype: 'f32' as const,
    shape: program.buffers[tensor] === undefined ? [] : [Number(program.buffers[tensor].elements)],
    access: tensor < 2 ? ('read' as const) : ('read_write' as const),
  }));
  const context = {
    comments: [],
    bound,
    hasSymbols: false,
    halfStorage: 'packed' as const,
    nameOf: (tensor: number) => names[tensor] ?? '',
  };
  const layouts = [
    ...[
      [8, 4],
      [4, 8],
      [2, 1],
      [1, 1],
    ].map(([rows = 1, columns = 1]) => quadLayout({ rows, columns }, body)),
    { ...quadLayout({ rows: 4, columns: 4 }, body), looped: undefined },
    ...[
      [8, 8, 4, 4],
      [4, 2, 8, 8],
      [1, 1, 4, 4],
      [1, 4, 1, 4, 8],
      [4, 1, 4, 1, 8],
      [2, 4, 1, 1, 16],
    ].map(([rows = 1, columns = 1, high = 4, wide = 4, deep = 1]) => directLayout({ rows, columns, high, wide, deep }, body)),
    ...[
      [1, 4, 1, 1, 4],
      [4, 2, 1, 1, 4],
      [1, 1, 1, 1, 4],
      [8, 8, 2, 2, 1],
      [4, 16, 1, 4, 1],
      [1, 8, 1, 4, 1],
      [8, 2, 4, 1, 1],
    ].map(([rows = 1, columns = 1, high = 1, wide = 1, deep = 1]) => quadDirectLayout({ rows, columns, high, wide, deep }, body)),
    // a lane is a lane: what needs no subgroup of eight gives the right numbers in quads
    ...[
      [16, 2, 1, 8],
      [2, 16, 8, 1],
      [1, 1, 1, 8],
    ].map(([rows = 1, columns = 1, high = 1, wide = 1]) => lineLayout({ rows, columns, high, wide, deep: 1 }, body)),
  ];
  for (const layout of layouts) {
    const kernel = { ...at(program.kernels, 0), variants: [emitTiles(body, context, layout)] };
    const [got = []] = await runProgram(device, { ...program, kernels: [kernel] }, inputs);
    expect(errorOf(got, expected), `${layout.design} ${layout.height}x${layout.width} at ${size}`).toBeLessThan(tolerance);
  }
});

describe('where lanes share a row or a column, each loads one of four steps', () => {
  it.each([
    ['NN', 1, 1024, 64],
    ['TN', 2, 30, 52],
    ['NN', 2, 67, 61],
    ['TN', 61, 19, 1],
    ['TN', 64, 40, 2],
  ] as const)('%s %i x %i x %i', async (orientation, m, k, n) => {
    const graph = product(orientation, `m=${m}`, `k=${k}`, `n=${n}`);
    const text = at(at(compile(graph).kernels, 0).variants, 0);
    expect(text.name).toMatch(/^quadDirect/);
    expect(text.wgsl).toContain('step_{u}');
    expect(await differenceFromOracle(device, graph)).toBeLessThan(tolerance);
  });

  it('also what is masked or computed, with sums that ride along', async () => {
    const [x, w] = [b.input('x', ['k=37', 'm=2'], 'f32'), b.input('w', ['k=37', 'n=40'], 'f32')];
    const y = b.contract(b.exp(x), b.pad(w, { low: [0, 4], high: [0, 2], interior: [0, 0], value: 0, shape: ['k=37', 46] }), {
      left: [0],
      right: [0],
    });
    const graph = makeGraph('masked', [x, w], [y, b.reduceSum(w, [0])]);
    expect(await differenceFromOracle(device, graph, { variant: 'quadDirect', ...all })).toBeLessThan(tolerance);
  });
});

it('variants for subgroups of eight are asked for, or chosen by measurement: modules built ahead have none', () => {
  const graph = product('NN', 'm=64', 'k=64', 'n=64');
  const names = (options: Parameters<typeof compile>[1]) => at(compile(graph, options).kernels, 0).variants.map(({ name }) => name);
  expect(names({})).not.toContainEqual(expect.stringMatching(/^line/));
  expect(names({ lines: true })).toHaveLength(names({}).length + 1);
  expect(names({ lines: true })).toContainEqual(expect.stringMatching(/^lineAcross/));
  const choices = { adapter: 'one', tiles: new Map([['f32 NN 1x64x64x64', 'lineDown 8x8']]) };
  expect(names({ choices })).toContain('lineDown 8x8');
});

it('every index of a load has a range that Dawn can prove, where tiles divide all sizes and where they do not', () => {
  for (const graph of [
    product('NN', 'm=64', 'k=64', 'n=64'),
    product('TN', 'm=1', 'k=512', 'n=512'),
    product('NT', 'm=61', 'k=128', 'n=67'),
  ]) {
    for (const { variants } of compile(graph, { variants: 'all' }).kernels) {
      for (const { name, wgsl } of variants.filter((one) => /^quad/.test(one.name))) {
        // loops count by ones, and what is past the end is a remainder
        expect(
          [...wgsl.matchAll(/for \(var (?:turn|k) [^)]*; (.*?)\) \{/g)].map(([, step]) => step),
          name,
        ).not.toContainEqual(expect.stringMatching(/\+=/));
        expect(wgsl, name).not.toMatch(/let [mn]\S* = min\(/);
      }
    }
  }
});

it.each([
  [64, 1],
  [64, 2],
  [61, 3],
])('a quad swaps nothing where sums are tiny: %i columns, %i steps', async (n, k) => {
  const [x, w, bias] = [b.input('x', [67, k], 'f32'), b.input('w', [k, n], 'f32'), b.input('bias', [n], 'f32')];
  const graph = makeGraph('linear', [x, w, bias], [addBias(matmul(x, w), bias)]);
  expect(compile(graph).kernels[0]?.variants[0]?.name).toMatch(/^quadDirect/);
  expect(await differenceFromOracle(device, graph)).toBeLessThan(tolerance);
  const dy = b.input('dy', [k, n], 'f32');
  const left = b.input('x', [k, 67], 'f32');
  const gradients = makeGraph('gradients', [left, dy], [b.contract(left, dy, { left: [0], right: [0] }), b.reduceSum(dy, [0])]);
  const { kernels } = compile(gradients);
  expect(kernels[0]?.variants[0]?.name).toMatch(/^quadDirect/);
  expect(kernels).toHaveLength(k === 1 ? 2 : 1); // the sum rides along
  expect(await differenceFromOracle(device, gradients)).toBeLessThan(tolerance);
  expect(compile(product('NN', 'm=512', 'k=64', 'n=512')).kernels[0]?.variants[0]?.name).toMatch(/^quadSwap/);
});

function inputsOf(value: Value): readonly Value[] {
  return [...new Set(value.operands.length === 0 ? [value] : value.operands.flatMap(inputsOf))];
}
