/** Programs of halves: their bytes, both ways to store them, and the WGSL of the way that no device here can run. */
import { describe, expect, it } from 'vitest';
import * as b from '../graph/build.ts';
import { makeGraph } from '../graph/graph.ts';
import { at } from './at.ts';
import { compile } from './compile.ts';
import { matmul } from './testing/mlp.ts';
import { nullDevice } from './testing/nullDevice.ts';
import { makePipeline } from './testing/runProgram.ts';

const [x, w] = [b.input('x', ['n=5', 'k=7'], 'f16'), b.input('w', ['k=7', 'm=3'], 'f16')];
const program = compile(makeGraph('dense', [x, w], [b.relu(matmul(x, w)), b.reduceMax(b.exp(x), [1])]));

describe('a program of halves', () => {
  it('counts two bytes an element', () => {
    expect(program.statistics.compulsoryBytes).toBe(2 * (35 + 21 + 15 + 5));
  });

  it('has variants for devices with f16 first, and others for all', () => {
    for (const { variants } of program.kernels) {
      const needs = variants.map(({ requires }) => requires.features?.includes('shader-f16') ?? false);
      expect(needs).toContain(true);
      expect(needs).toContain(false);
      expect(needs.lastIndexOf(true)).toBeLessThan(needs.indexOf(false));
      expect(at(variants, variants.length - 1).requires.features).toBeUndefined();
    }
  });

  it('is WGSL that Dawn accepts, in every variant', async () => {
    const device = await nullDevice(['shader-f16', 'subgroups']);
    for (const { variants } of program.kernels) for (const variant of variants) await makePipeline(device, variant, {});
    const broken = { ...at(at(program.kernels, 0).variants, 0), wgsl: 'fn main() { oops; }' };
    await expect(makePipeline(device, broken, {})).rejects.toThrow('expected');
    device.destroy();
  });
});
