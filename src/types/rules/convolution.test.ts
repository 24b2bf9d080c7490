/**
 * Convolutions and pools: the compiler's sentences and shapes are the run's, and the number of places is what counting gives.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { typeText } from '../testing/arbitraryShapes.ts';
import { evaluateTypes } from '../testing/evaluateTypes.ts';
import { type ConvolutionName, convolutionProblem, convolutionShape } from './convolution.ts';
import { type PoolName, poolProblem, poolShape } from './pool.ts';
import { slideProblem, slideShape } from './sliding.ts';
import type { Options } from './windowOptions.ts';

const seed = 20;
const t = typeText;
const optionsText = (options: unknown): string =>
  typeof options === 'object' && options !== null && !Array.isArray(options)
    ? `{ ${Object.entries(options)
        .map(([name, value]) => `readonly ${name}: ${value === 'same' ? "'same'" : t(value)}`)
        .join('; ')} }`
    : t(options);

const number = fc.constantFrom<unknown>(1, 1, 1, 1, 2, 2, 2, 3, 0, -1, 1.5, 1e21, 'valid', true);
const good = fc.constantFrom(1, 1, 2, 3);
const perAxis = (one: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 2, arbitrary: one }, { weight: 1, arbitrary: fc.array(one, { minLength: 1, maxLength: 2 }) });
const options = (one: fc.Arbitrary<unknown>, extra: object): fc.Arbitrary<Options> =>
  fc.record(
    { stride: perAxis(one), padding: fc.oneof(perAxis(one), fc.constant('same')), ...extra },
    { requiredKeys: [] },
  ) as fc.Arbitrary<Options>;
const convolutionOptions = fc.oneof(
  { weight: 4, arbitrary: options(good, { dilation: perAxis(good), groups: fc.constantFrom(1, 1, 2, 3) }) },
  { weight: 1, arbitrary: options(number, { dilation: perAxis(number), groups: number, strides: fc.constant(2) }) },
  { weight: 1, arbitrary: fc.constantFrom<Options>({}, { groups: 2 }, [] as never, 3 as never) },
);
const poolOptions = fc.oneof({ weight: 4, arbitrary: options(good, {}) }, { weight: 1, arbitrary: options(number, { dilation: good }) });
const space = fc.constantFrom('h=5', 'h=5', 'h=32', 7, 3, 'w=224', 'w=9', 'h', 'w=2*a');
const kernel = fc.constantFrom(3, 2, 1, 'k=3', 'h=4', 5, 6, 'k');
const convolution = fc.constantFrom('conv1d', 'conv2d').chain((operation) => {
  const axes = operation === 'conv1d' ? 1 : 2;
  const distinct = (shape: readonly unknown[]): boolean => new Set(shape.map((dim) => `${dim}`.split('=')[0])).size === shape.length;
  return fc.tuple(
    fc.constant(operation as ConvolutionName),
    fc
      .tuple(fc.constantFrom('n', 'n=2', 1), fc.constantFrom('c=4', 'c=4', 'c', 6), fc.array(space, { minLength: axes, maxLength: axes }))
      .map(([n, c, rest]) => [n, c, ...rest])
      .filter(distinct),
    fc
      .tuple(
        fc.constantFrom('o=6', 'o', 'o=4', 'h=8', 'n', 3),
        fc.constantFrom('c=4', 'c=4', 'c=4', 'c=2', 'c=2', 'c', 3, 'd=4'),
        fc.oneof(
          { weight: 9, arbitrary: fc.array(kernel, { minLength: axes, maxLength: axes }) },
          { weight: 1, arbitrary: fc.array(kernel, { maxLength: 3 }) },
        ),
      )
      .map(([o, c, rest]) => [o, c, ...rest])
      .filter(distinct),
    convolutionOptions,
  );
});
/** Most of these fit. */
const fitting = fc
  .tuple(
    fc.constantFrom<[string, string | number, string, number]>(
      ['c=4', 'o=6', 'c=4', 1],
      ['c=4', 'o=6', 'c=2', 2],
      ['2*c', 3, 'c', 1],
      ['c', 'o', 'c', 1],
      ['c=6', 'o=6', 'c=1', 6],
    ),
    fc.shuffledSubarray(['h=12', 'w=224', 31, 'h2=7'], { minLength: 2, maxLength: 2 }),
    fc.array(
      kernel.filter((dim) => dim !== 'k' && dim !== 'h=4'),
      { minLength: 2, maxLength: 2 },
    ),
    options(good, { dilation: perAxis(good) }),
  )
  .map(
    ([[c, o, k, groups], spatial, widths, given]) =>
      ['conv2d' as ConvolutionName, ['n', c, ...spatial], [o, k, ...widths], groups === 1 ? given : { ...given, groups }] as const,
  );
const pool = fc.constantFrom('maxPool1d', 'meanPool1d', 'maxPool2d', 'meanPool2d').chain((operation) => {
  const axes = operation.endsWith('1d') ? 1 : 2;
  return fc.tuple(
    fc.constant(operation as PoolName),
    fc
      .oneof(
        { weight: 9, arbitrary: fc.array(space, { minLength: axes, maxLength: axes }) },
        { weight: 1, arbitrary: fc.array(space, { maxLength: 3 }) },
      )
      .map((rest) => ['n', 'c', ...rest]),
    fc.oneof({ weight: 4, arbitrary: perAxis(fc.constantFrom(1, 2, 3, 4)) }, { weight: 1, arbitrary: perAxis(number) }),
    poolOptions,
  );
});

type Case = readonly [type: string, value: () => unknown];
const convolutions = [...fc.sample(convolution, { seed, numRuns: 700 }), ...fc.sample(fitting, { seed, numRuns: 200 })];
const pools = fc.sample(pool, { seed, numRuns: 400 });
const large = fc.sample(
  fc.tuple(
    fc.integer({ min: 1, max: 2 ** 40 }),
    fc.integer({ min: 1, max: 2 ** 20 }),
    fc.record({
      stride: fc.integer({ min: 1, max: 2000 }),
      padding: fc.integer({ min: 0, max: 2 ** 20 }),
      dilation: fc.integer({ min: 1, max: 99 }),
    }),
  ),
  { seed, numRuns: 200 },
);
const twins: Record<string, readonly Case[]> = {
  convolutionProblem: convolutions.map(([operation, x, w, given]) => [
    `convolutionProblem<'${operation}', ${t(x)}, ${t(w)}, ${optionsText(given)}>`,
    () => convolutionProblem(operation, x, w, given),
  ]),
  convolutionShape: convolutions
    .filter(([operation, x, w, given]) => convolutionProblem(operation, x, w, given) === undefined)
    .map(([, x, w, given]) => [`convolutionShape<${t(x)}, ${t(w)}, ${optionsText(given)}>`, () => convolutionShape(x, w, given)]),
  poolProblem: pools.map(([operation, x, size, given]) => [
    `poolProblem<'${operation}', ${t(x)}, ${t(size)}, ${optionsText(given)}>`,
    () => poolProblem(operation, x, size, given),
  ]),
  poolShape: pools
    .filter(([operation, x, size, given]) => poolProblem(operation, x, size, given) === undefined)
    .map(([operation, x, size, given]) => [
      `poolShape<'${operation}', ${t(x)}, ${t(size)}, ${optionsText(given)}>`,
      () => poolShape(operation, x, size as number, given),
    ]),
  slideProblem: large.map(([size, width, given]) => [
    `slideProblem<'conv1d', 'x', [${size}], [${width}], ${optionsText(given)}>`,
    () => slideProblem('conv1d', 'x', [size], [width], given),
  ]),
  slideShape: large
    .filter(([size, width, given]) => slideProblem('conv1d', 'x', [size], [width], given) === undefined)
    .map(([size, width, given]) => [`slideShape<[${size}], [${width}], ${optionsText(given)}>`, () => slideShape([size], [width], given)]),
};
const answers = evaluateTypes(
  `import type { convolutionProblem, convolutionShape } from '../rules/convolution.ts';
import type { poolProblem, poolShape } from '../rules/pool.ts';
import type { slideProblem, slideShape } from '../rules/sliding.ts';`,
  Object.values(twins).flatMap((cases) => cases.map(([type]) => type)),
);

describe('the compiler and the run agree', () => {
  let at = 0;
  for (const [rule, cases] of Object.entries(twins)) {
    const expected = answers.slice(at, at + cases.length);
    at += cases.length;
    it(`${rule}, ${cases.length} cases`, () => {
      expect(cases.length).toBeGreaterThan(40);
      const byCompiler = Object.fromEntries(cases.map(([type], index) => [type, expected[index]]));
      expect(Object.fromEntries(cases.map(([type, value]) => [type, value()]))).toEqual(byCompiler);
    });
  }

  it.each(['convolutionProblem', 'poolProblem'])('%s: some are refused, some are not', (rule) => {
    const refused = (twins[rule] ?? []).filter(([, value]) => value() !== undefined).length;
    expect(refused).toBeGreaterThan(40);
    expect(refused).toBeLessThan((twins[rule] ?? []).length - 40);
  });

  it('has seen each sentence', () => {
    const said = new Set(convolutions.flatMap(([operation, x, w, given]) => convolutionProblem(operation, x, w, given) ?? []));
    for (const part of [
      'channels differ',
      'groups do not divide',
      'groups of',
      'try { groups',
      'no literal size',
      'larger than',
      'takes rank',
      'twice',
      'no option',
      'no literal number',
      'no whole number',
      'numbers for',
      "padding 'same'",
      'are not known',
    ])
      expect(
        [...said].some((sentence) => sentence.includes(part)),
        part,
      ).toBe(true);
  });
});

describe('the number of places', () => {
  it('is what counting gives', () => {
    const cases = fc.sample(
      fc.record({
        size: fc.integer({ min: 1, max: 40 }),
        width: fc.integer({ min: 1, max: 9 }),
        stride: good,
        padding: fc.integer({ min: 0, max: 4 }),
        dilation: good,
      }),
      { seed, numRuns: 400 },
    );
    for (const { size, width, stride, padding, dilation } of cases) {
      let places = 0;
      while (places * stride + (width - 1) * dilation < size + 2 * padding) places += 1;
      const given = { stride, padding, dilation };
      const problem = slideProblem('conv1d', 'x', [`t=${size}`], [width], given);
      expect(problem === undefined).toBe(places > 0);
      if (places > 0) expect(slideShape([`t=${size}`], [width], given)).toEqual([`t=${places}`]);
    }
  });

  it('of 224 with a kernel of 7, stride 2 and padding 3 is 112', () => {
    expect(convolutionShape(['n', 'c=3', 'h=224', 'w=224'], ['o=64', 'c=3', 7, 7], { stride: 2, padding: 3 })).toEqual([
      'n',
      'o=64',
      'h=112',
      'w=112',
    ]);
  });
});
