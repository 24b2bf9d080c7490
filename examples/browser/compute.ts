/** What the page computes with the compiled module: the worked example, and a larger layer. The same file runs under Node. */
import { randn } from 'adjoint/random';
import { ones, tensor, vjp } from 'adjoint/runtime';
import { linear } from '../linear/linear.adjoint.ts';

/** dX, dW and db of Y = XW + b, where dY is all ones. */
export async function workedExample() {
  const X = tensor(
    [
      [1, 0],
      [0, 1],
      [1, 1],
    ],
    ['n', 'in'],
  );
  const W = tensor(
    [
      [2, 1],
      [-1, 3],
    ],
    ['in', 'out'],
  );
  const b = tensor([0.5, -2], ['out']);
  const { y, backward } = vjp(linear)(X, { w: W, b });
  const [dX, { w: dW, b: db }] = backward(ones(['n=3', 'out=2']));
  return { Y: await y.array(), dX: await dX.array(), dW: await dW.array(), db: await db.array() };
}

/** Forward and backward of a layer of odd sizes. The first time compiles the kernels, so the second one is timed. */
export async function largerLayer() {
  const x = randn(['row=129', 'in=257'], { seed: 1 });
  const p = { w: randn(['in=257', 'out=65'], { seed: 2 }), b: randn(['out=65'], { seed: 3 }) };
  const dy = randn(['row=129', 'out=65'], { seed: 4 });
  const once = async () => {
    const { y, backward } = vjp(linear)(x, p);
    const [dX, { w: dW, b: db }] = backward(dy);
    return Promise.all([y.data(), dX.data(), dW.data(), db.data()]);
  };
  await once();
  const start = performance.now();
  const [Y, DX, DW, DB] = await once();
  return { milliseconds: performance.now() - start, elements: { Y, dX: DX, dW: DW, db: DB } };
}
