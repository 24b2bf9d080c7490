/** A scan: values, gradients through time, and what is refused. */
import { describe, expect, it } from 'vitest';
import { compile } from '../codegen/compile.ts';
import { type JitDefinition, jitTag } from '../codegen/tracedLayer.ts';
import { finiteDifferenceVjp } from '../graph/testing/finiteDifference.ts';
import { uniform } from '../graph/testing/uniform.ts';
import type { Structure } from '../program/structure.ts';
import { ShapeError } from '../types/shapeError.ts';
import type { Tensor } from '../types/tensor/tensor.ts';
import { checkpoint } from './checkpoint.ts';
import { tensor, zeros } from './creation.ts';
import { jit } from './jit.ts';
import { unnest } from './nested.ts';
import { scan } from './scan.ts';
import { inF64 } from './testing/evaluateLanguage.ts';
import { grad, vjp } from './vjp.ts';

type Xs = Tensor<['t=4', 'n=2']>;
type H = Tensor<['n=2']>;
/** h ← h · x + 1 */
const horner = (xs: Xs, h0: H) =>
  scan(xs, h0, (h, x) => {
    const carry = h.mul(x).add(1);
    return { carry, y: carry.mul(2) };
  });

it('gives each result and the last carry', async () => {
  const xs = tensor(
    [
      [1, 2],
      [3, 0],
      [1, 1],
    ],
    ['t', 'n'],
  );
  const { carry, ys } = scan(xs, zeros(['n=2']), (sum, x) => ({ carry: sum.add(x), y: sum.add(x).mul(10) }));
  const typed: [Tensor<['n=2']>, Tensor<['t=3', 'n=2']>] = [carry, ys];
  expect(await Promise.all([typed[0].array(), typed[1].array()])).toEqual([
    [5, 3],
    [
      [10, 20],
      [40, 20],
      [50, 30],
    ],
  ]);
});

it('has a gradient through all steps', () => {
  const shapes = [['t=4', 'n=2'], ['n=2']] as const;
  const f = inF64((xs: Xs, h: H) => [horner(xs, h).ys, horner(xs, h).carry], shapes);
  const inputs = [uniform(8, 1), uniform(2, 2)];
  const cotangents = [uniform(8, 3), uniform(2, 4)];
  const g = inF64(
    (xs: Xs, h: H, dys: Xs, dh: H) =>
      vjp((a: Xs, b: H) => {
        const { ys, carry } = horner(a, b);
        return [ys, carry] as const;
      })(xs, h).backward([dys, dh]),
    [...shapes, ...shapes],
  );
  const expected = finiteDifferenceVjp(f, inputs, cotangents);
  for (const [at, gradient] of g([...inputs, ...cotangents]).entries()) {
    for (const [index, value] of gradient.entries()) expect(value).toBeCloseTo(expected[at]?.[index] ?? Number.NaN, 7);
  }
});

it('runs 40 steps on a device: more results than a kernel has bindings', async () => {
  const f = jit((xs: Tensor<['t=40', 'n=2']>, h: H) => scan(xs, h, (sum, x) => ({ carry: sum.add(x).mul(0.5), y: sum.add(x) })).ys);
  const ys = await f(tensor(new Float32Array(80).fill(1), ['t=40', 'n=2']), zeros(['n=2'])).data();
  let sum = 0;
  for (let t = 0; t < 40; t++) {
    expect(ys[2 * t]).toBeCloseTo(sum + 1, 5);
    sum = (sum + 1) / 2;
  }
});

it('runs its step once, and keeps what a checkpoint takes where the step is one', () => {
  let calls = 0;
  type State = Tensor<['k=3', 'n=2']>;
  type Weights = { readonly up: Tensor<['n=2', 'm=32']>; readonly down: Tensor<['m=32', 'n=2']> };
  const block = (h: State, { up, down }: Weights): State => {
    calls++;
    return h.matmul(up).tanh().matmul(down);
  };
  const programOf = (step: typeof block, t: 't=8' | 't=64') => {
    const loss = (w: Weights, xs: Tensor<['t=8', 'k=3', 'n=2']>, h: State) =>
      scan(xs, h, (carry, x) => {
        const next = step(carry.add(x), w);
        return { carry: next, y: next };
      }).ys.sum();
    const { structure } = unnest([
      { up: zeros(['n=2', 'm=32']), down: zeros(['m=32', 'n=2']) },
      zeros(['t=8', 'k=3', 'n=2']),
      zeros(['k=3', 'n=2']),
    ]);
    const text = JSON.stringify(structure).replaceAll('t=8', t);
    const args = JSON.parse(text) as { readonly items: readonly Structure[] };
    const definition = (jit(grad(loss)) as unknown as { readonly [jitTag]: JitDefinition })[jitTag];
    return compile(definition.trace('step', args.items, []).forward);
  };
  const [plain, long, again] = [programOf(block, 't=8'), programOf(block, 't=64'), programOf(checkpoint(block), 't=64')];
  expect(calls).toBe(3);
  expect(long.kernels.length).toBe(plain.kernels.length);
  // the 96 numbers of a step, which a checkpoint computes again
  expect(Number(long.statistics.temporaryBytes) - Number(again.statistics.temporaryBytes)).toBeGreaterThan(60 * 96 * 4);
});

describe('refused', () => {
  const step = (carry: number) => ({ carry, y: zeros([]) });
  const counted = (carry: number) => ({ carry: carry + 1, y: zeros([]) });
  it.each<[() => unknown, string]>([
    [() => scan(zeros([]) as never, 0, step), "scan: the first axis of [] has no size (give it one, such as 't=8')"],
    [() => scan(zeros(['t', 'n=2']), 0, step as never), "scan: the first axis of [t, n=2] has no size (give it one, such as 't=8')"],
    [
      () => scan(zeros(['t=2']), 0, () => ({ carry: 0, y: 3 as never })),
      'scan: the step gives no tensor (return { carry, y } with y a tensor)',
    ],
    [
      () => scan(zeros(['t=2']), 0, () => ({ carry: 0, y: zeros(['t=2']) })),
      "scan: the result would name 't' twice: [t=2, t=2] (rename one of the axes first)",
    ],
    [
      () => {
        let at = 0;
        return scan(zeros(['t=2']), 0, (carry) => ({ carry, y: (at++ === 0 ? zeros([2]) : zeros([3])) as Tensor<[2]> }));
      },
      'scan: the step gives [3] after [2] (all its results have one shape)',
    ],
    ...[() => scan(zeros(['t=2']), 0, counted), () => scan(zeros(['t=8']), 0, counted)].map((call): [() => unknown, string] => [
      call,
      'scan: the carry differs from the one before: the value is 1, not 0 (each step leaves the structure and the shapes that it took; what changes is a tensor)',
    ]),
    [
      () => scan(zeros(['t=8']), { h: zeros([2]) }, (_) => ({ carry: { h: zeros([3]) } as never, y: zeros([]) })),
      "scan: the carry differs from the one before: 'h' is f32[3], not f32[2] (each step leaves the structure and the shapes that it took; what changes is a tensor)",
    ],
  ])('%s', (call, sentence) => {
    expect(call).toThrow(new ShapeError(sentence));
  });
});
