/**
 * The layers that a file exports: what is exported, under any name, and made by a call of this package's `layer`; or `jit`, for
 * those who want to see what becomes of such functions, too.
 *
 * Invariant: both are known by their declarations, not by their names, so aliases, namespaces and barrels make no difference.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { CallExpression, ExportedDeclarations, Expression, SourceFile, Symbol as TypeSymbol } from 'ts-morph';
import { Node } from './tsMorph.ts';

export interface FoundLayer {
  /** The name of the export; `default` for the default one. */
  readonly name: string;
  readonly declaration: ExportedDeclarations;
  readonly call: CallExpression;
}

export type Maker = 'layer' | 'jit';

export function findLayers(file: SourceFile, makers: readonly Maker[]): readonly FoundLayer[] {
  return [...file.getExportedDeclarations()].flatMap(([name, [declaration]]) => {
    const call = declaration && layerCall(declaration, makers);
    return declaration && call ? [{ name, declaration, call }] : [];
  });
}

function layerCall(declaration: ExportedDeclarations, makers: readonly Maker[]): CallExpression | undefined {
  const value = Node.isVariableDeclaration(declaration)
    ? declaration.getInitializer()
    : Node.isExpression(declaration)
      ? declaration
      : undefined;
  const call = value && withoutWrapping(value);
  return call && Node.isCallExpression(call) && isMadeBy(call.getExpression(), makers) ? call : undefined;
}

function withoutWrapping(expression: Expression): Expression {
  if (Node.isParenthesizedExpression(expression) || Node.isSatisfiesExpression(expression) || Node.isAsExpression(expression)) {
    return withoutWrapping(expression.getExpression());
  }
  return expression;
}

function isMadeBy(callee: Expression, makers: readonly Maker[]): boolean {
  const symbol = callee.getSymbol();
  const origin = symbol?.getAliasedSymbol() ?? symbol;
  return origin !== undefined && makers.some((maker) => origin.getName() === maker && isDeclaredHere(origin, maker));
}

/** Whether the declaration is in `language/layer` or `language/jit` of a package that is called adjoint: this copy, or another one. */
function isDeclaredHere(symbol: TypeSymbol, maker: Maker): boolean {
  return symbol.getDeclarations().some((declaration) => {
    const path = declaration.getSourceFile().getFilePath();
    if (!path.endsWith(`/language/${maker}.ts`) && !path.endsWith(`/language/${maker}.d.ts`)) return false;
    const manifest = resolve(dirname(path), '../../package.json');
    return existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: unknown }).name === 'adjoint';
  });
}

/** True if the file imports this package, but the checker cannot find it. */
export function missesPackage(file: SourceFile): boolean {
  return file
    .getImportDeclarations()
    .some((line) => line.getModuleSpecifierValue() === 'adjoint' && line.getModuleSpecifierSourceFile() === undefined);
}
