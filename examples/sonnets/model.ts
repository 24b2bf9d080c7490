/** A small transformer that reads characters and says which comes next. */
import { key, parameters, randomNormal, splitKey, type Tensor } from 'adjoint';
import { embedding, layerNorm, linear, linearParameters, normParameters, transformerBlock, transformerBlockParameters } from 'adjoint/nn';

/** How many characters it sees at once. */
export const context = 64;

const sizes = { model: 'c=64', head: 'head=4', headDim: 'e=16', hidden: 'f=256' } as const;

export function initialise(seed: number) {
  const [characters, positions, first, second, output] = splitKey(key(seed), 5);
  return parameters({
    characters: { table: randomNormal(characters, ['character=61', 'c=64']).mul(0.02) },
    positions: randomNormal(positions, ['t=64', 'c=64']).mul(0.02),
    first: transformerBlockParameters(first, sizes),
    second: transformerBlockParameters(second, sizes),
    norm: normParameters('c=64'),
    output: linearParameters(output, { in: 'c=64', out: 'character=61' }),
  });
}

export type Model = ReturnType<typeof initialise>;

/** Characters by number, a row a stretch of text. */
export type Text = Tensor<['batch', 't=64'], 'i32'>;

/** One score for each character, at each place, from what stands up to there. */
export function scores(p: Model, text: Text): Tensor<['batch', 't=64', 'character=61']> {
  const x = embedding(text, p.characters).add(p.positions);
  const y = transformerBlock(transformerBlock(x, p.first, { causal: true }), p.second, { causal: true });
  return linear(layerNorm(y, p.norm), p.output);
}
