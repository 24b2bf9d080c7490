/**
 * ts-morph and the TypeScript that it brings. Required, not imported: it is CommonJS, whose names an import finds by reading all nine
 * megabytes of it once more, which takes a third of a second.
 */
import { createRequire } from 'node:module';

const tsMorph = createRequire(import.meta.url)('ts-morph') as typeof import('ts-morph');

export const { createWrappedNode, ModuleResolutionKind, Node, Project, ts } = tsMorph;
export type Node = import('ts-morph').Node;
