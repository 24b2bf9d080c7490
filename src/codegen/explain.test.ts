/** The report, as data: figures that are worked out by hand, for layers and for jitted functions. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { explainText } from '../cli/explainText.ts';
import { plainOptions, type TemporaryProject, temporaryProject } from './1-frontend/testing/temporaryProject.ts';
import { build } from './build.ts';
import { type ExplainReport, explain } from './explain.ts';

let project: TemporaryProject | undefined;
afterEach(() => project?.remove());

const explained = (text: string, sizes = {}): Promise<ExplainReport> => {
  project = temporaryProject({ 'model.ts': text }, plainOptions);
  return explain(['model.ts'], { cwd: project.folder, sizes });
};

const dense = `import { jit, layer, type Tensor, valueAndGrad } from 'adjoint';
export const dense = layer((x: Tensor<['batch', 'in=4']>, p: { w: Tensor<['in=4', 'out=3']>; b: Tensor<['out=3']> }) => x.matmul(p.w).add(p.b).relu());
`;

describe('a step', () => {
  it('tells a result from what has its name and is given', async () => {
    const { files } = await explained(`import { jit, type Tensor } from 'adjoint';
export const step = jit((p: { w: Tensor<['in=4', 'out=3']> }, x: Tensor<['n=2', 'in=4']>) => ({ p: { w: p.w.sub(x.T.matmul(x.matmul(p.w))) } }));
`);
    const kernels = files[0]?.functions[0]?.programs[0]?.kernels ?? [];
    expect(kernels.at(-1)?.reads).toContain('p.w');
    expect(kernels.at(-1)?.writes).toEqual(['p.w (result)']);
  });
});

describe('a layer', () => {
  it('has its gradients, programs and figures', async () => {
    const { ok, files } = await explained(dense, { batch: 8 });
    expect(ok).toBe(true);
    const [layer] = files[0]?.functions ?? [];
    expect(layer).toMatchObject({
      name: 'dense',
      kind: 'layer',
      signature: 'dense(x: f32[batch, in=4], p: { w: f32[in=4, out=3], b: f32[out=3] }): f32[batch, out=3]',
      parameters: ['x: f32[batch, in=4]', 'p.w: f32[in=4, out=3]', 'p.b: f32[out=3]'],
      results: ['f32[batch, out=3]'],
      gradients: ['x: f32[batch, in=4]', 'p.w: f32[in=4, out=3]', 'p.b: f32[out=3]'],
    });
    const [forward, backward] = layer?.programs ?? [];
    expect(forward).toMatchObject({
      title: 'forward',
      dispatches: 1,
      submits: 1,
      barriers: 0,
      flops: 2 * 8 * 4 * 3 + 2 * 8 * 3,
      bytes: { moved: 4 * (32 + 12 + 3 + 24), leastPossible: 4 * (32 + 12 + 3 + 24) },
      memory: { inputs: 4 * 47, outputs: 4 * 24, temporaries: 0, peak: 4 * 71, peakWithoutReuse: 4 * 71 },
    });
    expect(forward?.intensity).toBeCloseTo(240 / 284);
    // 8 x 3 in tiles of 4 x 4: a third more columns than there are
    expect(forward?.flopsIssued).toBe(2 * 8 * 4 * 4 + 2 * 8 * 3);
    expect(forward?.kernels[0]?.variants.at(-1)).toEqual({
      name: expect.stringContaining('direct 4x4'),
      figures: {
        per: 'multiply-add',
        accumulators: 1,
        workgroupBytes: 0,
        loads: 2,
        workgroupLoads: 0,
        barriers: 0,
        flops: { useful: 2 * 8 * 4 * 3, issued: 2 * 8 * 4 * 4, others: 2 * 8 * 3 },
        // two elements a multiply-add, a bias and a result for each of 8 x 3
        bytes: { moved: 4 * (2 * 8 * 4 * 4 + 2 * 8 * 3), compulsory: 4 * (32 + 12 + 3 + 24) },
      },
    });
    expect(forward?.kernels[0]?.fuses).toEqual([
      'contract: f32[batch, out=3] (model.ts:2)',
      'add: f32[batch, out=3] (model.ts:2)',
      'relu: f32[batch, out=3] (model.ts:2)',
    ]);
    expect(backward?.title).toBe('backward');
    const written = backward?.kernels.flatMap(({ writes }) => writes);
    for (const name of ['dx', 'd(p.w)', 'd(p.b)']) expect(written).toContain(name);
    expect(backward?.kernels.flatMap(({ reads }) => reads)).toContain('dy');
  });

  it('has expressions where sizes are not given', async () => {
    const { files } = await explained(dense);
    const forward = files[0]?.functions[0]?.programs[0];
    expect(forward).toMatchObject({ flops: '30*batch', bytes: { moved: '28*batch+60', leastPossible: '28*batch+60' } });
    expect(forward?.intensity).toBeUndefined();
  });
});

it('a jitted function is one program: donated parameters lie in the place of the old ones', async () => {
  const { ok, files, diagnostics } = await explained(
    `import { jit, type Parameter, type Tensor, update, valueAndGrad } from 'adjoint';
export const step = jit((p: { w: Parameter<'w', ['in=64', 'out=32']> }, x: Tensor<['n=16', 'in=64']>) => {
  const { value, gradient } = valueAndGrad((q: typeof p) => x.matmul(q.w).mean())(p);
  return { loss: value, p: update(p, gradient, (w, g) => w.sub(g.mul(0.1))) };
}, { donate: [0] });
`,
  );
  expect(diagnostics).toEqual([]);
  expect(ok).toBe(true);
  const [step] = files[0]?.functions ?? [];
  expect(step).toMatchObject({ kind: 'jit', gradients: [], signature: expect.stringContaining('step(p: { w: f32[in=64, out=32] }, x: ') });
  const [program] = step?.programs ?? [];
  expect(step?.programs).toHaveLength(1);
  expect(program?.memory).toMatchObject({ inputs: 4 * (2048 + 1024), outputs: 4 * (1 + 2048) });
  expect(program?.memory.peak).toBeLessThan(4 * (2048 + 1024 + 1 + 2048));
  expect(program?.kernels.flatMap(({ writes }) => writes)).toContain('loss');
});

it('what a module was built with is what is explained: its choices are marked, and a source that has changed since is told', async () => {
  const model = `import { jit, layer, type Tensor } from 'adjoint';
type X = Tensor<['n=64', 'in=64']>;
export const product = layer((x: X, w: Tensor<['in=64', 'out=64']>) => x.matmul(w));
export const jitted = jit((x: X, w: Tensor<['in=64', 'out=64']>) => x.matmul(w));
`;
  const key = 'f32 NN 1x64x64x64';
  const { files: before } = await explained(model);
  expect(before[0]?.module).toEqual({ file: 'model.adjoint.ts', status: 'missing', tunedOn: undefined });
  const folder = project?.folder ?? '';
  const options = { cwd: folder, choices: { adapter: 'a test', tiles: new Map([[key, 'quadSwap 4x8']]) } };
  expect((await build(['model.ts'], options)).ok).toBe(true);

  const { files } = await explain(['model.ts'], { cwd: folder });
  expect(files[0]?.module).toEqual({ file: 'model.adjoint.ts', status: 'unchanged', tunedOn: 'a test' });
  const variants = files[0]?.functions.map(({ programs }) => programs[0]?.kernels[0]?.variants ?? []) ?? [];
  expect(variants[0]?.[0]).toMatchObject({ name: 'quadSwap 4x8', choices: [key] });
  expect(variants[0]?.at(-1)).not.toHaveProperty('choices'); // for every device, as the cost model says
  expect(variants[1]).toEqual(before[0]?.functions[1]?.programs[0]?.kernels[0]?.variants); // compiled where it runs
  const text = explainText(files);
  expect(text).toContain("\n  tuned on a test: what is marked so was measured there, the rest is the cost model's choice\n");
  expect(text).toContain('quadSwap 4x8 (tuned): 8 accumulators');

  writeFileSync(join(folder, 'model.ts'), model.replace('x.matmul(w)', 'x.matmul(w).relu()'));
  const { files: after } = await explain(['model.ts'], { cwd: folder });
  expect(after[0]?.module).toMatchObject({ status: 'stale', tunedOn: undefined });
  expect(explainText(after)).toContain('model.adjoint.ts is stale: what follows is what adjoint build would write');
});

it('a loop is one, of so many steps, with the kernels of a step', async () => {
  const { files } = await explained(`import { layer, scan, type Tensor } from 'adjoint';
export const run = layer((x: Tensor<['t=5', 'in=3']>, h: Tensor<['in=3']>) =>
  scan(x, h, (before, now) => {
    const next = before.mul(now).tanh();
    return { carry: next, y: next };
  }));
`);
  const [forward = expect.fail('no programs')] = files[0]?.functions[0]?.programs ?? [];
  const [loop = expect.fail('no loop')] = forward.loops;
  expect(loop.steps).toBe(5);
  forward.kernels.forEach(({ times }, i) => {
    expect(times).toBe(i >= loop.first && i <= loop.last ? 5 : 1);
  });
  const head = `loop of 5 steps: kernels ${loop.first + 1} to ${loop.last + 1}`;
  expect(forward.kernels.map(({ loopHeads }) => loopHeads)).toEqual(forward.kernels.map((_, i) => (i === loop.first ? [head] : [])));
  const text = explainText(files);
  expect(text).toMatch(/^ {2}forward: \d+ dispatches, loop of 5 steps, 1 submit, /m);
  expect(text).toContain(`\n    ${head}\n    ${loop.first + 1}. `);
});

it('where there is nothing to explain, that is said', async () => {
  const { ok, files, diagnostics } = await explained('export const x = 1;\n');
  expect({ ok, files }).toEqual({ ok: false, files: [] });
  expect(diagnostics).toMatchObject([
    {
      code: 'nothing_to_explain',
      severity: 'error',
      message: expect.stringMatching(/^model\.ts: nothing to explain: .* \(name the file that does, or /),
    },
  ]);
});

it('errors are those of the build', async () => {
  const { ok, files, diagnostics } = await explained(`import { layer, type Tensor } from 'adjoint';
export const g = layer((x: Tensor<[number]>) => x.neg());
`);
  expect(ok).toBe(false);
  expect(files).toEqual([]);
  expect(diagnostics[0]?.message).toContain("g: the shape of 'x' is not literal");
});
