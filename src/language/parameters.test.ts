/** Parameters, their gradients and updates at run time: names, values, and what is refused where types are absent. */
import { describe, expect, it } from 'vitest';
import { compileLayer } from '../codegen/compileLayer.ts';
import { isTaggedLayer, layerTag } from '../codegen/tracedLayer.ts';
import type { Structure } from '../program/structure.ts';
import { compiledLayer } from '../runtime/compiledLayer.ts';
import { ShapeError } from '../types/shapeError.ts';
import type { Tensor } from '../types/tensor/tensor.ts';
import { full, ones, tensor, zeros } from './creation.ts';
import { customVjp } from './customVjp.ts';
import { jit } from './jit.ts';
import { layer } from './layer.ts';
import { LazyTensor } from './lazyTensor.ts';
import { mapGradient, parameters, sumOver, update, updateWithState, zerosLike } from './parameters.ts';
import { grad, valueAndGrad, vjp } from './vjp.ts';

const p = parameters({
  w1: tensor([1, 2], ['n']),
  w2: tensor([3, 4], ['n']),
  layers: [{ b: full(['n=2'], 5) }],
  steps: ones([], 'i32'),
  rate: 2,
});
const loss = (q: typeof p): Tensor<[]> => q.w1.mul(q.w2).add(q.layers[0].b).mul(q.rate).sum();
const g = grad(loss)(p);
const tieOf = (value: unknown) => (value instanceof LazyTensor ? value.tie : 'no tensor');
const parameter = (name: string) => ({ of: 'parameter', name });
const gradient = (name: string) => ({ of: 'gradient', name });
const sentence = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof ShapeError) return error.message;
    throw error;
  }
  return 'nothing was thrown';
};

describe('parameters', () => {
  it('are named by their path; other dtypes and plain data stay', async () => {
    expect(tieOf(p.w1)).toEqual(parameter('w1'));
    expect(tieOf(p.layers[0].b)).toEqual(parameter('layers.0.b'));
    expect(tieOf(p.steps)).toBeUndefined();
    expect(p.rate).toBe(2);
    expect(await p.w1.array()).toEqual([1, 2]);
    expect(tieOf(parameters({ encoder: p }).encoder.w1)).toEqual(parameter('encoder.w1'));
    expect(tieOf(parameters([ones([1])])[0])).toEqual(parameter('0'));
  });

  it('do not name the tensors they are made of, nor what is computed from them', () => {
    const w = ones(['n=2']);
    expect(tieOf(parameters({ w }).w)).toEqual(parameter('w'));
    expect(tieOf(w)).toBeUndefined();
    expect(tieOf(p.w1.mul(2))).toBeUndefined();
  });

  it('have a name: one tensor alone has none', () => {
    expect(sentence(() => parameters(ones(['n=2']) as never))).toBe(
      'parameters: one tensor alone has no name (put it into an object: { w })',
    );
  });
});

describe('gradients', () => {
  it('are tied to their parameters, whatever takes them', async () => {
    const taken = [g, valueAndGrad(loss)(p).gradient, jit(grad(loss))(p), grad(jit(loss))(p), vjp(loss)(p).backward(ones([]))[0]];
    for (const { w1, layers, steps } of taken) {
      expect(tieOf(w1)).toEqual(gradient('w1'));
      expect(tieOf(layers[0].b)).toEqual(gradient('layers.0.b'));
      expect(steps).toBeNull();
      expect(await w1.array()).toEqual([6, 8]);
    }
  });

  it('of gradients and of plain tensors are plain', () => {
    expect(tieOf(grad((x: typeof g.w1) => x.mul(x).sum())(g.w1))).toBeUndefined();
    expect(tieOf(grad((x: Tensor<['n=2']>) => x.sum())(p.w1.mul(1)))).toBeUndefined();
  });

  it('of hand-written functions are plain within, and tied outside', () => {
    const seen: unknown[] = [];
    const twice = customVjp(
      (w: typeof p.w1) => ({ y: w.mul(2), saved: { w } }),
      (saved, dy) => {
        seen.push(tieOf(saved.w), tieOf(dy));
        return [dy.mul(2)];
      },
    );
    expect(tieOf(grad((q: { w1: typeof p.w1 }) => twice(q.w1).sum())(p).w1)).toEqual(gradient('w1'));
    expect(seen).toEqual([parameter('w1'), undefined]);
  });
});

describe('update', () => {
  it('gives the next parameters, in the same structure', async () => {
    const next: typeof p = update(p, g, (w, dw) => w.sub(dw.mul(0.5)));
    expect(await next.w1.array()).toEqual([-2, -2]);
    expect(await next.layers[0].b.array()).toEqual([4, 4]);
    expect(tieOf(next.layers[0].b)).toEqual(parameter('layers.0.b'));
    expect(next.steps).toBe(p.steps);
    expect(next.rate).toBe(2);
  });

  it('finds the gradients by name, in any order', async () => {
    const next = update(p, { rate: null, steps: null, layers: g.layers, w2: g.w2, w1: g.w1 }, (_, dw) => dw);
    expect(await next.w1.array()).toEqual([6, 8]);
    expect(await next.w2.array()).toEqual([2, 4]);
  });

  it('works within jit, and what it returns goes in again', async () => {
    const step = jit((q: typeof p) => update(q, grad(loss)(q), (w, dw) => w.sub(dw)));
    const second = step(step(p));
    expect(tieOf(second.w1)).toEqual(parameter('w1'));
    expect(await second.w1.array()).toEqual([-7, -6]);
    const untied = { ...p, w1: tensor([1, 2], ['n']) } as never as typeof p;
    expect(sentence(() => step(untied))).toContain("'w1' is a plain tensor, not a parameter");
  });

  it('keeps state: two steps of gradient descent with momentum', async () => {
    let q = parameters({ w: tensor([1, 2], ['n']) });
    let state = { velocity: zerosLike(q) };
    for (let step = 0; step < 2; step++) {
      const dq = grad((r: typeof q) => r.w.mul(r.w).sum())(q);
      ({ parameters: q, state } = updateWithState(q, dq, state, (w, dw, { velocity }) => {
        const faster = velocity.mul(0.5).add(dw);
        return { parameter: w.sub(faster.mul(0.25)), state: { velocity: faster } };
      }));
    }
    // w: 1, 0.5, 0; v: 2, 1 + 1
    expect(await q.w.array()).toEqual([0, 0]);
    expect(await state.velocity.w.array()).toEqual([2, 4]);
    expect(tieOf(q.w)).toEqual(parameter('w'));
    expect(tieOf(state.velocity.w)).toBeUndefined();
  });
});

describe('a layer compiled ahead of time', () => {
  it('keeps the names that its types say', async () => {
    const structure = (of: 'parameter', name: string): Structure => ({
      kind: 'tensor',
      type: { shape: ['n=2'], dtype: 'f32', tie: { of, name } },
    });
    const args: Structure[] = [{ kind: 'object', entries: { w: structure('parameter', 'w') } }];
    const q = parameters({ w: tensor([1, 2], ['n']) });
    const step = layer((r: typeof q) => update(r, grad((s: typeof q) => s.w.mul(s.w).sum())(r), (w, dw) => w.sub(dw.mul(0.25))));
    if (!isTaggedLayer(step)) throw new Error('a layer has a definition');
    const compiled = compiledLayer<typeof step>(compileLayer('step', args, step[layerTag].trace('step', args, ['r'])));
    const next = compiled(q);
    expect(await next.w.array()).toEqual([0.5, 1]);
    expect(tieOf(next.w)).toEqual(parameter('w'));
    expect(tieOf(vjp(compiled)(q).backward({ w: ones(['n=2']) })[0].w)).toEqual(gradient('w'));
  });
});

describe('what does not belong together is refused in words', () => {
  const rule = (w: Tensor<['n=2']>, dw: Tensor<['n=2']>) => w.sub(dw);
  const refusal = (q: unknown, dq: unknown, by: unknown = rule): string => sentence(() => update(q as never, dq as never, by as never));
  const own = 'not its own gradient (take the gradient of these parameters, with grad or valueAndGrad)';

  it.each([
    ['swapped gradients', p, { ...g, w1: g.w2, w2: g.w1 }, `update: the parameter 'w1' gets the gradient of 'w2', ${own}`],
    ['swapped parameters', { ...p, w1: p.w2, w2: p.w1 }, g, `update: the parameter 'w2' gets the gradient of 'w1', ${own}`],
    ['parameters as gradient', p, p, `update: the parameter 'w1' gets the parameter 'w1', ${own}`],
    ['a plain gradient', p, { ...g, w2: g.w2.mul(1) }, `update: the parameter 'w2' gets a plain tensor, ${own}`],
    [
      'a gradient as parameter',
      g,
      g,
      "update: 'w1' is the gradient of 'w1', not a parameter (name the parameters first, with parameters({ … }))",
    ],
    [
      'a plain parameter',
      zerosLike(p),
      g,
      "update: 'w1' is a plain tensor, not a parameter (name the parameters first, with parameters({ … }))",
    ],
    [
      'a missing gradient',
      p,
      { w1: g.w1, layers: g.layers, steps: null, rate: null },
      "update: the gradient does not fit the parameters: the value has no 'w2' (give it the structure and the shapes of the parameters)",
    ],
    [
      'the gradient of a parameter of this name and another shape',
      parameters({ w1: zeros(['n=3']) }),
      { w1: g.w1 },
      "update: the gradient does not fit the parameters: 'w1' is f32[n=2], not f32[n=3] (give it the structure and the shapes of the parameters)",
    ],
  ])('%s', (_, q, dq, words) => {
    expect(refusal(q, dq)).toBe(words);
  });

  it('a rule that changes the shape, or gives no tensor', () => {
    expect(refusal(p, g, (w: Tensor<['n=2']>) => w.sum())).toBe(
      "update: the rule's next value of 'w1' is f32[], not f32[n=2] (return a tensor of the parameter's shape)",
    );
    expect(refusal(p, g, () => undefined)).toContain("the rule's next value of 'w1' is no tensor");
  });

  it('state that does not fit', () => {
    const keep = (w: unknown, _: unknown, state: unknown) => ({ parameter: w, state });
    const refused = (velocity: unknown, by: unknown = keep): string =>
      sentence(() => updateWithState(p, g, { velocity } as never, by as never));
    expect(refused({ ...zerosLike(p), w1: zeros(['n=3']) })).toBe(
      "updateWithState: the state 'velocity' does not fit the parameters: 'w1' is f32[n=3], not f32[n=2] (give it the structure and the shapes of the parameters)",
    );
    expect(refused(zerosLike(p), (w: unknown) => ({ parameter: w, state: {} }))).toBe(
      "updateWithState: the rule's next state 'velocity' of 'w1' is no tensor, not f32[n=2] (return a tensor of the parameter's shape)",
    );
  });
});

describe('mapGradient and sumOver', () => {
  it('keep the tie of each gradient, so that an update takes the result', async () => {
    const clipped = mapGradient(g, (tensor) => tensor.minimum(7));
    expect(tieOf(clipped.w1)).toEqual(gradient('w1'));
    expect(await clipped.w1.array()).toEqual([6, 7]);
    expect(clipped.steps).toBeNull();
    expect(await update(p, clipped, (w, d) => w.sub(d)).w1.array()).toEqual([-5, -5]);
    expect(await sumOver(g, (tensor) => tensor.mul(tensor).sum()).item()).toBe(36 + 64 + 4 + 16 + 4 + 4);
  });

  it('say what does not fit', () => {
    expect(sentence(() => mapGradient(p, (tensor) => tensor))).toBe(
      "mapGradient: 'w1' is a parameter, not a gradient (change parameters with update)",
    );
    expect(sentence(() => mapGradient(g, (tensor) => tensor.sum() as never))).toBe(
      "mapGradient: the rule's next gradient of 'w1' is f32[], not f32[n=2] (return a tensor of the parameter's shape)",
    );
    expect(sentence(() => sumOver(g, (tensor) => tensor as never))).toBe(
      'sumOver: the rule gives f32[n=2], not f32[] (reduce each tensor to a scalar, such as with sum())',
    );
    expect(sentence(() => sumOver({ steps: 3 }, (tensor) => tensor.sum()))).toBe(
      'sumOver: there is no floating-point tensor to sum over (give a structure with tensors)',
    );
  });
});
