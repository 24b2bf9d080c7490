/** Loops for tests, and the same steps one after another. */
import type { Dim } from '../../types/dim.ts';
import * as b from '../build.ts';
import type { LoopStep, loop } from '../loop.ts';
import type { Value } from '../value.ts';

type Run = typeof loop;

/** The same as `loop`, as one step after the other. */
export const unrolled: Run = (axis, initial, xs, step) => {
  const count = Number(`${axis}`.split('=').at(-1));
  let carries = initial;
  const all: (readonly Value[])[] = [];
  for (let i = 0; i < count; i++) {
    const rows = xs.map((x) => b.gather(x, b.constant(i, [], 'u32'), 0));
    const result = step(b.constant(i, [], 'u32'), carries, rows);
    carries = result.carries;
    all.push(result.each);
  }
  const each = (all[0] ?? []).map((first, at) => {
    const shape = [axis, ...first.shape];
    const rest = first.shape.map((_, i) => i + 1);
    const isAt = (i: number) => b.compare(b.iota(0, shape, 'u32'), b.constant(i, shape, 'u32'), 'eq');
    return all.reduce(
      (stack, values, i) => b.select(isAt(i), b.broadcast(values[at] as Value, shape, rest), stack),
      b.constant(0, shape, first.dtype),
    );
  });
  return { carries, each };
};

/** h ← tanh(x + h W), scaled by its place; a count of steps; twice the state at each. */
export function recurrence(run: Run, axis: Dim, x: Value, h0: Value, w: Value): LoopStep {
  return run(axis, [h0, b.constant(0, [], 'i32')], [x], (index, [h, steps], [row]) => {
    if (h === undefined || steps === undefined || row === undefined) throw new Error('two carries and a row');
    const product = b.contract(h, b.mul(w, b.constantLike(w, 0.5)), { left: [1], right: [0] });
    const next = b.tanh(b.add(b.add(row, product), b.broadcast(b.mul(b.cast(index, 'f32'), b.constant(0.125, [], 'f32')), h.shape, [])));
    return { carries: [next, b.add(steps, b.constantLike(steps, 1))], each: [b.add(next, h)] };
  });
}
