import { describe, expect, it } from 'vitest';
import * as build from './build.ts';
import { makeGraph } from './graph.ts';
import { GraphError } from './graphError.ts';
import type { Value } from './value.ts';
import { verifyGraph } from './verify.ts';

const x = build.input('x', ['n=3', 'in=2'], 'f32');
const y = build.permute(x, [1, 0]);
const good = makeGraph('f', [x], [build.neg(y), build.iota(0, [2], 'f32')]);
/** The graph with one value put in by force, as a faulty pass would. */
const broken =
  (value: Value, inputs: readonly Value[] = [x]) =>
  () =>
    verifyGraph({ name: 'f', inputs, outputs: [value] }, 'simplify');

describe('verifyGraph', () => {
  it('accepts what build.ts makes', () => {
    expect(() => verifyGraph(good, 'trace')).not.toThrow();
  });

  it('refuses a wrong shape or dtype, naming the value and the phase', () => {
    const wrong = '%1: f32[n=3, in=2] = permute %0 {order=[1, 0]}: f32[in=2, n=3] follows from its operands (after simplify of f)';
    expect(broken({ ...y, shape: x.shape })).toThrow(GraphError);
    expect(broken({ ...y, shape: x.shape })).toThrow(`internal: verifyGraph: ${wrong}`);
    expect(broken({ ...y, dtype: 'f16' })).toThrow('follows from its operands');
  });

  it('refuses operands that break the preconditions', () => {
    expect(broken({ ...build.add(x, x), operands: [x, y] })).toThrow('%2: f32[n=3, in=2] = add %0, %1: internal: add: operands differ');
    expect(broken({ ...build.add(x, x), operands: [x] })).toThrow('add: takes 2 operands, not 1');
  });

  it('refuses levels and marks that do not follow', () => {
    expect(broken({ ...y, level: 0 })).toThrow("its level 0 is not above its operands'");
    expect(broken({ ...build.constantLike(x, 1), level: 2 })).toThrow('a leaf of level 2');
    expect(broken({ ...y, traced: false })).toThrow('an operand is traced and it is not');
  });

  it('refuses leaves that are no inputs, and inputs that are no leaves', () => {
    expect(broken(y, [])).toThrow('%0: f32[n=3, in=2] = input: it has no data and is not an input');
    expect(broken(y, [x, y])).toThrow('an input must be a leaf without data');
    expect(broken(y, [x, x])).toThrow('an input of f stands twice');
  });
});
