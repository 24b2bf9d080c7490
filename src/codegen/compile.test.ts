/** Whole programs on the software device: random graphs, many workgroups, the same bits twice, and the program's own figures. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import * as b from '../graph/build.ts';
import { makeGraph, reachable } from '../graph/graph.ts';
import type { Value } from '../graph/value.ts';
import { compile } from './compile.ts';
import { differenceFromOracle, inputsFor } from './testing/differential.ts';
import { addBias, matmul, mlpTrainStep, mnistSizes } from './testing/mlp.ts';
import { randomGraph } from './testing/randomGraph.ts';
import { runProgram } from './testing/runProgram.ts';
import { softwareDevice } from './testing/softwareDevice.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await softwareDevice();
});

describe('random graphs', () => {
  it('agree with the evaluator, whatever the limit of buffers', async () => {
    const number = fc.nat(1000);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(number, number, number), { minLength: 1, maxLength: 14 }),
        fc.constantFrom(4, 8),
        async (choices, storageBuffers) => {
          const graph = randomGraph(choices);
          const program = compile(graph, { storageBuffers });
          expect(Math.max(...program.kernels.map(({ bindings }) => bindings.length))).toBeLessThanOrEqual(storageBuffers);
          expect(await differenceFromOracle(device, graph, { variant: 'quadSwap', compile: { storageBuffers } })).toBeLessThan(2e-5);
        },
      ),
      { numRuns: 60, seed: 20_260_101 },
    );
  }, 120_000);
});

describe('large and small', () => {
  it('runs more than 65,535 workgroups', async () => {
    const count = 65_535 * 64 + 1;
    const x = b.input('x', [count], 'i32');
    const program = compile(makeGraph('many', [x], [b.add(x, b.iota(0, [count], 'i32'))]));
    expect(program.kernels[0]?.variants[0]?.workgroups).toBe(65_536);
    const [output = []] = await runProgram(device, program, [new Int32Array(count).fill(3)]);
    expect(output).toHaveLength(count);
    expect(output.every((element, i) => element === i + 3)).toBe(true);
  }, 60_000);

  it.each([
    ['workgroup', 5, 1],
    ['workgroup', 5, 31],
    ['workgroup', 5, 65],
    ['workgroup', 5, 5000],
    ['quad', 5, 65],
    ['quad', 5, 160],
    ['invocation', 66, 132],
    ['invocation', 66, 33],
  ])('reduces rows, a %s each: %i of %i', async (variant, rows, length) => {
    const x = b.input('x', [`n=${rows}`, `c=${length}`], 'f32');
    const along = (row: Value): Value => b.broadcast(row, x.shape, [0]);
    const exponent = b.exp(b.sub(x, along(b.reduceMax(x, [1]))));
    const graph = makeGraph(
      'softmax',
      [x],
      [b.div(exponent, along(b.reduceSum(exponent, [1]))), b.reduceSum(x, [0]), b.reduceSum(x, [0, 1])],
    );
    const names = compile(graph).kernels.flatMap(({ variants }) => variants.map(({ name }) => name));
    if (length > 32) expect(names).toContain(`${variant} a row`);
    expect(await differenceFromOracle(device, graph, { variant })).toBeLessThan(1e-4);
  });

  it('reduces symbolic rows and columns', async () => {
    const x = b.input('x', ['batch', 'time'], 'f32');
    const graph = makeGraph('f', [x], [b.reduceSum(b.exp(x), [0]), b.reduceMax(x, [1]), b.reduceSum(x, [0, 1]), b.permute(x, [1, 0])]);
    for (const symbols of [
      { batch: 1, time: 1 },
      { batch: 7, time: 300 },
    ])
      expect(await differenceFromOracle(device, graph, { symbols })).toBeLessThan(1e-5);
  });
});

describe('a program', () => {
  const graph = mlpTrainStep(mnistSizes, true);
  const program = compile(graph, { outputNames: ['loss'] });

  it('gives the same bits on two runs', async () => {
    const inputs = inputsFor(graph);
    const [first, second] = [
      await runProgram(device, program, inputs, { variant: 'quadSwap' }),
      await runProgram(device, program, inputs, { variant: 'quadSwap' }),
    ];
    expect(second).toEqual(first);
  });

  it('is the same text every time, and plain data', () => {
    expect(JSON.stringify(compile(mlpTrainStep(mnistSizes, true), { outputNames: ['loss'] }))).toBe(JSON.stringify(program));
    expect(JSON.parse(JSON.stringify(program))).toEqual(program);
  });

  it('counts what it does', () => {
    const products = 2 * (64 * 784 * 128 * 2 + 64 * 128 * 10 * 3);
    expect(program.statistics.dispatches).toBe(program.kernels.length);
    expect(Number(program.statistics.flops)).toBeGreaterThan(products);
    expect(Number(program.statistics.flops)).toBeLessThan(products * 1.05);
    expect(Number(program.statistics.temporaryBytes)).toBeLessThanOrEqual(Number(program.statistics.temporaryBytesUnshared));
  });

  it('shares temporaries where lifetimes allow', () => {
    const x = b.input('x', [8, 8], 'f32');
    let y: Value = x;
    for (let i = 0; i < 6; i++) y = matmul(y, x);
    const { statistics } = compile(makeGraph('chain', [x], [y]));
    expect(statistics.temporaryBytes).toBe(2 * 256);
    expect(statistics.temporaryBytesUnshared).toBe(5 * 256);
  });

  it('never binds a buffer twice in a kernel, nor one output as another or as an input', () => {
    const outputs = program.outputs.map(({ buffer }) => buffer);
    expect(new Set([...outputs, ...program.inputs.map(({ buffer }) => buffer)]).size).toBe(program.outputs.length + program.inputs.length);
    for (const { bindings } of program.kernels) expect(new Set(bindings.map(({ buffer }) => buffer)).size).toBe(bindings.length);
  });

  it('says where its values were written', () => {
    const x = b.input('x', [4], 'f32');
    const text = (value: Value): string =>
      compile(makeGraph('f', [x], [value]))
        .kernels[0]?.variants[0]?.wgsl.split('\n')
        .slice(0, 2)
        .join('\n') ?? '';
    expect(text(b.exp(x, new Error()))).toMatch(/^\/\/ map exp\n\/\/ {3}exp: f32\[4\] \(compile\.test\.ts:\d+\)$/);
    expect(text(b.exp(x))).toBe('// map exp\n//   exp: f32[4]');
  });

  it('names outputs and refuses axes that no input has', () => {
    expect(program.outputs.map(({ name }) => name).slice(0, 2)).toEqual(['loss', 'y1']);
    const x = b.input('x', [1], 'f32');
    expect(() => compile(makeGraph('f', [x], [b.broadcast(x, ['batch'], [0])]))).toThrow("no input of f has the axis 'batch'");
  });

  it('compiles a layer with a deep chain of operations', () => {
    const x = b.input('x', ['n=3', 'c=4'], 'f32');
    let y: Value = x;
    for (let i = 0; i < 1000; i++) y = b.exp(b.neg(y));
    expect(compile(makeGraph('deep', [x], [y])).kernels).toHaveLength(1);
    expect(reachable([addBias(y, b.input('b', ['c=4'], 'f32'))]).length).toBeGreaterThan(2000);
  });
});
