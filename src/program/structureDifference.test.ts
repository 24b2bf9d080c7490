/** Differences are found and named; keys tell apart what differs. */
import { expect, it } from 'vitest';
import { flatten, type Structure, type TensorType } from './structure.ts';
import { differenceOf, findSame, structureKey } from './structureDifference.ts';

const tensor = (...shape: (string | number)[]): TensorType => ({ shape, dtype: 'f32' });
const isTensor = (value: unknown): value is TensorType => typeof value === 'object' && value !== null && 'dtype' in value;
const of = (nested: unknown): Structure => flatten(nested, isTensor).structure;

it('names the place and both sides', () => {
  const expected = of({ w: tensor('in=2'), rest: [1, tensor(3)] });
  expect(differenceOf(expected, expected)).toBeUndefined();
  expect(differenceOf(expected, of({ w: tensor('out=2'), rest: [1, tensor(3)] }))).toBe("'w' is f32[out=2], not f32[in=2]");
  expect(differenceOf(expected, of({ w: tensor('in=2'), rest: [2, tensor(3)] }))).toBe("'rest[0]' is 2, not 1");
  expect(differenceOf(expected, of({ w: tensor('in=2'), rest: [1] }))).toBe("'rest' has 1 items, not 2");
  expect(differenceOf(expected, of({ w: tensor('in=2') }))).toBe("the value has no 'rest'");
  expect(differenceOf(expected, of({ w: tensor('in=2'), rest: [1, tensor(3)], b: 1 }))).toBe("the value has 'b' too many");
  expect(differenceOf(expected, of({ w: 3, rest: [1, tensor(3)] }))).toBe("'w' is 3, not f32[in=2]");
});

it('compares tensors as it is told', () => {
  expect(differenceOf(of([tensor(3)]), of([tensor(4)]), () => true)).toBeUndefined();
});

it('gives different keys to different structures', () => {
  const different = [
    ...[
      null,
      undefined,
      Number.NaN,
      0,
      -0,
      '0',
      'null',
      true,
      'true',
      Number.POSITIVE_INFINITY,
      '',
      [],
      {},
      [null],
      [[]],
      { a: 1 },
      { b: 1 },
    ],
    ...[tensor(), tensor(3), tensor('n=3'), [tensor(3)], { a: tensor(3) }, [1, 2], [12], ['1;2'], { a: 1, b: 2 }],
  ];
  const keys = different.map((nested) => structureKey(of(nested)));
  expect(new Set(keys).size).toBe(different.length);
  expect(structureKey(of({ a: [1, tensor(2)] }))).toBe(structureKey(of({ a: [1, tensor(2)] })));
});

it('finds the call of the same structure, entries in the same order, and no other', () => {
  class Box {
    w = tensor(3);
  }
  const given = of({ w: tensor(3), rest: [1, tensor('n', 2), null] });
  const find = (nested: unknown) => findSame([{ given: undefined }, { given: of([]) }, { given }], nested, isTensor);
  const [w, rest] = [tensor(3), tensor('n', 2)];
  const found = find({ w, rest: [1, rest, null] });
  expect(found?.call.given).toBe(given);
  expect(found?.leaves).toEqual([w, rest]);
  expect(found?.leaves[0]).toBe(w);
  const tied: TensorType = { ...w, tie: { of: 'parameter', name: 'w' } };
  for (const other of [
    { rest: [1, rest, null], w },
    { w, rest: [1, rest, undefined] },
    { w, rest: [-1, rest, null] },
    { w, rest: [1, rest] },
    { w, rest: [1, rest, null], b: 1 },
    { w, rest: [1, tensor('n', 3), null] },
    { w: tied, rest: [1, rest, null] },
    { w: { ...w, dtype: 'i32' }, rest: [1, rest, null] },
    { w: [], rest: [1, rest, null] },
    Object.assign(new Box(), { rest: [1, rest, null] }),
    null,
    w,
  ]) {
    expect(find(other)).toBeUndefined();
  }
});
