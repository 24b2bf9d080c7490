/** On the software device: what a program computes, and that each kind of bad input gets its sentence. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Program } from '../program/program.ts';
import {
  AdjointError,
  DeviceLostError,
  DTypeMismatchError,
  ForeignDeviceError,
  KernelCompileError,
  LimitExceededError,
  ShapeMismatchError,
  TensorDisposedError,
  TensorDonatedError,
} from './errors.ts';
import { openSession, type Session } from './session.ts';
import type { DeviceTensor } from './tensor.ts';
import { addBatch, addProgram, addThenMultiply, broken, manyWorkgroups, step } from './testing/programs.ts';

const add = addProgram();
let session: Session;

beforeAll(async () => {
  session = await openSession({ device: 'software' });
});
afterAll(() => session.close());

const vector = (values: readonly number[], label = 'v') =>
  session.upload(Float32Array.from(values), [values.length], [values.length], 'f32', { label });
const matrix = (rows: number, columns: number, names: readonly string[] = ['batch', `in=${columns}`]) =>
  session.upload(new Float32Array(rows * columns).fill(1), names, [rows, columns], 'f32', { label: 'm' });
const run = (program: Program, ...inputs: DeviceTensor[]) => session.execute(program, inputs)[0] ?? expect.fail('no output');
const five = [1, 2, 3, 4, 5];

describe('execute', () => {
  it('adds', async () => {
    const y = run(add, vector(five), vector([10, 20, 30, 40, 50]));
    expect(y).toMatchObject({ shape: ['n=5'], sizes: [5], dtype: 'f32', state: 'pending', label: 'add: y' });
    expect(await y.data()).toEqual(Float32Array.of(11, 22, 33, 44, 55));
    expect(y.state).toBe('ready');
  });

  it('feeds outputs into the next run without waiting', async () => {
    const y = run(add, vector(five), vector(five));
    expect(await run(add, y, y).data()).toEqual(Float32Array.of(4, 8, 12, 16, 20));
    expect(await y.data()).toEqual(Float32Array.of(2, 4, 6, 8, 10));
  });

  it('specialises a symbolic axis for the sizes it meets', async () => {
    for (const batch of [3, 1, 4]) {
      const y = run(addBatch, matrix(batch, 2), matrix(batch, 2));
      expect(y).toMatchObject({ shape: ['batch', 'in=2'], sizes: [batch, 2] });
      expect(await y.data()).toEqual(new Float32Array(2 * batch).fill(2));
    }
  });

  it('passes a temporary from kernel to kernel', async () => {
    expect(await run(addThenMultiply, vector([1, 2, 3, 4, 5, 6]), vector([1, 1, 1, 1, 1, 1])).data()).toEqual(
      Float32Array.of(2, 6, 12, 20, 30, 42),
    );
  });

  it('runs more workgroups than fit one axis', async () => {
    const y = await run(manyWorkgroups, session.upload(new Float32Array(280000).fill(2), ['n=280000'], [280000], 'f32')).data();
    expect(y.every((value) => value === 3)).toBe(true);
  });

  it('trains in place: 40 steps in one tick, donated weights, one submit', async () => {
    let w = vector([8, 8, 8, 8, 8, 8]);
    const g = vector([1, 1, 1, 1, 1, 1]);
    const before = session.statistics();
    const losses: (DeviceTensor | undefined)[] = [];
    for (let i = 0; i < 40; i += 1) {
      const [next, loss] = session.execute(step, [w, g], { donate: [0] });
      w = next ?? expect.fail();
      losses.push(loss);
    }
    const read = await Promise.all(losses.map((loss) => loss?.data()));
    expect(read.map((loss) => loss?.[0])).toEqual(losses.map((_, i) => 8 - 0.5 * (i + 1)));
    expect(session.statistics().submits).toBe(before.submits + 1);
  });

  it('uploads keep apart from memory that earlier runs of the tick still use', async () => {
    const x = vector(five);
    const results: DeviceTensor[] = [];
    for (let i = 0; i < 5; i += 1) {
      const [y] = session.execute(add, [vector([i, i, i, i, i]), x], { donate: [0] });
      results.push(y ?? expect.fail());
    }
    const read = await Promise.all(results.map((y) => y.data()));
    for (const [i, y] of read.entries()) expect(y).toEqual(Float32Array.from(five, (value) => value + i));
  });
});

describe('tensors', () => {
  it.each([
    ['f32', Float32Array.of(1.5, -2)],
    ['i32', Int32Array.of(1, -2)],
    ['u32', Uint32Array.of(1, 2)],
    ['bool', Uint8Array.of(1, 0)],
  ] as const)('%s: data comes back, as a copy', async (dtype, data) => {
    const tensor = session.upload(data, ['n=2'], [2], dtype);
    const read = await tensor.data();
    expect(read).toEqual(data);
    expect(read).not.toBe(data);
  });

  it('bool is stored as u32', async () => {
    const copied = addProgram(['n=2']);
    const [bool, u32] = [{ dtype: 'bool' }, { dtype: 'bool' }] as const;
    const program: Program = {
      ...copied,
      inputs: copied.inputs.map((port) => ({ ...port, ...bool })),
      outputs: copied.outputs.map((port) => ({ ...port, ...u32 })),
      kernels: copied.kernels.map((kernel) => ({
        ...kernel,
        variants: kernel.variants.map((variant) => ({
          ...variant,
          wgsl: variant.wgsl.replaceAll('f32', 'u32').replace('b0[i] + b1[i]', 'b0[i] ^ b1[i]'),
        })),
      })),
    };
    const upload = (...bytes: number[]) => session.upload(Uint8Array.from(bytes), ['n=2'], [2], 'bool');
    expect(await run(program, upload(1, 255), upload(0, 1)).data()).toEqual(Uint8Array.of(1, 0));
  });

  it('a change to the array after the upload does not show', async () => {
    const data = Float32Array.from(five);
    const x = session.upload(data, [5], [5], 'f32');
    data.fill(0);
    expect(await run(add, x, x).data()).toEqual(Float32Array.of(2, 4, 6, 8, 10));
  });

  it('may be disposed of while a run that uses them is pending', async () => {
    const x = vector(five);
    const y = run(add, x, x);
    x.dispose();
    x.dispose();
    expect(x.state).toBe('disposed');
    expect(await y.data()).toEqual(Float32Array.of(2, 4, 6, 8, 10));
  });
});

describe('bad input is refused, in a sentence', () => {
  const refusal = (attempt: () => unknown) => {
    try {
      attempt();
    } catch (error) {
      return error;
    }
    return expect.fail('nothing was thrown');
  };
  const expectRefusal = (attempt: () => unknown, kind: new (...rest: never[]) => AdjointError, message: string) => {
    const error = refusal(attempt);
    expect(error).toBeInstanceOf(kind);
    expect(error).toHaveProperty('message', message);
    expect(error).toHaveProperty('name', kind.name);
  };

  it('wrong size', () => {
    const attempt = () => run(add, vector(five), vector([1, 2, 3]));
    expectRefusal(
      attempt,
      ShapeMismatchError,
      "add: 'w' has the wrong shape: expected [n=5], got [3] (pass a tensor of that shape, or compile the layer for these sizes)",
    );
    expect(refusal(attempt)).toMatchObject({ port: 'w', expected: '[n=5]', got: '[3]' });
  });

  it('wrong rank', () => {
    expectRefusal(
      () => run(add, vector(five), matrix(1, 5)),
      ShapeMismatchError,
      "add: 'w' has the wrong shape: expected [n=5], got [batch=1, in=5] (give it a tensor of rank 1, not 2)",
    );
  });

  it('two sizes for one symbolic axis', () => {
    expectRefusal(
      () => run(addBatch, matrix(3, 2), matrix(4, 2)),
      ShapeMismatchError,
      "addBatch: 'w' has the wrong shape: expected [batch=3, in=2], where 'x' made batch=3, got [batch=4, in=2] (pass a tensor of that shape, or compile the layer for these sizes)",
    );
  });

  it('two sizes for one symbolic axis of one input', () => {
    const square: Program = { ...addBatch, inputs: addBatch.inputs.map((port) => ({ ...port, shape: ['batch', 'batch'] })) };
    expectRefusal(
      () => run(square, matrix(3, 3), matrix(3, 2)),
      ShapeMismatchError,
      "addBatch: 'w' has the wrong shape: expected [batch=3, batch=3], where 'x' made batch=3, got [batch=3, in=2] (pass a tensor of that shape, or compile the layer for these sizes)",
    );
    expectRefusal(
      () => run(square, matrix(3, 2), matrix(3, 3)),
      ShapeMismatchError,
      "addBatch: 'x' has the wrong shape: expected [batch=3, batch=3], where 'x' made batch=3, got [batch=3, in=2] (pass a tensor of that shape, or compile the layer for these sizes)",
    );
  });

  it('a forgotten transpose', () => {
    expectRefusal(
      () => run(addBatch, matrix(3, 2), matrix(2, 3, ['in=2', 'batch'])),
      ShapeMismatchError,
      "addBatch: 'w' has the wrong shape: expected [batch=3, in=2], where 'x' made batch=3, got [in=2, batch=3] (pass its transpose, w.T)",
    );
  });

  it('wrong number of inputs', () => {
    expectRefusal(() => run(add, vector(five)), AdjointError, 'add: takes 2 inputs, got 1 (pass x, w)');
  });

  it('wrong dtype', () => {
    const integers = session.upload(Int32Array.from(five), ['n=5'], [5], 'i32');
    expectRefusal(
      () => run(add, vector(five), integers),
      DTypeMismatchError,
      "add: 'w' has the wrong dtype: expected f32, got i32 (convert 'w' to f32 before the call)",
    );
  });

  it('a tensor of a session whose device is gone', async () => {
    const other = await openSession({ device: 'software' });
    const lost = other.upload(Float32Array.from(five), ['n=5'], [5], 'f32', { label: 'w' });
    other.close();
    const { message } = await other.lost;
    expect(message).toContain('was lost');
    expectRefusal(() => run(add, vector(five), lost), DeviceLostError, message);
  });

  it('a tensor of another session', async () => {
    const other = await openSession({ device: 'software' });
    const foreign = other.upload(Float32Array.from(five), ['n=5'], [5], 'f32', { label: 'w' });
    expectRefusal(
      () => run(add, vector(five), foreign),
      ForeignDeviceError,
      `add: 'w', 'w' f32[n=5], lives on '${other.name}', not on '${session.name}' (read it with data() and upload it there)`,
    );
    other.close();
  });

  it('a disposed tensor', async () => {
    const x = vector(five, 'x');
    x.dispose();
    expectRefusal(() => run(add, x, x), TensorDisposedError, "add: 'x' f32[5] was disposed of (keep it until its last use)");
    await expect(x.data()).rejects.toThrow("data: 'x' f32[5] was disposed of");
  });

  it('a donated tensor', async () => {
    const w = vector([1, 2, 3, 4, 5, 6], 'w');
    session.execute(step, [w, vector([0, 0, 0, 0, 0, 0])], { donate: [0] });
    expect(w.state).toBe('donated');
    expectRefusal(
      () => run(step, w, w),
      TensorDonatedError,
      "step: 'w' f32[6] was donated to 'step', which reuses its memory (use what 'step' returned, or do not donate it)",
    );
    await expect(w.data()).rejects.toThrow(TensorDonatedError);
  });

  it('more than a limit', () => {
    const large: Program = { ...add, buffers: add.buffers.map((buffer) => ({ ...buffer, elements: 2 ** 40 })) };
    const limit = session.info.limits.maxBufferSize;
    expectRefusal(
      () => run(large, vector(five), vector(five)),
      LimitExceededError,
      `add: buffer 'x': needs ${4 * 2 ** 40}, but the device's maxBufferSize is ${limit} (make the tensor smaller: a smaller batch, or split it)`,
    );
  });

  it('WGSL that does not compile', async () => {
    const y = run(broken, vector(five), vector(five));
    const error = await y.data().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(KernelCompileError);
    expect(error).toMatchObject({ kernel: 'broken: sum', line: 7 });
    expect(String(error)).toContain("kernel 'broken: sum': line 7 does not compile: `let i = nonsense + (w.x + w.y * n.x) * 4u + t;`: ");
    expect(y.state).toBe('failed');
    // The rest of the session goes on.
    expect(await run(add, vector(five), vector(five)).data()).toHaveLength(5);
  });

  it.each([
    [
      'a length that is not the product of the sizes',
      new Float32Array(5),
      [2, 3],
      'f32',
      "upload of 'tensor': 'data' has the wrong shape: expected 6 elements for [n=2, m=3], got 5 (check the length of the data, or the shape)",
    ],
    [
      'sizes that differ from literal dims',
      new Float32Array(6),
      [3, 2],
      'f32',
      "upload of 'tensor': 'data' has the wrong shape: expected [n=2, m=3], got [3, 2] (give the sizes that the shape names)",
    ],
    [
      'an empty axis',
      new Float32Array(0),
      [2, 0],
      'f32',
      "upload of 'tensor': 'data' has the wrong shape: expected sizes that are whole and positive, got [2, 0] (leave out tensors with an empty axis)",
    ],
    [
      'the wrong typed array',
      new Int32Array(6),
      [2, 3],
      'f32',
      "upload of 'tensor': 'data' has the wrong dtype: expected f32, got i32 (put the elements in a Float32Array)",
    ],
    [
      'f16 in the wrong typed array',
      new Int32Array(6),
      [2, 3],
      'f16',
      "upload of 'tensor': 'data' has the wrong dtype: expected f16, got i32 (put the elements in a Float32Array)",
    ],
  ] as const)('an upload with %s', (_, data, sizes, dtype, message) => {
    expect(() => session.upload(data, ['n=2', 'm=3'], sizes, dtype)).toThrow(new AdjointError(message).message);
  });
});

it('memory of tensors that nobody refers to any more is used again', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const own = await openSession({ device: 'software' });
  let collected = 0;
  const registry = new FinalizationRegistry(() => {
    collected += 1;
  });
  const forget = async () => {
    for (let i = 0; i < 10; i += 1) {
      const x = own.upload(Float32Array.from(five), ['n=5'], [5], 'f32');
      const [sum] = own.execute(add, [x, x]);
      for (const one of [x, sum]) if (one !== undefined) registry.register(one, undefined);
      await sum?.data();
    }
  };
  await forget();
  const before = own.statistics().buffersCreated;
  // the last ones may still be held by the turn that made them
  for (let i = 0; i < 5 || (collected < 18 && i < 200); i += 1) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(collected).toBeGreaterThanOrEqual(18);
  await forget();
  expect(own.statistics().buffersCreated).toBe(before);
  own.close();
});

it('a closed session refuses, and rejects what was pending', async () => {
  const own = await openSession({ device: 'software' });
  const x = own.upload(Float32Array.from(five), ['n=5'], [5], 'f32');
  const pending = own.execute(add, [x, x])[0]?.data();
  own.close();
  await expect(pending).rejects.toThrow(`device: '${own.name}' was lost: `);
  expect(own.isLost).toBe(true);
});
