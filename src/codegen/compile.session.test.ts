/** Compiled programs in the runtime's session: a model trains, its tensors staying on the device. */
import { expect, it } from 'vitest';
import { evaluate } from '../graph/evaluate.ts';
import { openSession } from '../runtime/session.ts';
import { sizeOf } from '../types/dim.ts';
import { at } from './at.ts';
import { compile } from './compile.ts';
import { inputsFor } from './testing/differential.ts';
import { mlpTrainStep } from './testing/mlp.ts';

it('trains a perceptron as the evaluator does', async () => {
  const graph = mlpTrainStep({ batch: 'batch', inputs: 'in=20', hidden: 'hidden=12', classes: 'class=5' }, true);
  const program = compile(graph);
  const session = await openSession({ device: 'software' });
  const symbols = { batch: 16 };
  let expected = inputsFor(graph, symbols).map((elements, i) =>
    i === 1 ? Array.from(elements, (_, row) => row % 5) : i > 5 ? Array.from(elements, () => 0) : elements,
  );
  let tensors = graph.inputs.map(({ shape, dtype }, i) => {
    const sizes = shape.map(sizeOf).map((size) => (typeof size === 'number' ? size : symbols.batch));
    return session.upload((dtype === 'i32' ? Int32Array : Float32Array).from(at(expected, i)), shape, sizes, dtype);
  });
  const losses: [number, number][] = [];
  for (let step = 0; step < 5; step++) {
    const [expectedLoss = [], ...expectedState] = evaluate(graph, expected, symbols);
    const [loss, ...state] = session.execute(program, tensors, { donate: [2, 3, 4, 5, 6, 7, 8, 9] });
    const [got = Number.NaN] = (await loss?.data()) ?? [];
    losses.push([Number(got), expectedLoss[0] ?? Number.NaN]);
    expected = [...expected.slice(0, 2), ...expectedState];
    tensors = [...tensors.slice(0, 2), ...state];
  }
  for (const [got, want] of losses) expect(got).toBeCloseTo(want, 5);
  expect(losses[4]?.[0]).toBeLessThan(losses[0]?.[0] ?? 0);
});
