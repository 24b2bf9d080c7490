/** Tuning without a clock: what is measured, in which order, and what becomes of it. */
import { expect, test } from 'vitest';
import { compile } from '../codegen/compile.ts';
import { matmul } from '../codegen/testing/mlp.ts';
import * as b from '../graph/build.ts';
import { makeGraph } from '../graph/graph.ts';
import type { Choices } from '../program/choices.ts';
import type { Program } from '../program/program.ts';
import type { DeviceAbilities } from '../runtime/planRun.ts';
import type { Dim } from '../types/dim.ts';
import { type Measure, type RaceResult, rivals, tileOf } from './raceVariants.ts';
import { type Finding, tune } from './tune.ts';

function program(m: Dim, n: Dim, k: Dim): Program {
  const [x, w] = [b.input('x', [m, k], 'f32'), b.input('w', [k, n], 'f32')];
  return compile(makeGraph('product', [x, w], [matmul(x, w)]), { variants: 'all' });
}

const device: DeviceAbilities = {
  // seam: of the limits, those that a choice asks for
  limits: { maxComputeWorkgroupStorageSize: 16_384, maxComputeInvocationsPerWorkgroup: 256 } as GPUSupportedLimits,
  features: new Set(['subgroups']),
  subgroupSize: 4,
};
const nothing: Choices = { adapter: 'a test', tiles: new Map() };

/** The last variant takes half of what the first does. */
function lastIsBest(task: Parameters<Measure>[0]): RaceResult {
  const names = rivals(task, device).map(tileOf);
  return { best: { tile: names.at(-1) ?? '', milliseconds: 1 }, model: { tile: names[0] ?? '', milliseconds: 2 }, excluded: [] };
}

async function run(programs: readonly Program[], measure: Measure, known = nothing, sizes: readonly number[] = [2, 512]) {
  const findings: Finding[] = [];
  const tuned = tune(programs, { known, sizes, device, measure, onFinding: (finding) => findings.push(finding) });
  return { findings, tuned };
}

test('each product is measured once, by its sizes, and for each size that a symbolic axis is given', async () => {
  const asked: unknown[] = [];
  const { tuned } = await run([program(64, 32, 16), program('n=64', 'out=32', 'in=16'), program('batch', 32, 16)], async (task) => {
    asked.push(task.symbols);
    return lastIsBest(task);
  });
  expect([...(await tuned).tiles.keys()]).toEqual(['f32 NN 1x64x32x16', 'f32 NN 1x*x32x16 at 2', 'f32 NN 1x*x32x16 at 512']);
  expect(asked).toEqual([{}, { batch: 2 }, { batch: 512 }]);
});

test('what was measured fastest is what the compiler then emits', async () => {
  const { tuned } = await run([program(64, 32, 16)], async (task) => lastIsBest(task));
  const choices = await tuned;
  const [x, w] = [b.input('x', [64, 16], 'f32'), b.input('w', [16, 32], 'f32')];
  const graph = makeGraph('product', [x, w], [matmul(x, w)]);
  const first = (options: Parameters<typeof compile>[1]): string | undefined => compile(graph, options).kernels[0]?.variants[0]?.name;
  expect(first({ choices })).toBe(choices.tiles.get('f32 NN 1x64x32x16'));
  expect(first({ choices })).not.toBe(first({}));
});

test('only variants for this kind of device race, the cost model’s choice first', async () => {
  const [kernel] = program('batch', 256, 256).kernels;
  if (kernel === undefined) throw new Error('no kernel');
  const whole = program('batch', 256, 256);
  const at = (batch: number) => rivals({ program: whole, kernel, symbols: { batch } }, device).map(tileOf);
  expect(at(512).every((name) => name.startsWith('quad'))).toBe(true);
  expect(at(512).length).toBeGreaterThan(4);
  expect(at(1)[0]).not.toBe(at(512)[0]);
});

test('what is known is not measured again', async () => {
  const known: Choices = { adapter: 'a test', tiles: new Map([['f32 NN 1x64x32x16', 'quadSwap 4x4']]) };
  const { tuned, findings } = await run([program(64, 32, 16)], () => Promise.reject(new Error('measured')), known);
  expect([...(await tuned).tiles]).toEqual([...known.tiles]);
  expect(findings).toEqual([]);
});

test('an interrupted run has handed out what was finished', async () => {
  const { tuned, findings } = await run([program(64, 32, 16), program(32, 32, 32)], async (task) => {
    if (task.program.inputs[0]?.shape[0] === 32) throw new Error('interrupted');
    return lastIsBest(task);
  });
  await expect(tuned).rejects.toThrow('interrupted');
  expect(findings.map(({ key, choice }) => [key, choice?.milliseconds])).toEqual([['f32 NN 1x64x32x16', 1]]);
});

test('no choice where there is no result, where sizes do not come out, and where buffers would be too large', async () => {
  const { tuned, findings } = await run(
    [program(64, 32, 16), program('batch-3', 'batch', 16), program('batch', 'batch', 2 ** 20)],
    async () => 'its variants do not agree on the results',
  );
  expect((await tuned).tiles.size).toBe(0);
  expect(findings.map(({ remarks }) => remarks[0])).toEqual([
    'its variants do not agree on the results',
    'its sizes do not come out whole and positive',
    'its variants do not agree on the results',
    'its variants do not agree on the results',
    'its buffers would take 4097 MiB',
  ]);
});
