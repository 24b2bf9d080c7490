/**
 * What the operations of an expression share: a sentence stands behind the text of the sub-expression that it is about.
 */
import type { Shape } from '../../shape.ts';

export type asShape<dims> = dims extends infer shape extends Shape ? shape : never;

// within :: (text of the sub-expression, sentence) -> sentence
export type within<text extends string, problem> = `expr: '${text}': ${problem & string}`;
export const within = (text: string, problem: string): string => `expr: '${text}': ${problem}`;
