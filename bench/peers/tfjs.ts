/**
 * TensorFlow.js with its WebGPU backend. It computes eagerly; `tidy` frees what a step leaves behind.
 *
 * Its Node bundle knows no gradients, so the library is bundled here from the modules that a browser gets, once a version.
 */
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type * as Tensorflow from '@tensorflow/tfjs-core';
import { build } from 'esbuild';
import type { Task, TaskCall, TaskKind } from '../tasks.ts';
import { adam, rate } from './adjointTasks.ts';
import type { Peer, Prepared } from './peer.ts';
import { workDone } from './workDone.ts';

type Tf = typeof Tensorflow;
type Tensor = Tensorflow.Tensor;
type Run = (inputs: Tensor[], task: Task) => Tensor[];

/** What the bench calls of the backend to end a step; it batches commands and submits them when something is read. */
interface Backend {
  readonly device: GPUDevice;
  readonly commandEncoder: GPUCommandEncoder | null;
  endComputePassEncoder(): void;
  submitQueue(): void;
}

const root = resolve(import.meta.dirname, '../..');

async function load(version: string): Promise<Tf> {
  const folder = join(root, 'node_modules/.cache/adjoint');
  const file = join(folder, `tfjs-${version}.mjs`);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    const fresh = `${file}.${process.pid}`;
    await build({
      stdin: {
        contents: [
          "export * from '@tensorflow/tfjs-core';",
          "import '@tensorflow/tfjs-core/dist/register_all_gradients.js';",
          "import '@tensorflow/tfjs-backend-webgpu';",
        ].join('\n'),
        resolveDir: root,
      },
      bundle: true,
      format: 'esm',
      platform: 'node',
      mainFields: ['module', 'main'],
      outfile: fresh,
      banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
      logLevel: 'error',
    });
    renameSync(fresh, file);
  }
  return import(file);
}

const tasksOf = (tf: Tf): { readonly [kind in TaskKind]: Run } => {
  type Function = (...inputs: Tensor[]) => Tensor;

  const layerNorm = (x: Tensor, gamma: Tensor, beta: Tensor): Tensor => {
    const { mean, variance } = tf.moments(x, -1, true);
    return tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5))), gamma), beta);
  };
  const attention = (q: Tensor, k: Tensor, v: Tensor): Tensor => {
    const scores = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(q.shape.at(-1) ?? 1));
    return tf.matMul(tf.softmax(scores), v);
  };
  const convolve = (x: Tensor, w: Tensor): Tensor => tf.conv2d(x as Tensorflow.Tensor4D, w as Tensorflow.Tensor4D, 1, 'same');
  const linear = (x: Tensor, w: Tensor, b: Tensor): Tensor => tf.add(tf.matMul(x, w), b);
  const pullback = (f: Function, inputs: Tensor[]): Tensor[] => {
    const { value, grads } = tf.valueAndGrads(f)(inputs.slice(0, -1), inputs.at(-1));
    return [value, ...grads];
  };
  const crossEntropy =
    (x: Tensor, oneHot: Tensor) =>
    (w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor): Tensor =>
      tf.losses.softmaxCrossEntropy(oneHot, linear(tf.relu(linear(x, w1, b1)), w2, b2));
  const descend = (loss: Function, p: Tensor[]): Tensor[] => {
    const { value, grads } = tf.valueAndGrads(loss)(p);
    return [...p.map((w, at) => tf.sub(w, tf.mul(grads[at] as Tensor, rate))), value];
  };
  const mlpAdam: Run = (inputs) => {
    const [p, m, v] = [inputs.slice(0, 4), inputs.slice(4, 8), inputs.slice(8, 12)];
    const [step, x, oneHot] = inputs.slice(12) as [Tensor, Tensor, Tensor];
    const { value, grads } = tf.valueAndGrads(crossEntropy(x, oneHot) as Function)(p);
    const correction = (beta: number) => tf.sub(1, tf.exp(tf.mul(step, Math.log(beta))));
    const [correction1, correction2] = [correction(adam.beta1), correction(adam.beta2)];
    const first = m.map((one, at) => tf.add(tf.mul(one, adam.beta1), tf.mul(grads[at] as Tensor, 1 - adam.beta1)));
    const second = v.map((one, at) => tf.add(tf.mul(one, adam.beta2), tf.mul(tf.square(grads[at] as Tensor), 1 - adam.beta2)));
    const next = p.map((w, at) => {
      const scale = tf.add(tf.sqrt(tf.div(second[at] as Tensor, correction2)), adam.epsilon);
      return tf.sub(w, tf.mul(tf.div(tf.div(first[at] as Tensor, correction1), scale), adam.rate));
    });
    return [...next, ...first, ...second, tf.add(step, 1), value];
  };
  const heads = 4;
  const transformerBlock = (x: Tensor, p: Tensor[]): Tensor => {
    const [gamma1, beta1, query, key, value, joined, gamma2, beta2, up, upBias, down, downBias] = p as [
      ...[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor],
      ...[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor],
    ];
    const [sequence = 1, position = 1, width = 1] = x.shape;
    const rows = tf.reshape(x, [sequence * position, width]);
    const split = (y: Tensor) => tf.transpose(tf.reshape(y, [sequence, position, heads, width / heads]), [0, 2, 1, 3]);
    const a = layerNorm(rows, gamma1, beta1);
    const mixed = attention(split(tf.matMul(a, query)), split(tf.matMul(a, key)), split(tf.matMul(a, value)));
    const merged = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [sequence * position, width]);
    const y = tf.add(rows, tf.matMul(merged, joined));
    const hidden = tf.relu(linear(layerNorm(y, gamma2, beta2), up, upBias));
    return tf.reshape(tf.add(y, linear(hidden, down, downBias)), [sequence, position, width]);
  };
  const of = (f: Function): Run => (inputs) => [f(...inputs)]; // biome-ignore format: one line

  return {
    matmulNN: of((a, b) => tf.matMul(a as Tensor, b as Tensor)),
    matmulTN: of((a, b) => tf.matMul(a as Tensor, b as Tensor, true, false)),
    matmulNT: of((a, b) => tf.matMul(a as Tensor, b as Tensor, false, true)),
    linear: (inputs) => pullback(linear as Function, inputs),
    mlpSgd: (inputs) => descend(crossEntropy(inputs[4] as Tensor, inputs[5] as Tensor) as Function, inputs.slice(0, 4)),
    mlpAdam,
    elementwise: of(((x: Tensor, y: Tensor) => tf.relu(tf.add(tf.mul(x, y), x))) as Function),
    sumAll: of((x) => tf.sum(x as Tensor)),
    sumColumns: of((x) => tf.sum(x as Tensor, 0)),
    sumMiddle: of((x) => tf.sum(x as Tensor, 1)),
    meanRows: of((x) => tf.mean(x as Tensor, -1)),
    maxAll: of((x) => tf.max(x as Tensor)),
    maxColumns: of((x) => tf.max(x as Tensor, 0)),
    logSumExp: of((x) => tf.logSumExp(x as Tensor)),
    dot: of((x, y) => tf.sum(tf.mul(x as Tensor, y as Tensor))),
    softmax: of((x) => tf.softmax(x as Tensor)),
    layerNorm: of(layerNorm as Function),
    layerNormGradient: (inputs) => pullback(layerNorm as Function, inputs),
    attention: of(attention as Function),
    attentionGradient: (inputs) => pullback(attention as Function, inputs),
    conv2d: of(convolve as Function),
    conv2dGradient: (inputs) => pullback(convolve as Function, inputs),
    transformer: (inputs, { carried }) => {
      const [x, target] = inputs.slice(carried) as [Tensor, Tensor];
      return descend((...p) => tf.mean(tf.squaredDifference(transformerBlock(x, p), target)), inputs.slice(0, carried));
    },
  };
};

/** It convolves images with their channels last: the order of axes on the way in, for images and filters. Outside the time measured. */
const channelsLast: Readonly<Record<string, readonly number[]>> = { image: [0, 2, 3, 1], filter: [2, 3, 1, 0] };
const channelsFirst: Readonly<Record<string, readonly number[]>> = { image: [0, 3, 1, 2], filter: [3, 2, 0, 1] };

export async function openTfjs(version: string): Promise<Peer> {
  const tf = await load(version);
  await tf.setBackend('webgpu');
  await tf.ready();
  if (tf.getBackend() !== 'webgpu') throw new Error(`bench: tfjs runs on ${tf.getBackend()}, not on webgpu`);
  const backend = tf.backend() as unknown as Backend;
  const tasks = tasksOf(tf);

  async function prepare(call: TaskCall, task: Task, inputs: readonly Float32Array[]): Promise<Prepared> {
    const body = tasks[call.kind];
    const isConvolution = call.kind === 'conv2d' || call.kind === 'conv2dGradient';
    const reorder = (x: Tensor, first: string | undefined, orders: typeof channelsLast): Tensor =>
      isConvolution && first !== undefined ? tf.transpose(x, [...(orders[first] ?? [])]) : x;
    const tensors = task.inputs.map(({ axes }, index) =>
      reorder(tf.tensor(inputs[index] as Float32Array, Object.values(axes)), Object.keys(axes)[0], channelsLast),
    );
    let carried = tensors.slice(0, task.carried);
    const rest = tensors.slice(task.carried);
    const step = () => {
      const outputs = tf.tidy(() => body([...carried, ...rest], task));
      for (const old of carried) old.dispose();
      carried = outputs.slice(0, task.carried);
      return outputs;
    };
    const outputs: Float32Array[] = [];
    for (const [index, output] of step().entries()) {
      // a convolution returns y, dX, dW
      outputs.push(Float32Array.from(await reorder(output, index === 2 ? 'filter' : 'image', channelsFirst).data()));
      if (index >= task.carried) output.dispose();
    }
    return {
      outputs,
      async run(count) {
        for (let i = 0; i < count; i++) tf.dispose(step().slice(task.carried));
        if (backend.commandEncoder) {
          backend.endComputePassEncoder();
          backend.submitQueue();
        }
        await workDone(backend.device.queue);
      },
      dispose() {
        tf.dispose([...carried, ...rest]);
      },
    };
  }
  return { name: 'tfjs', version, prepare };
}
