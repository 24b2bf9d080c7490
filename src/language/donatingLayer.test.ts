/** A layer that donates: itself, and as the build makes it, take over the memory of what they are given; vjp leaves it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { compileLayer } from '../codegen/compileLayer.ts';
import { layerTag, type TaggedLayer } from '../codegen/tracedLayer.ts';
import type { Structure } from '../program/structure.ts';
import { compiledLayer } from '../runtime/compiledLayer.ts';
import { defaultSession } from '../runtime/device.ts';
import type { Session } from '../runtime/session.ts';
import type { Tensor } from '../types/tensor/tensor.ts';
import { ones, tensor } from './creation.ts';
import { jit } from './jit.ts';
import { layer } from './layer.ts';
import { vjp } from './vjp.ts';

type State = { readonly w: Tensor<['n=3']>; readonly count: Tensor<['n=3'], 'i32'> };
type Step = (g: Tensor<['n=3']>, state: State) => State;

const step = layer(
  function step(g: Tensor<['n=3']>, { w, count }: State): State {
    return { w: w.sub(g.mul(0.5).mul(w)), count: count.add(1) };
  },
  { donate: [1] },
);
const vector = (dtype: 'f32' | 'i32'): Structure => ({ kind: 'tensor', type: { shape: ['n=3'], dtype } });
const args: readonly Structure[] = [vector('f32'), { kind: 'object', entries: { w: vector('f32'), count: vector('i32') } }];

const compiled = (source: unknown) => compileLayer('step', args, (source as TaggedLayer)[layerTag].trace('step', args, ['g', 'state']));
const definition = compiled(step);
const ways: readonly (readonly [string, Step])[] = [
  ['the layer itself', step],
  ['the layer as it was built', compiledLayer<Step>(definition)],
];

let session: Session;
beforeAll(async () => {
  session = await defaultSession();
});
const start = (): State => ({ w: tensor([1, 2, 4], ['n']), count: tensor([0, 0, 0], ['n'], 'i32') });
const g = tensor([1, 2, 0], ['n']);

describe.each(ways)('%s', (_, call) => {
  it('gives what it would without, in the memory of the old ones: once warm, nothing is created', async () => {
    let state = start();
    for (let i = 0; i < 2; i++) state = call(g, state);
    expect(await state.w.array()).toEqual([0.25, 0, 4]);
    const before = session.statistics();
    for (let i = 0; i < 8; i++) state = call(g, state);
    expect(await state.count.array()).toEqual([10, 10, 10]);
    const { buffersCreated, bindGroupsCreated, bytesAllocated } = session.statistics();
    expect([buffersCreated, bindGroupsCreated]).toEqual([before.buffersCreated, before.bindGroupsCreated]);
    expect(bytesAllocated).toBe(before.bytesAllocated);
  });

  it('refuses the use of what was donated afterwards, by name, and leaves the others', async () => {
    const state = start();
    const next = call(g, state);
    expect(() => call(g, state)).toThrow("was donated to 'step', which reuses its memory");
    await expect(state.w.data()).rejects.toThrow(
      "was donated to 'step', which reuses its memory (use what 'step' returned, or do not donate it)",
    );
    expect(await g.array()).toEqual([1, 2, 0]);
    expect(await next.w.array()).toEqual([0.5, 0, 4]);
  });

  it('donates nothing under vjp, whose backward reads the arguments', async () => {
    const state = start();
    const { y, backward } = vjp(call)(g, state);
    expect(await y.w.array()).toEqual([0.5, 0, 4]);
    const [dg, { w: dw, count }] = backward({ w: ones(['n=3']), count: null });
    expect([await dg.array(), await dw.array(), count]).toEqual([[-0.5, -1, -2], [0.5, 0, 1], null]);
    expect(await state.w.array()).toEqual([1, 2, 4]);
  });
});

it('is part of what is traced around it: there, who calls decides what is donated', async () => {
  const state = start();
  const twice = jit((s: State) => step(g, step(g, s)));
  expect(await twice(state).w.array()).toEqual([0.25, 0, 4]);
  expect(await state.w.array()).toEqual([1, 2, 4]);
});

it('holds the tensors of an argument, in a program of its own; without donate nothing says so', () => {
  expect(definition.donated).toEqual([1, 2]);
  expect(definition.residualForward).not.toBe(definition.forward);
  expect(compiled(layer((x: Tensor<['n=3']>, s: State) => ({ w: s.w.mul(x), count: s.count })))).not.toHaveProperty('donated');
});

it('refuses what there is not, when it is called and when it is built', () => {
  const wrong = layer((x: Tensor<['n=3']>) => x.mul(2), { donate: [1] });
  expect(() => wrong(g)).toThrow('layer: there is no argument 1 to donate: it has 1 (count from 0)');
  expect(() => (wrong as unknown as TaggedLayer)[layerTag].trace('wrong', [vector('f32')], ['x'])).toThrow(
    'wrong: there is no argument 1 to donate: it has 1 (count from 0)',
  );
});
