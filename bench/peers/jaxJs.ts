/** jax-js: each task jitted, gradients by its own vjp and grad. `.ref` is its way to say that an array is used again. */
import * as jax from '@jax-js/jax';
import { lax, nn, numpy as np } from '@jax-js/jax';
import type { Task, TaskCall, TaskKind } from '../tasks.ts';
import { adam, rate } from './adjointTasks.ts';
import type { Peer, Prepared } from './peer.ts';
import { quietly, workDone } from './workDone.ts';

type Array = np.Array;
type Run = (inputs: readonly Array[], task: Task) => Array[];

const last = { keepdims: true };

function layerNorm(x: Array, gamma: Array, beta: Array): Array {
  const centred = x.ref.sub(np.mean(x, -1, last));
  const deviation = np.sqrt(np.mean(centred.ref.mul(centred.ref), -1, last).add(1e-5));
  return centred.div(deviation).mul(gamma).add(beta);
}

function attention(q: Array, k: Array, v: Array): Array {
  const width = q.shape.at(-1) ?? 1;
  return np.matmul(nn.softmax(np.matmul(q, np.matrixTranspose(k)).mul(1 / Math.sqrt(width)), -1), v);
}

const convolve = (x: Array, w: Array): Array => lax.convGeneralDilated(x, w, [1, 1], 'SAME');
const linear = (x: Array, w: Array, b: Array): Array => np.matmul(x, w).add(b);

function pullback(f: (...args: Array[]) => Array, inputs: readonly Array[]): Array[] {
  const dy = inputs.at(-1) as Array;
  const [y, backward] = jax.vjp(f, inputs.slice(0, -1));
  return [y, ...(backward(dy) as Array[])];
}

function crossEntropy(p: Array[], x: Array, oneHot: Array): Array {
  const [w1, b1, w2, b2] = p as [Array, Array, Array, Array];
  const scores = linear(nn.relu(linear(x, w1, b1)), w2, b2);
  return np.mean(np.sum(nn.logSoftmax(scores, -1).mul(oneHot), -1)).mul(-1);
}

const mlpSgd: Run = (inputs) => {
  const p = inputs.slice(0, 4);
  const [x, oneHot] = inputs.slice(4) as [Array, Array];
  const [loss, gradient] = jax.valueAndGrad(crossEntropy)(p.map((w) => w.ref), x, oneHot); // biome-ignore format: one call
  return [...p.map((w, at) => w.sub((gradient[at] as Array).mul(rate))), loss];
};

const mlpAdam: Run = (inputs) => {
  const [p, m, v] = [inputs.slice(0, 4), inputs.slice(4, 8), inputs.slice(8, 12)];
  const [step, x, oneHot] = inputs.slice(12) as [Array, Array, Array];
  const [loss, gradient] = jax.valueAndGrad(crossEntropy)(p.map((w) => w.ref), x, oneHot); // biome-ignore format: one call
  const correction = (beta: number) =>
    np
      .exp(step.ref.mul(Math.log(beta)))
      .mul(-1)
      .add(1);
  const [correction1, correction2] = [correction(adam.beta1), correction(adam.beta2)];
  const first = m.map((one, at) => one.mul(adam.beta1).add((gradient[at] as Array).ref.mul(1 - adam.beta1)));
  const second = v.map((one, at) => {
    const g = gradient[at] as Array;
    return one.mul(adam.beta2).add(g.ref.mul(g.ref).mul(1 - adam.beta2));
  });
  const next = p.map((w, at) => {
    const [a, b] = [first[at] as Array, second[at] as Array];
    const scale = np.sqrt(b.ref.div(correction2.ref)).add(adam.epsilon);
    return w.sub(a.ref.div(correction1.ref).div(scale).mul(adam.rate));
  });
  return [...next, ...first, ...second, step.add(1), loss];
};

const heads = 4;

function transformerBlock(p: Array[], x: Array): Array {
  const [gamma1, beta1, query, key, value, joined, gamma2, beta2, up, upBias, down, downBias] = p as [
    ...[Array, Array, Array, Array, Array, Array],
    ...[Array, Array, Array, Array, Array, Array],
  ];
  const [sequence = 1, position = 1, width = 1] = x.shape;
  const split = (y: Array) => np.transpose(y.reshape([sequence, position, heads, width / heads]), [0, 2, 1, 3]);
  const a = layerNorm(x.ref, gamma1, beta1);
  const mixed = attention(split(np.matmul(a.ref, query)), split(np.matmul(a.ref, key)), split(np.matmul(a, value)));
  const y = x.add(np.matmul(np.transpose(mixed, [0, 2, 1, 3]).reshape([sequence, position, width]), joined));
  const hidden = nn.relu(linear(layerNorm(y.ref, gamma2, beta2), up, upBias));
  return y.add(linear(hidden, down, downBias));
}

const transformer: Run = (inputs, { carried }) => {
  const p = inputs.slice(0, carried);
  const [x, target] = inputs.slice(carried) as [Array, Array];
  const loss = (q: Array[], data: Array, wanted: Array) => {
    const difference = transformerBlock(q, data).sub(wanted);
    return np.mean(difference.ref.mul(difference));
  };
  const [value, gradient] = jax.valueAndGrad(loss)(p.map((w) => w.ref), x, target); // biome-ignore format: one call
  return [...p.map((w, at) => w.sub((gradient[at] as Array).mul(rate))), value];
};

const of = (f: (...inputs: Array[]) => Array): Run => (inputs) => [f(...inputs)]; // biome-ignore format: one line

const tasks: { readonly [kind in TaskKind]: Run } = {
  matmulNN: of((a, b) => np.matmul(a, b)),
  matmulTN: of((a, b) => np.matmul(np.transpose(a), b)),
  matmulNT: of((a, b) => np.matmul(a, np.transpose(b))),
  linear: (inputs) => pullback(linear as never, inputs),
  mlpSgd,
  mlpAdam,
  elementwise: of(((x: Array, y: Array) => nn.relu(x.ref.mul(y).add(x))) as never),
  sumAll: of((x) => np.sum(x)),
  sumColumns: of((x) => np.sum(x, 0)),
  sumMiddle: of((x) => np.sum(x, 1)),
  meanRows: of((x) => np.mean(x, -1)),
  maxAll: of((x) => np.max(x)),
  maxColumns: of((x) => np.max(x, 0)),
  logSumExp: of((x) => nn.logsumexp(x)),
  dot: of((x, y) => np.sum(x.mul(y))),
  softmax: of((x) => nn.softmax(x, -1)),
  layerNorm: of(layerNorm as never),
  layerNormGradient: (inputs) => pullback(layerNorm as never, inputs),
  attention: of(attention as never),
  attentionGradient: (inputs) => pullback(attention as never, inputs),
  conv2d: of(convolve as never),
  conv2dGradient: (inputs) => pullback(convolve as never, inputs),
  transformer,
};

export async function openJaxJs(version: string): Promise<Peer> {
  await jax.init('webgpu');
  jax.defaultDevice('webgpu');
  const { queue } = jax.getWebGPUDevice();

  async function prepare(call: TaskCall, task: Task, inputs: readonly Float32Array[]): Promise<Prepared> {
    const body = tasks[call.kind];
    const f = jax.jit((...args: Array[]) => body(args, task)) as unknown as (...args: Array[]) => Array[];
    const arrays = task.inputs.map(({ axes }, index) => np.array(inputs[index] as Float32Array<ArrayBuffer>).reshape(Object.values(axes)));
    let carried = arrays.slice(0, task.carried);
    const rest = arrays.slice(task.carried);
    const step = () => {
      const outputs = f(...carried, ...rest.map((array) => array.ref));
      carried = outputs.slice(0, task.carried);
      return outputs;
    };
    const outputs: Float32Array[] = [];
    for (const [index, output] of step().entries()) {
      outputs.push(Float32Array.from((await (index < task.carried ? output.ref : output).data()) as ArrayLike<number>));
    }
    return {
      outputs,
      async run(count) {
        const spare: Array[] = [];
        for (let i = 0; i < count; i++) spare.push(...step().slice(task.carried));
        // what is disposed of before is not computed
        await quietly(jax.blockUntilReady([...spare, ...carried]));
        await workDone(queue);
        for (const array of spare) array.dispose();
      },
      dispose() {
        for (const array of [...carried, ...rest]) array.dispose();
      },
    };
  }
  return { name: 'jax-js', version, prepare };
}
