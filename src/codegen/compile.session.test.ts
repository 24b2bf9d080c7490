/** Compiled programs in the runtime's session: a model trains, its tensors staying on the device. */
import { expect, it } from 'vitest';
import * as b from '../graph/build.ts';
import { evaluate } from '../graph/evaluate.ts';
import { makeGraph } from '../graph/graph.ts';
import { openSession } from '../runtime/session.ts';
import { sizeOf } from '../types/dim.ts';
import { at } from './at.ts';
import { compile } from './compile.ts';
import { inputsFor } from './testing/differential.ts';
import { mlpTrainStep } from './testing/mlp.ts';

it('trains a perceptron as the evaluator does', async () => {
  const graph = mlpTrainStep({ batch: 'batch', inputs: 'in=20', hidden: 'hidden=12', classes: 'class=5' }, true);
  const donate = [2, 3, 4, 5, 6, 7, 8, 9];
  const program = compile(graph, { donated: donate });
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
    const [loss, ...state] = session.execute(program, tensors, { donate });
    const [got = Number.NaN] = (await loss?.data()) ?? [];
    losses.push([Number(got), expectedLoss[0] ?? Number.NaN]);
    expected = [...expected.slice(0, 2), ...expectedState];
    tensors = [...tensors.slice(0, 2), ...state];
  }
  for (const [got, want] of losses) expect(got).toBeCloseTo(want, 5);
  expect(losses[4]?.[0]).toBeLessThan(losses[0]?.[0] ?? 0);
});

it('a program that writes over its inputs gives the same where they are not donated, or are given twice', async () => {
  const [w, g] = ['w', 'g'].map((name) => b.input(name, ['n=4'], 'f32')) as [ReturnType<typeof b.input>, ReturnType<typeof b.input>]; // seam: two names
  const graph = makeGraph('step', [w, g], [b.sub(w, g), b.mul(w, g)]);
  const program = compile(graph, { donated: [0, 1] });
  expect(program.outputs.map(({ buffer }) => buffer)).toEqual([0, 1]);
  const session = await openSession({ device: 'software' });
  const tensor = (...values: number[]) => session.upload(Float32Array.from(values), ['n=4'], [4], 'f32');
  const results = async (tensors: ReturnType<typeof session.execute>) =>
    (await Promise.all(tensors.map((one) => one.data()))).map((data) => [...data]);

  const [x, y] = [tensor(5, 6, 7, 8), tensor(1, 2, 3, 4)];
  const expected = [
    [4, 4, 4, 4],
    [5, 12, 21, 32],
  ];
  expect(await results(session.execute(program, [x, y]))).toEqual(expected);
  expect(await results(session.execute(program, [x, y], { donate: [1] }))).toEqual(expected);
  expect([...(await x.data())]).toEqual([5, 6, 7, 8]);
  expect(await results(session.execute(program, [x, x], { donate: [0, 1] }))).toEqual([
    [0, 0, 0, 0],
    [25, 36, 49, 64],
  ]);

  // what was read before the memory is written over is what was there before
  const [sum = expect.fail('no sum')] = session.execute(program, [tensor(9, 9, 9, 9), tensor(1, 2, 3, 4)]);
  const read = sum.data();
  const next = results(session.execute(program, [sum, tensor(1, 1, 1, 1)], { donate: [0, 1] }));
  expect([...(await read)]).toEqual([8, 7, 6, 5]);
  expect((await next)[0]).toEqual([7, 6, 5, 4]);
});
