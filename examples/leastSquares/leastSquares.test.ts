/** Both ways find the weights that a solution by elimination, in f64, finds. */
import { jit, zeros } from 'adjoint';
import { expect, it } from 'vitest';
import { makeRows, truth } from './data.ts';
import { descend, normalEquations, type Rows, type Targets, type Weights } from './model.ts';

/** Gaussian elimination of the normal equations; they are positive definite, so no pivot is zero. */
function eliminate(x: readonly (readonly number[])[], y: readonly number[]): readonly number[] {
  const size = 4;
  const at = (row: readonly number[] | undefined, column: number): number => row?.[column] ?? Number.NaN;
  const rows = Array.from({ length: size }, (_, i) => [
    ...Array.from({ length: size }, (_, j) => x.reduce((sum, row) => sum + at(row, i) * at(row, j), 0)),
    x.reduce((sum, row, n) => sum + at(row, i) * at(y, n), 0),
  ]);
  for (let pivot = 0; pivot < size; pivot++) {
    for (let row = 0; row < size; row++) {
      if (row === pivot) continue;
      const factor = at(rows[row], pivot) / at(rows[pivot], pivot);
      rows[row] = (rows[row] ?? []).map((value, column) => value - factor * at(rows[pivot], column));
    }
  }
  return rows.map((row, i) => at(row, size) / at(row, i));
}

it('the normal equations and gradient descent agree with elimination, near the truth', async () => {
  const { x, y } = makeRows(1);
  const expected = eliminate(await x.array(), await y.array());
  const solved = await jit(normalEquations)(x, y, zeros(['feature=4'])).array();
  const step = jit((rows: Rows, targets: Targets, w: Weights) => descend(rows, targets, w, 0.1));
  let w: Weights = zeros(['feature=4']);
  for (let at = 0; at < 200; at++) w = step(x, y, w);
  const descended = await w.array();
  const true_ = await truth.array();
  for (const [feature, weight] of expected.entries()) {
    expect(solved[feature]).toBeCloseTo(weight, 4);
    expect(descended[feature]).toBeCloseTo(weight, 3);
    expect(Math.abs(weight - (true_[feature] ?? Number.NaN))).toBeLessThan(0.05);
  }
});
