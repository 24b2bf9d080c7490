/**
 * The passes, in order. Each takes a graph to one that computes the same; the whole list runs until nothing changes.
 *
 * Invariant: inputs stay as they are, and outputs keep their shapes and dtypes. Floating-point results may differ in the
 * sign of a zero (x + 0 is x), and in the order of a sum that goes into a contract; nothing else changes, NaN and infinities
 * included, except where `foldContractViews` and `foldSumsOfProducts` say so.
 */

import type { Graph } from '../../graph/value.ts';
import { commonSubexpressions } from './commonSubexpressions.ts';
import { foldAfter } from './foldAfter.ts';
import { foldAlgebra } from './foldAlgebra.ts';
import { foldConstants } from './foldConstants.ts';
import { foldContracts } from './foldContracts.ts';
import { foldContractViews } from './foldContractViews.ts';
import { foldNestedSums } from './foldNestedSums.ts';
import { foldReductions } from './foldReductions.ts';
import { foldSumsOfProducts } from './foldSumsOfProducts.ts';
import { foldViews } from './foldViews.ts';
import { lowerScatters } from './lowerScatters.ts';
import { removeMarks } from './removeMarks.ts';
import { splitStrides } from './splitStrides.ts';

export interface Pass {
  readonly name: string;
  readonly run: (graph: Graph) => Graph;
  /** Kernels cannot be made without it. */
  readonly isNeeded?: true;
}

export const passes: readonly Pass[] = [
  { name: 'removeMarks', run: removeMarks, isNeeded: true }, // first: marks hide every other pattern
  { name: 'foldAfter', run: foldAfter },
  { name: 'foldViews', run: foldViews }, // constants come out of broadcasts, so that the next two see them
  { name: 'foldConstants', run: foldConstants },
  { name: 'foldAlgebra', run: foldAlgebra },
  { name: 'foldReductions', run: foldReductions },
  { name: 'foldContractViews', run: foldContractViews },
  { name: 'splitStrides', run: splitStrides }, // after foldContractViews, which makes the products that it splits
  { name: 'foldNestedSums', run: foldNestedSums }, // after foldContractViews, which takes the sums of a contract's windows away
  { name: 'foldContracts', run: foldContracts }, // after foldViews: one permute at most stands before a contract
  { name: 'foldSumsOfProducts', run: foldSumsOfProducts }, // after foldContracts, which makes factors alike
  { name: 'lowerScatters', run: lowerScatters },
  { name: 'commonSubexpressions', run: commonSubexpressions }, // last: the others make values alike
];
