/** What a comparison of positions leaves unread, of kernels as the compiler makes them. */
import { describe, expect, it } from 'vitest';
import * as b from '../../graph/build.ts';
import { makeGraph } from '../../graph/graph.ts';
import type { CompareDirection } from '../../graph/primitive.ts';
import type { Value } from '../../graph/value.ts';
import { simplify } from '../2-simplify/simplify.ts';
import { fuse } from '../3-fuse/fuse.ts';
import type { ChainKernel } from '../3-fuse/kernel.ts';
import { at } from '../at.ts';
import { matmul } from '../testing/mlp.ts';
import { softmax } from '../testing/normalisation.ts';
import { coversText, edgeText, type Region, unreadRegion } from './chainMasks.ts';

const [q, k, v] = [b.input('q', ['m=20', 'd=4'], 'f32'), b.input('k', ['k=24', 'd=4'], 'f32'), b.input('v', ['k=24', 'e=4'], 'f32')];
const mask = b.input('mask', ['m=20', 'k=24'], 'bool');
const scores = b.contract(q, k, { left: [1], right: [1] });
const [row, column] = [b.iota(0, scores.shape, 'i32'), b.iota(1, scores.shape, 'i32')];
const never = b.constantLike(scores, -1e30);

function regionOf(allowed: Value, whenTrue: Value = scores, whenFalse: Value = never): Region | undefined {
  const y = matmul(softmax(b.select(allowed, whenTrue, whenFalse)), v);
  const { kernels } = fuse(simplify(makeGraph('f', [q, k, v, mask], [y])), { storageBuffers: 8 });
  const kernel = at(kernels, 0).body as ChainKernel; // seam: the next line
  expect(kernel.kind).toBe('chain');
  return unreadRegion(kernel, [...kernel.steps.filter((step) => step.kind === 'stream'), ...(kernel.outer ? [kernel.outer.step] : [])], 0);
}

describe('the region that is not read', () => {
  it.each<[CompareDirection, Region]>([
    ['le', { kind: 'after', offset: 0 }],
    ['lt', { kind: 'after', offset: -1 }],
    ['ge', { kind: 'before', offset: 0 }],
    ['gt', { kind: 'before', offset: 1 }],
  ])('of column %s row', (direction, region) => {
    const turned = ({ le: 'ge', lt: 'gt', ge: 'le', gt: 'lt', eq: 'eq', ne: 'ne' } as const)[direction];
    expect(regionOf(b.compare(column, row, direction))).toEqual(region);
    expect(regionOf(b.compare(row, column, turned))).toEqual(region);
  });

  it('lies where the condition holds if that is where scores are left out', () => {
    expect(regionOf(b.compare(column, row, 'gt'), never, scores)).toEqual({ kind: 'after', offset: 0 });
    expect(regionOf(b.compare(column, row, 'lt'), never, scores)).toEqual({ kind: 'before', offset: 0 });
  });

  it('is found beside another mask, which may leave out more', () => {
    const none = b.constantLike(mask, 0);
    const causal = b.compare(column, row, 'le');
    for (const both of [b.select(causal, mask, none), b.select(mask, causal, none)])
      expect(regionOf(both)).toEqual({ kind: 'after', offset: 0 });
  });

  it('is none for other masks, or where scores are read all the same', () => {
    expect(regionOf(mask)).toBeUndefined();
    expect(regionOf(b.compare(column, row, 'eq'))).toBeUndefined();
    expect(regionOf(b.select(b.compare(column, row, 'le'), mask, b.constantLike(mask, 1)))).toBeUndefined();
    expect(regionOf(b.compare(column, row, 'le'), scores, b.mul(scores, never))).toBeUndefined();
  });

  it('as text', () => {
    expect(edgeText({ kind: 'after', offset: -1 }, 16)).toBe('row + 15u');
    expect(edgeText({ kind: 'after', offset: -20 }, 16)).toBe('max(row, 4u) - 4u');
    expect(coversText({ kind: 'after', offset: 0 }, 16, 32)).toBe('column >= row + 16u');
    expect(coversText({ kind: 'before', offset: 1 }, 16, 32)).toBe('column + 32u <= row + 1u');
  });
});
