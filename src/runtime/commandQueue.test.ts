import { describe, expect, it } from 'vitest';
import { DeviceCommandError, DeviceLostError, OutOfMemoryError } from './errors.ts';
import { Session } from './session.ts';
import { invalid, mockDevice, outOfMemory } from './testing/mockDevice.ts';
import { addProgram, addThenMultiply, step } from './testing/programs.ts';

const add = addProgram();

function start() {
  const mock = mockDevice();
  const session = new Session(mock.opened);
  const vector = (length: number, label = 'v') => session.upload(new Float32Array(length), [length], [length], 'f32', { label });
  /** The single output of `add`. */
  const sum = () => session.execute(add, [vector(5), vector(5)])[0] ?? expect.fail('no output');
  return { mock, session, vector, sum };
}

describe('a batch', () => {
  it('is one encoder, one pass and one submit for everything asked for in a tick', async () => {
    const { mock, session, vector } = start();
    const [a] = session.execute(add, [vector(5, 'x'), vector(5, 'w')]);
    const [b] = session.execute(addThenMultiply, [vector(6, 'x'), vector(6, 'w')]);
    expect(mock.calls).toEqual([]);
    await Promise.all([a?.data(), b?.data()]);
    expect(mock.calls.filter((call) => !/^create(Buffer|Bind|Pipeline|Shader|Compute)/.test(call))).toEqual([
      'writeBuffer x',
      'writeBuffer w',
      'writeBuffer x',
      'writeBuffer w',
      'createCommandEncoder adjoint batch',
      'beginComputePass add',
      ...[
        'setPipeline',
        'setBindGroup',
        'dispatch 2,1',
        'setPipeline',
        'setBindGroup',
        'dispatch 2,1',
        'setPipeline',
        'setBindGroup',
        'dispatch 2,1',
      ],
      'end',
      'copy',
      'copy',
      'finish',
      'submit',
      'mapAsync',
      'unmap',
    ]);
  });

  it('labels every object', async () => {
    const { mock, sum } = start();
    await sum().data();
    expect(mock.unlabelled).toEqual([]);
    expect(mock.calls).toContain('createBuffer add: y');
    expect(mock.calls).toContain('createComputePipeline add: sum');
  });

  it('copies what is read before a later run takes the memory over', async () => {
    const { mock, session, vector } = start();
    const [w] = session.execute(step, [vector(6), vector(6)]);
    if (!w) return expect.fail('no output');
    const read = w.data();
    await Promise.resolve();
    session.execute(step, [w, vector(6)], { donate: [0] });
    await read;
    await session.execute(add, [vector(5), vector(5)])[0]?.data();
    const copies = mock.calls.flatMap((call, index) => (call === 'copy' ? [index] : []));
    expect(copies[0]).toBeLessThan(mock.calls.lastIndexOf('dispatch 1,1'));
  });

  it('makes pipelines and bind groups once', async () => {
    const { mock, session, vector } = start();
    const [x, w] = [vector(5), vector(5)];
    for (let run = 0; run < 3; run += 1) {
      const [y] = session.execute(add, [x, w]);
      await y?.data();
      y?.dispose();
    }
    expect(mock.count('createComputePipeline')).toBe(1);
    expect(mock.count('createBindGroup add')).toBe(1);
    expect(session.statistics()).toMatchObject({ submits: 3, dispatches: 3, pipelinesCreated: 1 });
  });

  it('compiles everything in parallel, and tells how far it is', async () => {
    const mock = mockDevice();
    const told: [number, number][] = [];
    const session = new Session({ ...mock.opened, onCompile: (done, total) => told.push([done, total]) });
    const vector = (length: number) => session.upload(new Float32Array(length), [length], [length], 'f32');
    const runs = [session.execute(add, [vector(5), vector(5)]), session.execute(addThenMultiply, [vector(6), vector(6)])];
    await Promise.all(runs.flat().map((y) => y.data()));
    expect(told).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
  });

  it('allocates nothing in the steady state of a training loop', async () => {
    const { mock, session, vector } = start();
    let w = vector(6);
    const buffersAfter: number[] = [];
    for (let i = 0; i < 20; i += 1) {
      using g = vector(6);
      const [next, loss] = session.execute(step, [w, g], { donate: [0] });
      if (!next || !loss) return expect.fail('no output');
      w = next;
      await loss.data();
      loss.dispose();
      buffersAfter.push(mock.count('createBuffer'));
    }
    expect(new Set(buffersAfter.slice(2)).size).toBe(1);
    expect(mock.count('destroy')).toBe(0);
  });

  it('shares temporaries between runs of one tick', async () => {
    const { mock, session, vector } = start();
    const [x, w] = [vector(6), vector(6)];
    const runs = [1, 2, 3].map(() => session.execute(addThenMultiply, [x, w])[0]);
    await Promise.all(runs.map((y) => y?.data()));
    const inputs = 2;
    const outputs = 3;
    const temporaries = 1;
    const staging = 1;
    expect(mock.count('createBuffer')).toBe(inputs + outputs + temporaries + staging);
  });
});

describe('a long loop without a wait', () => {
  it('is submitted as it goes, and sets again only what is another', async () => {
    const { mock, session, vector } = start();
    const [x, w] = [vector(5), vector(5)];
    const once = () => session.execute(add, [x, w])[0] ?? expect.fail('no output');
    await once().data();
    const before = mock.calls.length;
    const kept = once();
    for (let i = 0; i < 199; i += 1) once().dispose();
    const soFar = mock.calls.slice(before);
    expect(soFar.filter((call) => call === 'submit')).toHaveLength(3);
    await kept.data();
    const after = mock.calls.slice(before);
    expect(after.filter((call) => call.startsWith('dispatch'))).toHaveLength(200);
    expect(after.filter((call) => call === 'submit')).toHaveLength(4);
    expect(after.filter((call) => call === 'setPipeline')).toHaveLength(4);
  });

  it('waits for pipelines all the same', async () => {
    const { session, vector } = start();
    const [x, w] = [vector(5), vector(5)];
    const results = Array.from({ length: 300 }, () => session.execute(add, [x, w])[0] ?? expect.fail('no output'));
    expect(session.statistics().submits).toBe(0);
    for (const y of results) await expect(y.data()).resolves.toHaveLength(5);
  });
});

describe('an error found late', () => {
  it('out of memory: marks the outputs, and frees what is idle', async () => {
    const { mock, sum } = start();
    const y = sum();
    mock.failNext('out-of-memory', outOfMemory());
    await expect(y.data()).rejects.toThrow(OutOfMemoryError);
    await expect(y.data()).rejects.toThrow(
      /^add: the device is out of memory: \d+ bytes .* \(dispose of tensors, or use a smaller batch\)$/,
    );
    expect(y.state).toBe('failed');
    await expect(sum().data()).resolves.toHaveLength(5);
  });

  it('passes on to runs that used the outputs, in the same and in later batches', async () => {
    const { mock, session, sum, vector } = start();
    await sum().data();
    const y = sum();
    mock.failNext('validation', invalid());
    const [same] = session.execute(add, [y, vector(5)]);
    await Promise.resolve();
    const [later] = session.execute(add, [y, vector(5)]);
    await expect(later?.data()).rejects.toThrow('add: the device refused the run: not valid');
    await expect(same?.data()).rejects.toThrow(DeviceCommandError);
    const [after] = session.execute(add, [y, vector(5)]);
    expect(after?.state).toBe('failed');
    await expect(after?.data()).rejects.toThrow('not valid');
  });

  it('an exception while encoding rejects the reads instead of hanging', async () => {
    const { mock, sum } = start();
    const y = sum();
    mock.throwNext(new RangeError('too big'));
    await expect(y.data()).rejects.toThrow('add: the device refused the run: too big');
    await expect(sum().data()).resolves.toHaveLength(5);
  });

  it('a lost device rejects what is pending, and every later call', async () => {
    const { mock, session, sum, vector } = start();
    const y = sum();
    const read = y.data();
    mock.lose('unplugged');
    await expect(read).rejects.toThrow(DeviceLostError);
    expect((await session.lost).message).toMatch(/^device: 'mock, session \d+' was lost: unplugged \(create its tensors again: .*\)$/);
    expect(session.isLost).toBe(true);
    expect(() => session.execute(add, [vector(5), vector(5)])).toThrow(DeviceLostError);
    await expect(y.data()).rejects.toThrow(DeviceLostError);
  });
});
