/** The check of gradients: passes what is right, of any nesting, and names what is wrong. */
import { describe, expect, it } from 'vitest';
import { AdjointError } from '../runtime/errors.ts';
import type { Tensor } from '../types/tensor/tensor.ts';
import { checkGradient } from './checkGradient.ts';
import { tensor } from './creation.ts';
import { customVjp } from './customVjp.ts';
import { scan } from './scan.ts';

type Rows = Tensor<['n', 'c=2']>;
type Columns = Tensor<['c=2']>;

const x = tensor(new Float32Array([-1, 0.5, 2, -3, 0.25, 1]), ['n', 'c=2']);
const beta = tensor([1, 0.5], ['c']);

/** x · σ(βx), with what backward gives for β. */
const swish = (dBeta: (dy: Rows, x: Rows, slope: Rows) => Columns) =>
  customVjp(
    (x: Rows, beta: Columns) => {
      const s = x.mul(beta).sigmoid();
      return { y: x.mul(s), saved: { x, s, beta } };
    },
    ({ x, s, beta }, dy) => {
      const slope = s.mul(s.neg().add(1));
      return [dy.mul(s.add(x.mul(beta).mul(slope))), dBeta(dy, x, slope)];
    },
  );
const right = swish((dy, x, slope) => dy.mul(x.square()).mul(slope).sum('n'));

describe('a right gradient', () => {
  it('passes, with a symbolic axis', async () => {
    await checkGradient(right)(x, beta);
  });

  it('passes in nested arguments, of several results, with tensors from outside and other dtypes', async () => {
    const outside = tensor([3, 4], ['c']);
    const f = (p: { w: Columns; steps: number; ids: Tensor<['n=2'], 'i32'> }) => ({
      a: p.w.mul(outside).sin().mul(p.steps),
      b: p.w.sum(),
      c: p.ids,
    });
    await checkGradient(f)({ w: beta, steps: 2, ids: tensor([1, 0], ['n'], 'i32') });
  });

  it('passes through a loop', async () => {
    const h0 = tensor([0.1, 0.2], ['c']);
    const f = (xs: Tensor<['t=3', 'c=2']>, w: Columns) =>
      scan(xs, h0, (h: Columns, row: Columns) => {
        const next = h.mul(w).add(row).tanh();
        return { carry: next, y: next };
      }).ys;
    await checkGradient(f)(tensor([[1, 2], [3, 4], [5, 6]], ['t', 'c']), beta); // biome-ignore format: rows
  });
});

describe('a wrong gradient', () => {
  it.each([
    ['a forgotten factor', swish((dy, x, slope) => dy.mul(x).mul(slope).sum('n'))],
    ['a forgotten sum', swish((dy, x, slope) => dy.mul(x.square()).mul(slope).mean('n'))],
    ['another sign', swish((dy, x, slope) => dy.mul(x.square()).mul(slope).sum('n').neg())],
    [
      'one wrong element',
      swish((dy, x, slope) =>
        dy
          .mul(x.square())
          .mul(slope)
          .sum('n')
          .mul(tensor([1, 1.001], ['c'])),
      ),
    ],
    ['what is not a number', swish((dy, x, slope) => dy.mul(x.square()).mul(slope).sum('n').mul(Number.NaN))],
  ])('%s', async (_, wrong) => {
    await expect(checkGradient(wrong)(x, beta)).rejects.toThrow(
      /^checkGradient: the gradient of '\[1\]' is wrong: along a direction it is /,
    );
    await expect(checkGradient(wrong)(x, beta)).rejects.toThrow(AdjointError);
  });

  it('is told from a tolerated one', async () => {
    const nearly = swish((dy, x, slope) => dy.mul(x.square()).mul(slope).sum('n').mul(1.001));
    await checkGradient(nearly, { tolerance: 0.01 })(x, beta);
  });
});

it('refuses what has no gradient', async () => {
  await expect(checkGradient((t: Tensor<['n=2'], 'i32'>) => t)(tensor([1, 2], ['n'], 'i32'))).rejects.toThrow(
    'checkGradient: there is no gradient to check (take and return tensors of f32)',
  );
});
