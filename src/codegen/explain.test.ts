/** The report, as data: figures that are worked out by hand, for layers and for jitted functions. */
import { afterEach, describe, expect, it } from 'vitest';
import { plainOptions, type TemporaryProject, temporaryProject } from './1-frontend/testing/temporaryProject.ts';
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
        accumulators: 1,
        workgroupBytes: 0,
        loads: 2,
        workgroupLoads: 0,
        barriers: 0,
        flops: { useful: 2 * 8 * 4 * 3, issued: 2 * 8 * 4 * 4 },
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

it('errors are those of the build', async () => {
  const { ok, files, diagnostics } = await explained(`import { layer, type Tensor } from 'adjoint';
export const g = layer((x: Tensor<[number]>) => x.neg());
`);
  expect(ok).toBe(false);
  expect(files).toEqual([]);
  expect(diagnostics[0]?.message).toContain("g: the shape of 'x' is not literal");
});
