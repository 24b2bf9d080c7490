/** What is measured of whole programs: layer on layer, and one operation at each rank. */

import { type Call, call } from './call.ts';
import type { Chain } from './measure.ts';

const tensor = (...dims: readonly string[]): string => `a.Tensor<[${dims.map((dim) => `'${dim}'`).join(', ')}]>`;
const parameter = (name: string, ...dims: readonly string[]): string =>
  `a.Parameter<'${name}', [${dims.map((dim) => `'${dim}'`).join(', ')}]>`;

/** A perceptron: in each layer a product, a bias and an activation. */
function perceptron(width: (layer: number) => string, named: typeof parameter): Chain {
  return {
    given: (at) =>
      [
        ...(at === 0 ? [`export declare const y_0: ${tensor('n=8', width(0))};`] : []),
        `export declare const w_${at}: ${named(`w${at}`, width(at), width(at + 1))};`,
        `export declare const b_${at}: ${named(`b${at}`, width(at + 1))};`,
      ].join('\n'),
    line: (at) => `export const y_${at + 1} = y_${at}.matmul(w_${at}).add(b_${at}).relu();`,
    operations: 3,
  };
}
const plain: typeof parameter = (_, ...dims) => tensor(...dims);

export const chains: Readonly<Record<string, Chain>> = {
  'dense layers, each of another width': perceptron((layer) => `h${layer}=64`, plain),
  'dense layers, two widths by turns': perceptron((layer) => `g${layer % 2}=64`, plain),
  'dense layers of parameters, each of another width': perceptron((layer) => `p${layer}=64`, parameter),
  'matmul, add, relu, T and matmul of three made tensors, all shapes new': {
    given: () => '',
    line: (
      at,
    ) => `const x_${at} = a.ones(['n${at}=3', 'm${at}=4']); const w_${at} = a.ones(['m${at}=4', 'k${at}=5']); const b_${at} = a.ones(['k${at}=5']);
export const z_${at} = w_${at}.matmul(x_${at}.matmul(w_${at}).add(b_${at}).relu().T);`,
    operations: 8,
  },
};

export const ranks = [1, 2, 3, 4, 5, 6] as const;
const axes = ['a$=2', 'b$=3', 'c$=4', 'd$=5', 'e$=6', 'f$=7'];
const shape = (rank: number): string => axes.slice(0, rank).join(' ');

/** Calls on a tensor of each rank; none where the rank is too low. */
export const byRank: Readonly<Record<string, (rank: number) => Call | undefined>> = {
  'x.relu()': (rank) => call('x$.relu()', { x: shape(rank) }),
  'x.add(z), equal shapes': (rank) => call('x$.add(z$)', { x: shape(rank), z: shape(rank) }),
  'x.matmul(w), w of rank 2': (rank) => (rank < 2 ? undefined : call('x$.matmul(w$)', { x: shape(rank), w: `${axes[rank - 1]} k$=5` })),
  'x.sum(-1)': (rank) => call('x$.sum(-1)', { x: shape(rank) }),
  'x.sum(name), its first axis': (rank) => call("x$.sum('a$')", { x: shape(rank) }),
  'x.sum(), two axes by index': (rank) => (rank < 2 ? undefined : call('x$.sum([0, 1])', { x: shape(rank) })),
  'x.mT': (rank) => (rank < 2 ? undefined : call('x$.mT', { x: shape(rank) })),
  'x.permute(), the first axis last': (rank) => call(`x$.permute(${[...ranks.slice(0, rank - 1), 0].join(', ')})`, { x: shape(rank) }),
  'x.flatten()': (rank) => call('x$.flatten()', { x: shape(rank) }),
  'ones(), rank by rank': (rank) =>
    call(
      `a.ones([${axes
        .slice(0, rank)
        .map((dim) => `'${dim}'`)
        .join(', ')}])`,
      {},
    ),
};
