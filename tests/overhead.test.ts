/** A warm step asks the device for its kernels and nothing else: the counts of `npm run bench:overhead`, and that they bite. */
import { jit, ones, type Tensor, tensor } from 'adjoint';
import { beforeAll, expect, test } from 'vitest';
import { countLine, differences, openCounter, type Scenario, scenarios } from '../bench/overhead/counts.ts';

let countsOf: Awaited<ReturnType<typeof openCounter>>['countsOf'];
beforeAll(async () => {
  ({ countsOf } = await openCounter());
});

test.each(scenarios)('$name', async (scenario) => {
  const counts = await countsOf(scenario.prepare);
  console.log(countLine(scenario, counts));
  expect(differences(scenario, counts)).toEqual([]);
});

test('steps of another kind than the warm one are found out: another size each time, memory that is kept, a tick a step', async () => {
  const [step = expect.fail('no scenarios'), steps = expect.fail('one scenario')] = scenarios;
  let size = 1;
  const grows: Scenario['prepare'] = () => async () => {
    size += 1;
    await tensor(new Float32Array(size), ['n']).exp().data();
  };
  const found = differences(step, await countsOf(grows));
  for (const what of ['pipelines is 1, not 0', 'bindGroups is 1, not 0', 'maps is 1, not 0'])
    expect(found).toContain(`${step.name}: ${what}`);

  const kept: unknown[] = [];
  const keeps: Scenario['prepare'] = () => async () => {
    const y = ones(['n=7']).exp().sin();
    kept.push(y);
    await y.data();
  };
  expect(differences(step, await countsOf(keeps))).toContain(`${step.name}: buffers is 1, not 0`);

  const ticks: Scenario['prepare'] = () => {
    const once = step.prepare();
    return async () => {
      for (let i = 0; i < 10; i++) {
        await once();
        await new Promise(setImmediate);
      }
    };
  };
  expect(differences(steps, await countsOf(ticks))).toEqual([
    ...['encoders', 'passes', 'submits'].map((what) => `${steps.name}: ${what} is 10, not 1`),
    `${steps.name}: watched is 20, not 2`,
  ]);

  const takesTurns: Scenario['prepare'] = () => {
    const x = ones(['n=7']);
    const calls = ['f', 'g'].map((name) => jit((y: Tensor<['n=7']>) => y.exp(), { name }));
    return async () => {
      for (const f of calls) f(x).dispose();
    };
  };
  expect(differences(step, await countsOf(takesTurns))).toContain(`${step.name}: labels is 2, not 0`);
});
