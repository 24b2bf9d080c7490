/** Calls that types refuse, made where there are no types: each is a sentence, at once, and nothing half-succeeds. */
import { expect, it } from 'vitest';
import { ShapeError } from '../types/shapeError.ts';
import { accumulate } from './accumulate.ts';
import { checkpoint } from './checkpoint.ts';
import { arange, full, ones, tensor, zeros } from './creation.ts';
import { customVjp } from './customVjp.ts';
import { jit } from './jit.ts';
import { layer } from './layer.ts';
import { mapGradient, parameters, sumOver, update, updateWithState } from './parameters.ts';
import { scan } from './scan.ts';
import { grad, valueAndGrad, vjp } from './vjp.ts';

// biome-ignore lint/suspicious/noExplicitAny: what stands here is what a program without types calls
const untyped = (value: unknown): any => value;
const x = untyped(ones(['n=3', 'in=2']));
const named = parameters({ w: ones(['n=2']) });
const gradient = grad((p: typeof named) => p.w.sum())(named);
const noFunction = (operation: string, what = 'the argument', got = 'undefined') =>
  `${operation}: ${what} is no function: it has type ${got} (give the function itself, not what it returns)`;

const cases: readonly (readonly [call: string, run: () => unknown, sentence: string])[] = [
  ['vjp()', () => untyped(vjp)(), noFunction('vjp')],
  ['vjp(tensor)', () => untyped(vjp)(x), noFunction('vjp', 'the argument', 'object')],
  ['grad()', () => untyped(grad)(), noFunction('grad')],
  ['valueAndGrad(null)', () => untyped(valueAndGrad)(null), noFunction('valueAndGrad', 'the argument', 'null')],
  ['jit()', () => untyped(jit)(), noFunction('jit')],
  ['layer()', () => untyped(layer)(), noFunction('layer')],
  ['checkpoint()', () => untyped(checkpoint)(), noFunction('checkpoint')],
  ['accumulate()', () => untyped(accumulate)(), noFunction('accumulate')],
  ['scan without a step', () => untyped(scan)(x, zeros([])), noFunction('scan', 'the step')],
  [
    'scan of a step that returns nothing',
    () => untyped(scan)(x, zeros([]), () => undefined),
    'scan: the step gives no tensor (return { carry, y } with y a tensor)',
  ],
  ['customVjp()', () => untyped(customVjp)(), noFunction('customVjp', 'forward')],
  ['customVjp without backward', () => untyped(customVjp)(() => x), noFunction('customVjp', 'backward')],
  [
    'customVjp whose forward returns the result alone',
    () =>
      untyped(customVjp)(
        (t: unknown) => t,
        (_: unknown, dy: unknown) => [dy],
      )(x),
    'customVjp: forward does not return { y, saved } (return the result as y, and what backward reads as saved)',
  ],
  [
    'donate: 0',
    () => untyped(jit)((t: unknown) => t, { donate: 0 })(x),
    'jit: donate is no list (list the arguments to donate, such as donate: [0])',
  ],
  [
    'an option of another name',
    () => untyped(jit)((t: unknown) => t, { donated: [0] }),
    "jit: there is no option 'donated' (its options are donate, name, tuned, onMessage)",
  ],
  [
    'options that are none',
    () => untyped(jit)((t: unknown) => t, 3),
    'jit: the options are not known (write them as a literal, such as { donate: [0] })',
  ],
  [
    "jit's option of a layer",
    () => untyped(layer)((t: unknown) => t, { tuned: false }),
    "layer: there is no option 'tuned' (its options are donate)",
  ],
  [
    'a combination that is none',
    () => untyped(accumulate)((t: unknown) => t, 2, { combine: 'max' }),
    "accumulate: combine is max (it is 'mean' or 'sum')",
  ],
  [
    'parameters(3)',
    () => untyped(parameters)(3),
    'parameters: takes an object or a tuple of tensors, not a value of type number (write { w })',
  ],
  ["full(['n=2'])", () => untyped(full)(['n=2']), 'full: the value has type undefined (give a number)'],
  ["full(['n=2'], 'x')", () => untyped(full)(['n=2'], 'x'), 'full: the value has type string (give a number)'],
  [
    'a dtype of another library',
    () => untyped(tensor)([1, 2], ['n'], 'float32'),
    'tensor: float32 is no dtype (use one of f32, f16, i32, u32, bool)',
  ],
  ['its zeros', () => untyped(zeros)(['n=2'], 'int32'), 'zeros: int32 is no dtype (use one of f32, f16, i32, u32, bool)'],
  ['its arange', () => untyped(arange)('n=2', 'float'), 'arange: float is no dtype (use one of f32, f16, i32, u32, bool)'],
  [
    'a dtype for a typed array',
    () => untyped(tensor)(new Float32Array(2), ['n'], 'i32'),
    'tensor: the elements of a Float32Array say the dtype, not i32 (leave it out, and convert with astype)',
  ],
  ["sum('n', true)", () => x.sum('n', true), 'sum: the options are not known (write them as a literal, such as { keepdims: true })'],
  [
    "argmax('n', { keepdim: true })",
    () => x.argmax('n', { keepdim: true }),
    "argmax: there is no option 'keepdim' (its options are keepdims)",
  ],
  ['sum(null)', () => x.sum(null), "sum: no axis null in [n=3, in=2] (its axes are 'n', 'in')"],
  ['softmax()', () => x.softmax(), "softmax: the axis is not known (pick one axis with a literal, such as 'n' or 0)"],
  ['argmax()', () => x.argmax(), "argmax: the axis is not known (pick one axis with a literal, such as 'n' or 0)"],
  ["cumsum(['n', 'in'])", () => x.cumsum(['n', 'in']), "cumsum: the axis is not known (pick one axis with a literal, such as 'n' or 0)"],
  ['update without a rule', () => untyped(update)(named, gradient), noFunction('update', 'the rule')],
  ['updateWithState without a rule', () => untyped(updateWithState)(named, gradient, {}), noFunction('updateWithState', 'the rule')],
  ['mapGradient without a rule', () => untyped(mapGradient)(gradient), noFunction('mapGradient', 'the rule')],
  ['sumOver without a rule', () => untyped(sumOver)(gradient), noFunction('sumOver', 'the rule')],
  ["pad with 'a'", () => x.pad('n', 1, 1, 'a'), 'pad: the value has type string (give a number)'],
  [
    'an i32 and a larger number',
    () => untyped(ones)(['n=2'], 'i32').add(2 ** 31),
    'add: 2147483648 is out of range: i32[n=2] with 2147483648 (i32 ends at 2147483647)',
  ],
  [
    'a u32 and a larger number',
    () => untyped(ones)(['n=2'], 'u32').mul(2 ** 32),
    'mul: 4294967296 is out of range: u32[n=2] with 4294967296 (u32 ends at 4294967295)',
  ],
  ['rename()', () => x.rename(), "rename: the names are not known (write them as a literal, such as { n: 'm' })"],
];

it.each(cases)('%s', (_, run, sentence) => {
  expect(run).toThrow(new ShapeError(sentence));
});

it('an async function is refused, and what it still awaits fails in silence', async () => {
  const unheard: unknown[] = [];
  const listen = (reason: unknown) => unheard.push(reason);
  process.on('unhandledRejection', listen);
  expect(() => untyped(jit)((t: typeof x) => t.array())(x)).toThrow(
    new ShapeError('jit: the function is async (return tensors, and await their data outside)'),
  );
  await new Promise((resolve) => setTimeout(resolve, 10));
  process.off('unhandledRejection', listen);
  expect(unheard).toEqual([]);
});
