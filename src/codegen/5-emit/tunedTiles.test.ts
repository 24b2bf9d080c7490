/** Stored choices decide which tiles are emitted, where they fit; the cost model decides elsewhere. */
import { expect, test } from 'vitest';
import * as b from '../../graph/build.ts';
import { makeGraph } from '../../graph/graph.ts';
import type { Graph } from '../../graph/value.ts';
import { type Choices, keyAt } from '../../program/choices.ts';
import type { KernelVariant, Program } from '../../program/program.ts';
import { chooseVariant, type DeviceAbilities } from '../../runtime/planRun.ts';
import type { Dim } from '../../types/dim.ts';
import { compile } from '../compile.ts';
import { addBias, matmul } from '../testing/mlp.ts';

function product(m: Dim, n: Dim, k: Dim, hasBias = false): Graph {
  const [x, w, bias] = [b.input('x', [m, k], 'f32'), b.input('w', [k, n], 'f32'), b.input('bias', [n], 'f32')];
  const y = matmul(x, w);
  return hasBias ? makeGraph('linear', [x, w, bias], [addBias(y, bias)]) : makeGraph('product', [x, w], [y]);
}

const choose = (tiles: Readonly<Record<string, string>>): Choices => ({ adapter: 'a test', tiles: new Map(Object.entries(tiles)) });
const variantsOf = (program: Program): readonly KernelVariant[] => program.kernels.flatMap(({ variants }) => variants);
const names = (program: Program): readonly string[] => variantsOf(program).map(({ name }) => name);
const keysOf = (graph: Graph): readonly string[] => variantsOf(compile(graph, { variants: 'all' }))[0]?.choiceKeys ?? [];

test('a key says dtype, orientation, sizes and what follows, and no names', () => {
  expect(keysOf(product(64, 32, 16))).toEqual(['f32 NN 1x64x32x16']);
  expect(keysOf(product('n=64', 'out=32', 'in=16', true))).toEqual(['f32 NN 1x64x32x16 short']);
  expect(keysOf(product('batch', 32, 16))).toEqual(['f32 NN 1x*x32x16']);
  expect(keysOf(product('tokens', 32, 16))).toEqual(keysOf(product('batch', 32, 16)));
});

test('a stored choice changes the emitted variant, says so, and leaves other kinds of device alone', () => {
  const [graph, key] = [product(256, 256, 256), 'f32 NN 1x256x256x256'];
  const [quad, shared] = names(compile(graph));
  expect(quad).not.toBe('quadSwap 8x16');
  const tuned = compile(graph, { choices: choose({ [key]: 'quadSwap 8x16' }) });
  expect(names(tuned)).toEqual(['quadSwap 8x16', shared]);
  expect(variantsOf(tuned).map(({ choiceKeys }) => choiceKeys)).toEqual([[key], undefined]);
  expect(names(compile(graph, { choices: choose({ [key]: 'direct 16x16, few lanes' }) }))).toEqual([quad, 'direct 16x16, few lanes']);
});

test('what is no tile, or none of this kernel, is no choice', () => {
  const key = 'f32 NN 1x256x256x256';
  const plain = compile(product(256, 256, 256));
  for (const tile of ['quadSwap 1000x1000', 'quadSwap', '', 'shared 64x64x64'])
    expect(compile(product(256, 256, 256), { choices: choose({ [key]: tile }) })).toEqual(plain);
  expect(compile(product(256, 256, 256), { choices: choose({ 'f32 NT 1x256x256x256': 'quadSwap 8x16' }) })).toEqual(plain);
});

const software: DeviceAbilities = {
  // seam: of the limits, those that a choice asks for
  limits: { maxComputeWorkgroupStorageSize: 16_384, maxComputeInvocationsPerWorkgroup: 256 } as GPUSupportedLimits,
  features: new Set(['subgroups']),
  subgroupSize: 4,
};

function chosenAt(program: Program, batch: number): string | undefined {
  const [kernel] = program.kernels;
  return kernel && chooseVariant(kernel, software, { batch }).name;
}

test.each([
  ['quadSwap 4x4', 'quadSwap 32x16'],
  // against the model, which has the larger tile for the larger size
  ['quadSwap 16x16', 'quadSwap 16x8'],
  ['quadSwap 8x32', 'quadSwap 8x32'],
])('with symbolic sizes, the runtime takes what was fastest at each size: %s, then %s', (small, large) => {
  const key = 'f32 NN 1x*x256x256';
  const program = compile(product('batch', 256, 256), {
    choices: choose({ [keyAt(key, 8)]: small, [keyAt(key, 1024)]: large, [keyAt(key, 2)]: small, [keyAt(key, 512)]: large }),
  });
  const picked = [chosenAt(program, 8), chosenAt(program, 1024)];
  // where no scale makes the model agree, the larger sizes decide
  expect([
    [small, large],
    [large, large],
  ]).toContainEqual(picked);
  expect(picked[1]).toBe(large);
});

test('the small tile stays where only large sizes were measured', () => {
  const graph = product('batch', 256, 256);
  const program = compile(graph, { choices: choose({ [keyAt('f32 NN 1x*x256x256', 512)]: 'quadSwap 32x16' }) });
  expect([chosenAt(program, 2), chosenAt(program, 512)]).toEqual([chosenAt(compile(graph), 2), 'quadSwap 32x16']);
});
