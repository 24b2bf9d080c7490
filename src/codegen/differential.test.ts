/** Random programs over every primitive and dtype, in every way they can run, against the f64 evaluator: see `testing/checkProgram.ts`. */
import { beforeAll, describe, expect, it } from 'vitest';
import { cos, isPrimitive } from '../graph/build.ts';
import { evaluate } from '../graph/evaluate.ts';
import { mapGraph } from '../graph/graph.ts';
import { substitute } from '../graph/substitute.ts';
import { jit } from '../language/jit.ts';
import { LazyTensor } from '../language/lazyTensor.ts';
import { hostTensor } from '../runtime/hostTensor.ts';
import { compile } from './compile.ts';
import { bound, inputsOf, reportOf, stepsOf } from './testing/checkProgram.ts';
import { errorOf } from './testing/differential.ts';
import { drawn, randomProgram } from './testing/randomProgram.ts';
import { softwareDevice } from './testing/softwareDevice.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await softwareDevice();
});

/** `npm run differential` runs more of them. */
const seeds = Array.from({ length: 12 }, (_, seed) => seed);

describe('random programs', () => {
  it.each(seeds)(
    'seed %i',
    async (seed) => {
      expect(await reportOf(device, seed)).toBeUndefined();
    },
    60_000,
  );

  it('use every primitive', () => {
    const made = new Set(Array.from({ length: 400 }, (_, seed) => randomProgram(stepsOf(seed)).made).flat());
    expect(drawn.filter((primitive) => !made.has(primitive))).toEqual([]);
  });

  it('are compiled at run time, too', async () => {
    for (const seed of [1, 2, 3]) {
      const { graph } = randomProgram(stepsOf(seed));
      const inputs = inputsOf(graph);
      const arrays = { f32: Float32Array, i32: Int32Array, u32: Uint32Array, bool: Uint8Array, f16: Float32Array } as const;
      const step = jit((...xs: LazyTensor[]) => {
        const values = new Map(graph.inputs.map((value, i) => [value, xs[i]?.value]));
        return substitute(graph.outputs, (value) => values.get(value)).map((value) => new LazyTensor(value)) as never;
      });
      const tensors = graph.inputs.map(({ shape, dtype }, i) => {
        const made = LazyTensor.of(hostTensor(arrays[dtype === 'bool' ? 'u32' : dtype].from(inputs[i] ?? []), shape));
        return dtype === 'bool' ? made.astype('bool') : made;
      });
      const outputs = step(...tensors) as unknown as readonly LazyTensor[];
      const expected = evaluate(graph, inputs);
      for (const [i, output] of outputs.entries()) {
        expect(errorOf(await output.data(), expected[i] ?? [])).toBeLessThanOrEqual(output.dtype === 'f32' ? bound : 0);
      }
    }
  }, 60_000);
});

it('a compiler that takes sines for cosines is found, and the program shrunk to what shows it', async () => {
  const wrong: typeof compile = (graph, options) =>
    compile(
      mapGraph(graph, (value) => (isPrimitive(value, 'sin') ? cos(value.operands[0] ?? value) : value)),
      options,
    );
  const lastIsSine = 55;
  expect(randomProgram(stepsOf(lastIsSine)).made.at(-1)).toBe('sin');
  const report = await reportOf(device, lastIsSine, wrong);
  expect(report).toMatch(/^seed \d+: optimised: output \d, f32, differs by /);
  expect(report).toMatch(/shrunk to 1 steps: .*= sin /s);
}, 60_000);
