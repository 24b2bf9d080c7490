/**
 * The files that are mutated, and how to call what they export, to see whether a mutant that compiles computes anything else.
 *
 * Invariant: sizes are small; they need not be those of the types, for a trace only sees what it is given.
 */
import type { Dim } from '../../src/types/dim.ts';

/** Tensors by their shapes, nested as the arguments are, and numbers. */
export type Given = number | readonly Dim[] | { readonly [name: string]: Given };

export interface Call {
  readonly name: string;
  readonly given: readonly Given[];
  /** Only the result is compared: gradients are part of it. */
  readonly forwardOnly?: true;
  /** The first argument is a model's parameters. */
  readonly ofParameters?: true;
}

export interface CorpusFile {
  readonly file: string;
  readonly calls: readonly Call[];
}

const perceptron = { w1: ['pixel=4', 'hidden=3'], b1: ['hidden=3'], w2: ['hidden=3', 'class=5'], b2: ['class=5'] } as const;
const dense = { w: ['in=2', 'out=2'], b: ['out=2'] } as const;

export const corpus: readonly CorpusFile[] = [
  { file: 'examples/gradients/linear.ts', calls: [{ name: 'linear', given: [['n=3', 'in=4'], ['in=4', 'out=5'], ['out=5']] }] },
  {
    file: 'examples/gradients/linearTransposed.ts',
    calls: [
      {
        name: 'linearTransposed',
        given: [
          ['batch', 'in=4'],
          ['out=4', 'in=4'],
        ],
      },
    ],
  },
  {
    file: 'examples/gradients/lowRank.ts',
    calls: [
      {
        name: 'lowRank',
        given: [
          ['batch', 'in=6'],
          ['in=6', 'rank=2'],
          ['rank=2', 'out=6'],
        ],
      },
    ],
  },
  { file: 'examples/gradients/softmax.ts', calls: [{ name: 'softmax', given: [['n=3', 'c=4']] }] },
  {
    file: 'examples/gradients/crossEntropy.ts',
    calls: [
      {
        name: 'crossEntropy',
        given: [
          ['batch', 'class=5'],
          ['batch', 'class=5'],
        ],
      },
    ],
  },
  { file: 'examples/gradients/layerNorm.ts', calls: [{ name: 'layerNorm', given: [['n=3', 'c=4'], ['c=4'], ['c=4']] }] },
  {
    file: 'examples/gradients/attention.ts',
    calls: [
      {
        name: 'attention',
        given: [
          ['batch', 'query=3', 'd=4'],
          ['batch', 'key=3', 'd=4'],
          ['batch', 'key=3', 'e=4'],
        ],
      },
    ],
  },
  {
    file: 'examples/gradients/perceptron.ts',
    calls: [{ name: 'perceptron', given: [['n=3', 'in=4'], { w1: ['in=4', 'h=2'], b1: ['h=2'], w2: ['h=2', 'out=5'], b2: ['out=5'] }] }],
  },
  {
    file: 'examples/linear/linear.ts',
    calls: [
      { name: 'linear', given: [['n=3', 'in=4'], { w: ['in=4', 'out=5'], b: ['out=5'] }] },
      { name: 'linear3x2', given: [['n=3', 'in=2'], dense] },
      { name: 'linearOfBatch', given: [['batch', 'in=2'], dense] },
      { name: 'denseRelu', given: [['batch', 'in=2'], dense] },
    ],
  },
  {
    file: 'examples/mnist/model.ts',
    calls: [
      { name: 'initialise', given: [1], forwardOnly: true },
      { name: 'scores', given: [perceptron, ['n=6', 'pixel=4']] },
      {
        name: 'crossEntropy',
        given: [
          ['n=6', 'class=5'],
          ['n=6', 'class=5'],
        ],
      },
      {
        name: 'trainStep',
        given: [perceptron, { velocity: perceptron }, ['batch=6', 'pixel=4'], ['batch=6', 'class=5']],
        forwardOnly: true,
        ofParameters: true,
      },
    ],
  },
];
