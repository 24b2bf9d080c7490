/** Compiled layers check their arguments, bind type parameters, and need neither compiler nor language. */
import { beforeAll, describe, expect, it } from 'vitest';
import { compileLayer } from '../codegen/compileLayer.ts';
import { layerTag, type TaggedLayer } from '../codegen/tracedLayer.ts';
import { layer } from '../language/layer.ts';
import type { Structure } from '../program/structure.ts';
import { substituteSizes } from '../types/arithmetic/substituteSizes.ts';
import type { Dim } from '../types/dim.ts';
import type { Kept } from '../types/rules/kept.ts';
import { ShapeError } from '../types/shapeError.ts';
import type { Tensor } from '../types/tensor/tensor.ts';
import { compiledLayer } from './compiledLayer.ts';
import { full, ones, tensor, vjp, zeros } from './runtimeTensor.ts';

const f32 = (...shape: readonly Dim[]): Structure => ({ kind: 'tensor', type: { shape, dtype: 'f32' } });

type Scaled = <N extends Dim, I extends Dim, O extends Dim>(x: Tensor<[N, I]>, p: { w: Tensor<[I, O]>; scale: 2 }) => Tensor<[N, O]>;

let scaled: Scaled;
beforeAll(() => {
  const source = layer((x: Tensor<['N', 'I']>, p: { w: Tensor<['I', 'O']>; scale: number }) =>
    x.matmul(p.w).mul(p.scale).tanh(),
  ) as unknown as TaggedLayer;
  const args: readonly Structure[] = [f32('N', 'I'), { kind: 'object', entries: { w: f32('I', 'O'), scale: { kind: 'plain', value: 2 } } }];
  scaled = compiledLayer<Scaled>(
    compileLayer('scaled', args, source[layerTag].trace('scaled', args, ['x', 'p']), ['N', 'I', 'O']),
    substituteSizes,
  );
});

const x = tensor(
  [
    [0.1, 0.2],
    [0.3, -0.4],
    [0.5, 0.6],
  ],
  ['n', 'in'],
);
const w = tensor(
  [
    [0.5, -1, 0],
    [0.25, 1, 2],
  ],
  ['in', 'out'],
);

describe('a call', () => {
  it('gives results with the dims of the arguments', async () => {
    const y = scaled(x, { w, scale: 2 });
    expect(y.shape).toEqual(['n=3', 'out=3']);
    expect((await y.array())[0]?.[0]).toBeCloseTo(Math.tanh(2 * (0.1 * 0.5 + 0.2 * 0.25)), 6);
  });

  it('keeps a reduced axis under the name that the type parameter stands for', () => {
    const source = layer((x: Tensor<['N', 'C']>, column: Tensor<['N', 'C=1']>) =>
      x.max(1, { keepdims: true }).add(column),
    ) as unknown as TaggedLayer;
    const args = [f32('N', 'C'), f32('N', 'C=1')];
    type Largest = <N extends Dim, C extends Dim>(x: Tensor<[N, C]>, column: Tensor<[N, Kept<C>]>) => Tensor<[N, Kept<C>]>;
    const trace = source[layerTag].trace('largest', args, ['x', 'column']);
    const largest = compiledLayer<Largest>(compileLayer('largest', args, trace, ['N', 'C']), substituteSizes);
    expect(largest(x, ones(['n=3', 'in=1'])).shape).toEqual(['n=3', 'in=1']);
    expect(largest(ones([3, 2]), ones([3, 1])).shape).toEqual([3, 1]);
    expect(() => largest(x, ones(['n=3', 'out=1']) as never)).toThrow("largest: '[1]' has another shape: [n=3, out=1]");
    const [dx, dColumn] = vjp(largest)(x, ones(['n=3', 'in=1'])).backward(ones(['n=3', 'in=1']));
    expect([dx.shape, dColumn.shape]).toEqual([
      ['n=3', 'in=2'],
      ['n=3', 'in=1'],
    ]);
  });

  it('runs its compiled backward under vjp', async () => {
    const { backward } = vjp(scaled)(x, { w, scale: 2 });
    const [dx, dp] = backward(ones(['n=3', 'out=3']));
    expect(dx.shape).toEqual(['n=3', 'in=2']);
    expect(dp.w.shape).toEqual(['in=2', 'out=3']);
    expect(dp.scale).toBeNull();
    const step = 1e-3;
    const at = async (by: number): Promise<number> => {
      const moved = tensor(
        [
          [0.1 + by, 0.2],
          [0.3, -0.4],
          [0.5, 0.6],
        ],
        ['n', 'in'],
      );
      return (await scaled(moved, { w, scale: 2 }).data()).reduce((sum, element) => sum + element, 0);
    };
    expect((await dx.array())[0]?.[0]).toBeCloseTo(((await at(step)) - (await at(-step))) / (2 * step), 2);
  });
});

describe('a call without types', () => {
  const call = (...args: readonly unknown[]): (() => unknown) => {
    return () => (scaled as unknown as (...args: readonly unknown[]) => unknown)(...args);
  };

  it('is refused where a type parameter meets two dims', () => {
    expect(call(x, { w: zeros(['out=2', 'in=2']), scale: 2 })).toThrow(
      new ShapeError(
        "scaled: '[1].w' has another shape: [out=2, in=2] where the layer takes [I, O], with I = in=2 from '[0]' (transpose it, or rename its axes)",
      ),
    );
  });

  it('is refused where the nesting or a plain value is another', () => {
    const tail = ' (give its structure and plain values, or build it for these)';
    expect(call(x, { w })).toThrow(
      new ShapeError(`scaled: the arguments are not what the layer was built for: '[1]' has no 'scale'${tail}`),
    );
    expect(call(x, { w, scale: 3 })).toThrow(
      new ShapeError(`scaled: the arguments are not what the layer was built for: '[1].scale' is 3, not 2${tail}`),
    );
    expect(call(x)).toThrow(
      new ShapeError(`scaled: the arguments are not what the layer was built for: the value has 1 items, not 2${tail}`),
    );
  });

  it('is refused where the cotangent has another shape', () => {
    const { backward } = vjp(scaled)(x, { w, scale: 2 });
    expect(() => (backward as (dy: unknown) => unknown)(full(['n=3', 'in=3'], 1))).toThrow(
      new ShapeError("scaled: 'dy' has another shape: [n=3, in=3] where the layer takes [n=3, out=3] (transpose it, or rename its axes)"),
    );
  });
});

it('an open axis that is given a size says how to leave it open', () => {
  const source = layer((t: Tensor<['batch', 'in=2']>) => t.relu()) as unknown as TaggedLayer;
  const trace = source[layerTag].trace('open', [f32('batch', 'in=2')], ['t']);
  const open = compiledLayer<(t: unknown) => unknown>(compileLayer('open', [f32('batch', 'in=2')], trace, []));
  expect(() => open(ones(['batch=2', 'in=2']))).toThrow(
    new ShapeError(
      "open: '[0]' has another shape: [batch=2, in=2] where the layer takes [batch, in=2] (make it as [batch, in=2], where a name alone takes any size)",
    ),
  );
});

it('a gradient that reads nothing of a symbolic axis has its size all the same', async () => {
  const source = layer((t: Tensor<['batch', 'in=2']>) => t.sum()) as unknown as TaggedLayer;
  const args = [f32('batch', 'in=2')];
  const total = compiledLayer<(t: Tensor<['batch', 'in=2']>) => Tensor<[]>>(
    compileLayer('total', args, source[layerTag].trace('total', args, ['t'])),
  );
  const { y, backward } = vjp(total)(tensor(new Float32Array([1, 2, 3, 4, 5, 6]), ['batch', 'in=2']));
  expect(await y.item()).toBe(21);
  expect(await backward(tensor(2))[0].array()).toEqual([
    [2, 2],
    [2, 2],
    [2, 2],
  ]);
});

describe('a runtime tensor', () => {
  it('says that it cannot record operations', () => {
    expect(() => x.matmul(w)).toThrow("matmul: adjoint/runtime only runs compiled layers (import from 'adjoint' to record operations)");
    expect(() => x.T).toThrow("T: adjoint/runtime only runs compiled layers (import from 'adjoint' to record operations)");
  });

  it('is no function that vjp knows', () => {
    expect(() => vjp((t: Tensor<[]>) => t)(tensor(1))).toThrow('vjp: adjoint/runtime differentiates compiled layers only');
  });
});
