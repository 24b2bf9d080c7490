/**
 * Where in the source a diagnostic points: at what the user wrote, as close to the mistake as can be told.
 *
 * Invariant: a position is in a file of the user's, never in this package.
 */
import { relative, sep } from 'node:path';
import type { CallExpression, SourceFile, ts as typescript } from 'ts-morph';
import { diagnostic } from '../diagnostics/catalogue.ts';
import type { Diagnostic, Position } from '../diagnostics/diagnostic.ts';
import { Node } from './tsMorph.ts';

/** How absolute paths are shown. */
export type PathNames = (path: string) => string;

/** Relative to a folder, with forward slashes on every system. */
export function pathsRelativeTo(folder: string): PathNames {
  return (path) => relative(folder, path).split(sep).join('/');
}

export function positionOf(node: Node, names: PathNames): Position {
  const file = node.getSourceFile();
  return { file: names(file.getFilePath()), ...file.getLineAndColumnAtPos(node.getStart()) };
}

/**
 * The innermost declaration inside the call, by its type where it has one; else the function that the layer is made of.
 * A declaration that stands elsewhere is noted.
 */
export function problemPosition(
  declarations: readonly Node[],
  call: CallExpression,
  names: PathNames,
): { readonly position: Position; readonly notes: readonly string[] } {
  const isCall = ({ compilerNode }: Node): boolean => compilerNode === call.compilerNode;
  const isInside = (node: Node): boolean => isCall(node) || node.getFirstAncestor(isCall) !== undefined;
  const inside = declarations.findLast(isInside);
  const innermost = declarations.at(-1);
  const notes = innermost === undefined || innermost === inside ? [] : [declaredAt(positionOf(innermost, names))];
  const typed = Node.isParameterDeclaration(inside) || Node.isPropertySignature(inside) ? inside.getTypeNode() : undefined;
  return { position: positionOf(typed ?? inside ?? call.getArguments()[0] ?? call, names), notes };
}

const declaredAt = ({ file, line, column }: Position): string => `declared at ${file}:${line}:${column}`;

/** What gives a layer's result: the declared type, else the body's expression, else what is returned. */
export function resultNode(call: CallExpression): Node {
  const [f] = call.getArguments();
  if (f === undefined || !(Node.isArrowFunction(f) || Node.isFunctionExpression(f))) return f ?? call;
  const body = f.getBody();
  if (f.getReturnTypeNode() !== undefined) return f.getReturnTypeNode() ?? f;
  if (!Node.isBlock(body)) return body;
  const [returned] = body.getStatements().filter(Node.isReturnStatement);
  return returned?.getExpression() ?? f;
}

/** The checker's own complaints about a file. */
export function typeErrors(program: typescript.Program, file: SourceFile, names: PathNames): readonly Diagnostic[] {
  const { compilerNode } = file;
  return [...program.getSyntacticDiagnostics(compilerNode), ...program.getSemanticDiagnostics(compilerNode)].map((error) => {
    const start = error.start === undefined ? { line: 1, column: 1 } : file.getLineAndColumnAtPos(error.start);
    const [first = '', ...more] = linesOf(error.messageText);
    return diagnostic('type_error', { file: names(file.getFilePath()), ...start }, [error.code, first.replace(/\.$/, '')], more);
  });
}

function linesOf(message: string | typescript.DiagnosticMessageChain): readonly string[] {
  return typeof message === 'string' ? [message] : [message.messageText, ...(message.next ?? []).flatMap(linesOf)];
}
