/** vjp, grad, valueAndGrad, customVjp and jit: values, nesting, and what they refuse. */
import { describe, expect, it } from 'vitest';
import { defaultSession } from '../runtime/device.ts';
import { TensorDisposedError, TensorDonatedError } from '../runtime/errors.ts';
import { ShapeError } from '../types/shapeError.ts';
import type { Tensor } from '../types/tensor/tensor.ts';
import { full, ones, tensor, zeros } from './creation.ts';
import { customVjp } from './customVjp.ts';
import { jit } from './jit.ts';
import { grad, valueAndGrad, vjp } from './vjp.ts';

const x = tensor([1, 2, 3], ['n']);
const cube = (t: Tensor<['n=3']>): Tensor<[]> => t.mul(t).mul(t).sum();

describe('grad', () => {
  it('is the derivative', async () => {
    expect(await grad(cube)(x).array()).toEqual([3, 12, 27]);
  });

  it('nests: the second and third derivative', async () => {
    const second = grad((t: Tensor<['n=3']>) => grad(cube)(t).sum());
    expect(await second(x).array()).toEqual([6, 12, 18]);
    expect(await grad((t: Tensor<['n=3']>) => second(t).sum())(x).array()).toEqual([6, 6, 6]);
  });

  it('follows any nesting, and gives null where there is no gradient', async () => {
    const parameters = { layers: [{ w: x }, { w: full(['n=3'], 2) }] as const, steps: 4, index: tensor([1, 0, 1], ['n'], 'i32') };
    const { value, gradient } = valueAndGrad((p: typeof parameters) => p.layers[0].w.mul(p.layers[1].w).sum())(parameters);
    expect(await value.item()).toBe(12);
    expect(await gradient.layers[0].w.array()).toEqual([2, 2, 2]);
    expect(await gradient.layers[1].w.array()).toEqual([1, 2, 3]);
    expect(gradient.steps).toBeNull();
    expect(gradient.index).toBeNull();
  });

  it('is zero for what the result does not depend on', async () => {
    expect(await grad((p: { a: Tensor<['n=3']>; b: Tensor<['n=3']> }) => p.a.sum())({ a: x, b: x }).b.array()).toEqual([0, 0, 0]);
  });

  it('tells two uses of one tensor apart', async () => {
    const [a, b] = vjp((s: Tensor<['n=3']>, t: Tensor<['n=3']>) => s.mul(t.mul(t)))(x, x).backward(ones(['n=3']));
    expect(await a.array()).toEqual([1, 4, 9]);
    expect(await b.array()).toEqual([2, 8, 18]);
  });

  it('does not reach tensors that the function only reads from outside', async () => {
    expect(await grad((t: Tensor<['n=3']>) => t.mul(x).sum())(x).array()).toEqual([1, 2, 3]);
  });

  it('refuses a function that returns no scalar', () => {
    const wrong = ((t: Tensor<['n=3']>) => t) as never as (t: Tensor<['n=3']>) => Tensor<[]>;
    expect(() => grad(wrong)(x)).toThrow(new ShapeError('grad: the function returns [n=3], not a scalar (take .sum() or .mean() of it)'));
  });
});

describe('vjp', () => {
  it('refuses a cotangent of another shape or structure', () => {
    const { backward } = vjp((t: Tensor<['n=3']>) => ({ double: t.mul(2) }))(x);
    expect(() => backward({ double: zeros(['n=4']) as never })).toThrow(
      new ShapeError(
        "backward: the cotangent does not fit the result: 'double' is f32[n=4], not f32[n=3] (give dy the structure and the shapes of y)",
      ),
    );
    expect(() => backward({} as never)).toThrow("the value has no 'double'");
  });

  it('takes results of several tensors', async () => {
    const { y, backward } = vjp((t: Tensor<['n=3']>) => [t.mul(2), t.sum()] as const)(x);
    expect(await y[1].item()).toBe(6);
    const [dx] = backward([ones(['n=3']), full([], 10)]);
    expect(await dx.array()).toEqual([12, 12, 12]);
  });

  it('refuses arguments that are neither tensors nor plain data', () => {
    expect(() => vjp((_: Date) => x)(new Date(0))).toThrow('is a Date');
  });
});

describe('customVjp', () => {
  const doubled = customVjp(
    (t: Tensor<['n=3']>) => ({ y: t.mul(t), saved: { t } }),
    (saved, dy) => [dy.mul(saved.t).mul(4)],
  );

  it('has the gradient that was written, not the true one', async () => {
    expect(await doubled(x).array()).toEqual([1, 4, 9]);
    expect(await grad((t: Tensor<['n=3']>) => doubled(t).sum())(x).array()).toEqual([4, 8, 12]);
  });

  it('can be differentiated again, through its backward', async () => {
    const second = grad((t: Tensor<['n=3']>) => grad((s: Tensor<['n=3']>) => doubled(s).sum())(t).sum());
    expect(await second(x).array()).toEqual([4, 4, 4]);
  });

  it('calls backward once for several results', async () => {
    let calls = 0;
    const both = customVjp(
      (t: Tensor<['n=3']>) => ({ y: { a: t.mul(2), b: t.mul(3) }, saved: null }),
      (_, dy) => {
        calls += 1;
        return [dy.a.mul(2).add(dy.b.mul(3))];
      },
    );
    const gradient = grad((t: Tensor<['n=3']>) => both(t).a.add(both(t).b).sum())(x);
    expect(await gradient.array()).toEqual([5, 5, 5]);
    expect(calls).toBe(2);
  });

  it('refuses a gradient of another shape', () => {
    const wrong = customVjp(
      (t: Tensor<['n=3']>) => ({ y: t.mul(2), saved: null }),
      () => [zeros(['n=4'])] as never,
    );
    expect(() => grad((t: Tensor<['n=3']>) => wrong(t).sum())(x)).toThrow(
      new ShapeError(
        "customVjp: backward's result does not fit the arguments: '[0]' is f32[n=4], not f32[n=3] (give one gradient for each argument, of its shape)",
      ),
    );
  });
});

describe('jit', () => {
  it('traces once for each shape and value of plain arguments', async () => {
    let traces = 0;
    const scaled = jit((t: Tensor<['batch', 'in=2']>, factor: number) => {
      traces += 1;
      return t.mul(factor);
    });
    const of = (rows: number) => tensor(new Float32Array(rows * 2).fill(1), ['batch', 'in=2']);
    expect(await scaled(of(1), 2).array()).toEqual([[2, 2]]);
    expect(await scaled(of(2), 2).array()).toEqual([
      [2, 2],
      [2, 2],
    ]);
    expect(traces).toBe(1);
    expect(await scaled(of(1), 3).array()).toEqual([[3, 3]]);
    expect(traces).toBe(2);
  });

  it('runs a step in one submit and creates nothing in the steady state', async () => {
    const step = jit((w: Tensor<['n=3']>, g: Tensor<['n=3']>) => w.sub(g.mul(0.5)), { donate: [0] });
    let w = tensor([8, 8, 8], ['n']);
    const g = ones(['n=3']).add(zeros(['n=3']));
    for (let i = 0; i < 3; i++) w = step(w, g);
    await w.data();
    const session = await defaultSession();
    const before = session.statistics();
    for (let i = 0; i < 5; i++) {
      w = step(w, g);
      await session.device.queue.onSubmittedWorkDone();
    }
    expect(await w.array()).toEqual([4, 4, 4]);
    const after = session.statistics();
    expect(after.pipelinesCreated).toBe(before.pipelinesCreated);
    expect(after.buffersCreated - before.buffersCreated).toBeLessThanOrEqual(1);
  });

  it('composes with grad, inside and outside', async () => {
    expect(await jit(grad(cube))(x).array()).toEqual([3, 12, 27]);
    expect(await grad(jit(cube))(x).array()).toEqual([3, 12, 27]);
    expect(await jit((t: Tensor<['n=3']>) => jit(cube)(t.mul(2)))(x).item()).toBe(8 * 36);
  });

  it('sees through a function that reads what an outer one is differentiated by, or traced with', async () => {
    const readsOuter = (w: Tensor<['n=3']>) => jit((t: Tensor<['n=3']>) => t.mul(w))(x).sum();
    expect(await grad(readsOuter)(x).array()).toEqual([1, 2, 3]);
    expect(await jit(readsOuter)(x).item()).toBe(14);
    expect(await jit(grad(readsOuter))(x).array()).toEqual([1, 2, 3]);
  });

  it('keeps data that the function reads from outside', async () => {
    const scale = tensor([1, 10, 100], ['n']);
    expect(await jit((t: Tensor<['n=3']>) => t.mul(scale))(x).array()).toEqual([1, 20, 300]);
  });

  it('returns an argument, or one value twice, as tensors of their own', async () => {
    const [same, twice, again] = jit((t: Tensor<['n=3']>) => [t, t.mul(2), t.mul(2)] as const)(x);
    twice.dispose();
    expect(await same.array()).toEqual([1, 2, 3]);
    expect(await again.array()).toEqual([2, 4, 6]);
  });

  it('refuses to read a tensor while it traces', async () => {
    let read: Promise<unknown> = Promise.resolve();
    jit((t: Tensor<['n=3']>) => {
      read = t.data();
      return t.mul(2);
    })(x);
    await expect(read).rejects.toThrow(
      'data: the tensor has no data while a function is being traced (return it from the function and read it outside)',
    );
  });

  it('refuses donated and disposed tensors, by name', async () => {
    const t = tensor([1, 2, 3], ['n']);
    jit((s: Tensor<['n=3']>) => s.mul(2), { name: 'double', donate: [0] })(t);
    await expect(t.data()).rejects.toThrow(TensorDonatedError);
    expect(() => t.add(1)).toThrow("was donated to 'double'");
    const u = tensor([1, 2, 3], ['n']);
    u.dispose();
    await expect(u.data()).rejects.toThrow(TensorDisposedError);
    expect(() => x.add(u)).toThrow(TensorDisposedError);
    expect(() => u.sum('n')).toThrow('sum: f32[n=3] was disposed of (keep it until its last use)');
    expect(() => u.neg()).toThrow('neg: f32[n=3] was disposed of');
    expect(() => jit((s: Tensor<['n=3']>) => s, { donate: [1] })(x)).toThrow('there is no argument 1 to donate');
  });
});

describe('symbolic axes', () => {
  const of = (rows: number) => tensor(new Float32Array(rows * 2).fill(rows), ['batch', 'in=2']);

  it('have one size in a program', () => {
    expect(() => of(2).add(of(3))).toThrow(
      new ShapeError(
        "add: axis 'batch' has two sizes: [batch, in=2] with batch=2, [batch, in=2] with batch=3 (give the axes two names, or tensors of one size)",
      ),
    );
  });

  it('keep their size under another name', async () => {
    const rows = of(2).rename({ batch: 'row' });
    expect(rows.shape).toEqual(['row=batch', 'in=2']);
    expect(rows.sizes).toEqual([2, 2]);
    const scores = of(2).matmul(rows.T);
    expect(scores.shape).toEqual(['batch', 'row=batch']);
    expect(await scores.array()).toEqual([
      [8, 8],
      [8, 8],
    ]);
  });

  it('are averaged over by their size at run time', async () => {
    const mean = jit((t: Tensor<['batch', 'in=2']>) => t.mean('batch'));
    expect(await mean(of(4)).array()).toEqual([4, 4]);
    expect(await mean(of(5)).array()).toEqual([5, 5]);
  });
});

describe('reading', () => {
  it('item refuses more than one element', async () => {
    await expect(x.item()).rejects.toThrow(
      new ShapeError('item: 3 elements: [n=3] (reduce to one, with .sum() or .mean(), or read .array())'),
    );
  });

  it('fails alone: another tensor read in the same turn still arrives', async () => {
    const [bad, good] = await Promise.allSettled([zeros(['batch']).data(), x.mul(2).data()]);
    expect(bad.status).toBe('rejected');
    expect(good.status === 'fulfilled' && [...good.value]).toEqual([2, 4, 6]);
  });
});

it('the gradient of a sum over a symbolic axis has its size, though it reads nothing', async () => {
  const x = tensor(new Float32Array(6), ['batch', 'in=2']);
  expect(await grad((at: typeof x) => at.sum())(x).array()).toEqual([
    [1, 1],
    [1, 1],
    [1, 1],
  ]);
});
