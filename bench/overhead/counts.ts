/**
 * What a warm step asks of the device, by the count: no clock has a say in it, so that a change is a failure.
 *
 * Invariant: counted where the calls arrive, on a device that writes them down, not by the runtime's own statistics.
 */
import { jit, type Parameter, parameters, randn, type Tensor, tensor, update, valueAndGrad, vjp } from 'adjoint';
import { linear } from '../../examples/linear/linear.adjoint.ts';
import { defaultSession } from '../../src/runtime/device.ts';
import type { OpenedDevice } from '../../src/runtime/openDevice.ts';
import type { Session } from '../../src/runtime/session.ts';
import { DeviceTensor } from '../../src/runtime/tensor.ts';
import { mockDevice } from '../../src/runtime/testing/mockDevice.ts';

/** How a call on the device begins, of everything that costs something. */
const calls = {
  encoders: 'createCommandEncoder ',
  passes: 'beginComputePass ',
  submits: 'submit',
  dispatches: 'dispatch ',
  buffers: 'createBuffer ',
  bindGroups: 'createBindGroup ',
  layouts: 'createBindGroupLayout ',
  modules: 'createShaderModule ',
  pipelines: 'createComputePipeline ',
  setPipeline: 'setPipeline',
  setBindGroup: 'setBindGroup',
  uploads: 'writeBuffer ',
  copies: 'copy',
  maps: 'mapAsync',
  labels: 'label ',
  /** Tensors that the garbage collector is asked to report: not asked of the device, but of the engine. */
  watched: 'watch',
} as const;

const names = Object.keys(calls) as (keyof typeof calls)[]; // seam: the keys of a literal are its type's

export type Counts = { readonly [Name in keyof typeof calls]: number };

const nothing: Counts = {
  encoders: 0,
  passes: 0,
  submits: 0,
  dispatches: 0,
  buffers: 0,
  bindGroups: 0,
  layouts: 0,
  modules: 0,
  pipelines: 0,
  setPipeline: 0,
  setBindGroup: 0,
  uploads: 0,
  copies: 0,
  maps: 0,
  labels: 0,
  watched: 0,
};

/** One encoder, one pass, one submit; a pipeline and a bind group a dispatch; nothing is made. What a tick leaves behind is watched. */
const oneSubmit = (dispatches: number, watched = 0): Counts => ({
  ...nothing,
  encoders: 1,
  passes: 1,
  submits: 1,
  dispatches,
  setPipeline: dispatches,
  setBindGroup: dispatches,
  watched,
});
const read = { copies: 1, maps: 1 } as const;

export interface Scenario {
  readonly name: string;
  readonly expected: Counts;
  /** Makes what it needs; then each call is one time. */
  readonly prepare: () => () => Promise<void>;
}

type Model = { readonly w1: Parameter<'w1', ['in=24', 'hidden=16']>; readonly w2: Parameter<'w2', ['hidden=16', 'out=5']> };

/** Of two layers, mean square, SGD: 2 kernels forward, 1 for the loss, 1 for the hidden layer, 2 for the weights. */
const train = jit(
  (p: Model, x: Tensor<['batch', 'in=24']>) => {
    const { value, gradient } = valueAndGrad((q: Model) => x.matmul(q.w1).relu().matmul(q.w2).square().mean())(p);
    return { loss: value, p: update(p, gradient, (w, g) => w.sub(g.mul(0.1))) };
  },
  { name: 'train', donate: [0] },
);
const model = (): Model => parameters({ w1: randn(['in=24', 'hidden=16'], { seed: 1 }), w2: randn(['hidden=16', 'out=5'], { seed: 2 }) });
const batch = (rows: number) => tensor(new Float32Array(rows * 24), ['batch', 'in=24']);

/** A step whose loss is dropped, and whose parameters take the place of those before. */
function training(): (x: Tensor<['batch', 'in=24']>) => Tensor<[]> {
  let p = model();
  return (x) => {
    const { loss, p: next } = train(p, x);
    p = next;
    return loss;
  };
}

const forwardDispatches = 1;
const backwardDispatches = 2;
const stepDispatches = 6;
const stepsOfTick = 10;
const stepParameters = 2;
/** A run and a release each; a batch takes 128 of those, and sets what the call before has set once. */
const smallCalls = 100;
const smallBatches = 2;

const small = jit((x: Tensor<['n=7']>, y: Tensor<['n=7']>) => x.mul(y).add(x).relu(), { name: 'small' });

export const scenarios: readonly Scenario[] = [
  {
    name: 'a training step',
    expected: oneSubmit(stepDispatches, stepParameters),
    prepare: () => {
      const [step, x] = [training(), batch(8)];
      return async () => step(x).dispose();
    },
  },
  {
    name: `${stepsOfTick} training steps in one tick`,
    expected: oneSubmit(stepsOfTick * stepDispatches, stepParameters),
    prepare: () => {
      const [step, x] = [training(), batch(8)];
      return async () => {
        for (let i = 0; i < stepsOfTick; i++) step(x).dispose();
      };
    },
  },
  {
    name: 'a training step with its loss read',
    expected: { ...oneSubmit(stepDispatches, stepParameters + 1), ...read },
    prepare: () => {
      const [step, x] = [training(), batch(8)];
      return async () => {
        const loss = step(x);
        await loss.item();
        loss.dispose();
      };
    },
  },
  {
    name: 'a training step on a new batch of data',
    expected: { ...oneSubmit(stepDispatches, stepParameters), uploads: 1 },
    prepare: () => {
      const step = training();
      return async () => {
        const x = batch(8);
        step(x).dispose();
        x.dispose();
      };
    },
  },
  {
    name: `${smallCalls} calls of one kernel in one tick`,
    expected: {
      ...oneSubmit(smallCalls),
      encoders: smallBatches,
      passes: smallBatches,
      submits: smallBatches,
      setPipeline: smallBatches,
      setBindGroup: smallBatches,
    },
    prepare: () => {
      const [x, y] = [randn(['n=7']), randn(['n=7'])];
      return async () => {
        for (let i = 0; i < smallCalls; i++) small(x, y).dispose();
      };
    },
  },
  {
    name: 'a layer built ahead of time, forward and backward',
    expected: oneSubmit(forwardDispatches + backwardDispatches),
    prepare: () => {
      const [x, dy] = [randn(['n=8', 'in=24']), randn(['n=8', 'out=5'])];
      const p = { w: randn(['in=24', 'out=5']), b: randn(['out=5']) };
      return async () => {
        const { y, backward } = vjp(linear)(x, p);
        const [dX, dP] = backward(dy);
        for (const result of [y, dX, dP.w, dP.b]) result.dispose();
      };
    },
  },
];

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Opens the default session on a device that is none; the one before it has to be closed. */
export async function openOn({ device, adapter }: OpenedDevice): Promise<Session> {
  // seam: as much of an adapter as opening a device asks for
  const stand = {
    ...adapter,
    limits: device.limits,
    features: device.features,
    requestDevice: async () => device,
  } as unknown as GPUAdapter;
  return defaultSession({ adapter: stand });
}

/** What `once` asks for when it has run before; the default session is the counting one from now on. */
export async function openCounter(): Promise<{ countsOf(prepare: Scenario['prepare']): Promise<Counts>; close(): Promise<unknown> }> {
  const { opened, count: called } = mockDevice();
  let watched = 0;
  const { register } = FinalizationRegistry.prototype;
  FinalizationRegistry.prototype.register = function (...args) {
    if (args[0] instanceof DeviceTensor) watched += 1;
    register.apply(this, args);
  };
  const count = (call: string): number => (call === calls.watched ? watched : called(call));
  const session = await openOn(opened);
  const since = (before: Counts): Counts => {
    const counts: { -readonly [Name in keyof Counts]: number } = { ...nothing };
    for (const name of names) counts[name] = count(calls[name]) - before[name];
    return counts;
  };
  return {
    countsOf: async (prepare) => {
      const once = prepare();
      for (let i = 0; i < 3; i++) {
        await once();
        await settled();
      }
      const before = since(nothing);
      await once();
      await settled();
      return since(before);
    },
    close: () => {
      FinalizationRegistry.prototype.register = register;
      session.close();
      return session.lost;
    },
  };
}

/** What differs from what it ought to be, in a line each: `a training step: bindGroups is 2, not 0`. */
export function differences({ name, expected }: Scenario, counts: Counts): readonly string[] {
  return names.flatMap((what) => (counts[what] === expected[what] ? [] : `${name}: ${what} is ${counts[what]}, not ${expected[what]}`));
}

/** What is not 0, in a line. */
export function countLine({ name }: Scenario, counts: Counts): string {
  const [some, none] = [names.filter((what) => counts[what] > 0), names.filter((what) => counts[what] === 0)];
  return `${name}: ${some.map((what) => `${what} ${counts[what]}`).join(', ')}; no ${none.join(', ')}`;
}
