/** Tensors of programs without a compiler: shapes are checked, in few words, and computed sizes need arithmetic only over symbols. */
import { describe, expect, it } from 'vitest';
import { generateModule } from '../codegen/1-frontend/write/generateModule.ts';
import { compileLayer } from '../codegen/compileLayer.ts';
import { layerTag, type TaggedLayer } from '../codegen/tracedLayer.ts';
import { layer } from '../language/layer.ts';
import type { Structure } from '../program/structure.ts';
import { substituteSizes } from '../types/arithmetic/substituteSizes.ts';
import type { Tensor } from '../types/tensor/tensor.ts';
import { compiledLayer } from './compiledLayer.ts';
import { ones, tensor, zeros } from './runtimeTensor.ts';

describe('a shape', () => {
  it.each([
    [
      "tensor: the shape is not legal: [n, n] (write 3, 'in=3' or 'batch', each name once)",
      () => tensor(Float32Array.of(1), ['n', 'n'] as never),
    ],
    ["zeros: the shape is not legal: [a b] (write 3, 'in=3' or 'batch', each name once)", () => zeros(['a b'] as never)],
    ['tensor: 1 names for 2 axes: [1, 2] (give each axis a name)', () => tensor([[1, 2]], ['n'] as never)],
    ['tensor: the rows are ragged (give every row the same length)', () => tensor([[1, 2], [3]] as never)],
    ["zeros: axis 'batch' has no size: [batch] (give its size, or a dim with one, such as 'batch=3')", () => zeros(['batch'])],
  ])('%s', (message, make) => expect(make).toThrow(message));

  it('is what it was written as', () => {
    expect(tensor([[1, 2]], ['n', 'in']).shape).toEqual(['n=1', 'in=2']);
    expect(tensor(new Float32Array(6), ['2*batch'], { batch: 3 }).sizes).toEqual([6]);
  });
});

describe('sizes that are computed from type parameters', () => {
  const args: readonly Structure[] = [{ kind: 'tensor', type: { shape: ['N', 'I'], dtype: 'f32' } }];
  const source = layer((x: Tensor<['N', 'I']>) => x.exp().flatten()) as unknown as TaggedLayer;
  const compiled = compileLayer('flat', args, source[layerTag].trace('flat', args, ['x']), ['N', 'I']);
  type Flat = (x: Tensor<['n=2', 'in=3']> | Tensor<['batch', 'in=3']>) => Tensor<['n']>;

  it('come along in the generated module, and only there', () => {
    expect(generateModule('flat.ts', './flat.ts', [{ compiled, parameters: ['x'] }])).toContain("from 'adjoint/sizes'");
    const plain = layer((x: Tensor<['N', 'I']>) => x.exp()) as unknown as TaggedLayer;
    const same = compileLayer('same', args, plain[layerTag].trace('same', args, ['x']), ['N', 'I']);
    expect(generateModule('same.ts', './same.ts', [{ compiled: same, parameters: ['x'] }])).not.toContain('adjoint/sizes');
  });

  it('need it', () => {
    const symbolic = tensor(new Float32Array(6), ['batch', 'in=3']);
    expect(compiledLayer<Flat>(compiled, substituteSizes)(ones(['n=2', 'in=3'])).shape).toEqual([6]);
    expect(compiledLayer<Flat>(compiled, substituteSizes)(symbolic).shape).toEqual(['3*batch']);
    expect(() => compiledLayer<Flat>(compiled)(symbolic)).toThrow('I*N: sizes are computed by adjoint/sizes (build the layer again)');
  });
});
