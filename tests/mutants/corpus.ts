/**
 * The files that are mutated: all layers of the library and of the examples. What they export is called as its signature says
 * (`callsOf.ts`), or as it stands here where a signature does not say enough.
 *
 * Invariant: a file that is added is mutated; sizes are small, and need not be those of the types, for a trace only sees what it is given.
 */
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parameters } from '../../src/language/parameters.ts';
import { grad } from '../../src/language/vjp.ts';
import type { Dim } from '../../src/types/dim.ts';
import type { Tensor } from '../../src/types/tensor/tensor.ts';
import type { Call, Layer } from './values.ts';

/** Tensors of f32 by their shapes, nested as the arguments are, and numbers. */
export type Given = number | readonly Dim[] | { readonly [name: string]: Given };

export interface CorpusFile {
  readonly file: string;
  /** By hand; what is not named here is called by its signature. */
  readonly calls: readonly Call[];
}

const root = join(import.meta.dirname, '../..');

/** Sources below the folders: not tests, not what is generated, not what only runs. */
const layerFiles = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => relative(root, join(root, folder, path)).replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts') && !/\.(test|adjoint|d|config)\.ts$|(^|\/)(main|index)\.ts$|\/testing\//.test(path))
    .sort();

interface Stepping {
  initialise(p: unknown): unknown;
  update(p: unknown, gradient: unknown, state: unknown): { readonly parameters: unknown; readonly state: unknown };
}

/** Two steps of an optimizer, with a gradient that is given. */
const twoSteps = (make: Layer) => (w: Tensor<['n=3', 'c=2']>, g: Tensor<['n=3', 'c=2']>) => {
  // seam: an optimizer's options are known by its name only
  const optimizer = (make as unknown as (options: object) => Stepping)({ rate: 0.1, weightDecay: 0.3 });
  const p = parameters({ w });
  const gradient = (of: typeof p) => grad((q: typeof p) => q.w.mul(g).sum())(of);
  const first = optimizer.update(p, gradient(p), optimizer.initialise(p));
  return optimizer.update(first.parameters, gradient(first.parameters as typeof p), first.state);
};
const matrix: readonly Dim[] = ['n=3', 'c=2'];
const optimizers = ['sgd', 'momentum', 'nesterov', 'rmsprop', 'adam', 'adamW', 'lion'].map(
  (name): Call => ({ name, given: [matrix, matrix], forwardOnly: true, called: twoSteps }),
);

/** A function of a structure and a limit. */
const ofStructure = (f: Layer) => (a: Tensor<['n=3', 'c=2']>, b: Tensor<['c=2']>) =>
  // seam: as above
  (f as unknown as (structure: object, limit: number) => unknown)({ a, b }, 0.5);

const byHand: Readonly<Record<string, readonly Call[]>> = {
  'src/nn/optimizers.ts': optimizers,
  'src/nn/clipping.ts': ['globalNorm', 'clipByGlobalNorm', 'clipByValue'].map(
    (name): Call => ({ name, given: [matrix, ['c=2']], forwardOnly: true, called: ofStructure }),
  ),
  'examples/mnist/perceptron.ts': [{ name: 'initialise', given: [1], forwardOnly: true }],
  'examples/mnist/convolutional.ts': [{ name: 'initialise', given: [1], forwardOnly: true }],
  'examples/sonnets/model.ts': [{ name: 'initialise', given: [1], forwardOnly: true }],
};

export const corpus: readonly CorpusFile[] = [...layerFiles('examples'), ...layerFiles('src/nn')].map((file) => ({
  file,
  calls: byHand[file] ?? [],
}));
