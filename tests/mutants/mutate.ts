/**
 * Every small mistake that could be made in a file of layers and backward passes: a transpose dropped or added, operands swapped, a
 * tensor in the place of another, another axis, another name, an axis not kept, gradients swapped.
 *
 * Invariant: a mutant is the file with one edit, and would be a correct program but for that edit: names are in scope where they are
 * put, so that only the rules of shapes can refuse it. Source: mutation testing (DeMillo, Lipton and Sayward, 1978).
 */
import { relative } from 'node:path';
import ts from 'typescript';
import { entrySwaps } from './entrySwaps.ts';
import { otherNames } from './otherNames.ts';
import { tensorsInScope } from './tensorsInScope.ts';
import { dimsOf, isTensor, rankOf, shapeTextOf } from './tensorTypes.ts';

export type Kind =
  | 'transpose dropped'
  | 'transpose added'
  | 'operands swapped'
  | 'other saved tensor'
  | 'other tensor'
  | 'other axis'
  | 'other order'
  | 'axis not kept'
  | 'other name'
  | 'entries swapped';

export interface Mutant {
  /** Relative to the root. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly kind: Kind;
  /** The edit in words, the same wherever the expression stands. */
  readonly what: string;
  readonly to: string;
  /** The edit exchanges tensors of one shape: no rule of shapes can tell. */
  readonly isSameType: boolean;
  readonly start: number;
  readonly end: number;
}

/** An edit to a node. */
export interface Edit {
  readonly node: ts.Node;
  readonly kind: Kind;
  readonly to: string;
  /** The tensors concerned have one shape, so that no rule of shapes can tell them apart. */
  readonly isSameType?: boolean;
  /** Where `from -> to` would be too long. */
  readonly what?: string;
}

export interface Context {
  readonly checker: ts.TypeChecker;
  readonly source: ts.SourceFile;
}

const transposes = new Set(['T', 'mT']);
const ordered = new Set(['matmul', 'sub', 'div']);
const reductions = new Set(['sum', 'mean', 'max', 'min', 'argmax', 'cumsum']);
const binary = new Set(['matmul', 'add', 'sub', 'mul', 'div', 'maximum', 'minimum']);

/** A call of a tensor's method, taken apart. */
function methodCall({ checker }: Context, node: ts.Node) {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const receiver = node.expression.expression;
  if (!isTensor(checker, receiver)) return undefined;
  return { receiver, method: node.expression.name.text, args: [...node.arguments] };
}

const isTransposed = (node: ts.Node): boolean => ts.isPropertyAccessExpression(node) && transposes.has(node.name.text);

function transposeEdits(context: Context, node: ts.Node): readonly Edit[] {
  if (ts.isPropertyAccessExpression(node) && isTransposed(node) && isTensor(context.checker, node.expression)) {
    return [{ node, kind: 'transpose dropped', to: node.expression.getText() }];
  }
  const call = methodCall(context, node);
  if (call === undefined || !binary.has(call.method)) return [];
  return [call.receiver, ...call.args]
    .filter(
      (operand) => !isTransposed(operand) && isTensor(context.checker, operand) && !/^[01]$/.test(rankOf(context.checker, operand) ?? ''),
    )
    .map((operand) => ({
      node: operand,
      kind: 'transpose added',
      to: `${operand.getText()}.${rankOf(context.checker, operand) === '2' ? 'T' : 'mT'}`,
    }));
}

function operandEdits(context: Context, node: ts.Node): readonly Edit[] {
  const call = methodCall(context, node);
  const [other] = call?.args ?? [];
  if (call === undefined || other === undefined || !ordered.has(call.method) || !isTensor(context.checker, other)) return [];
  const isSameType = shapeTextOf(context.checker, call.receiver) === shapeTextOf(context.checker, other);
  return [{ node, kind: 'operands swapped', isSameType, to: `${other.getText()}.${call.method}(${call.receiver.getText()})` }];
}

function axisEdits(context: Context, node: ts.Node): readonly Edit[] {
  const call = methodCall(context, node);
  if (call === undefined || !reductions.has(call.method)) return [];
  const [axis, options] = call.args;
  if (axis === undefined) return [];
  const dims = dimsOf(context.checker, call.receiver) ?? [];
  const others = (
    ts.isNumericLiteral(axis)
      ? dims.map((_, index) => `${index}`)
      : axis.getText() === '-1'
        ? ['0']
        : dims.flatMap((dim) => (dim === undefined ? [] : [`'${dim.replace(/=.*/, '')}'`]))
  )
    .filter((other) => other !== axis.getText())
    .map((to): Edit => ({ node: axis, kind: 'other axis', to }));
  if (options === undefined) return others;
  return [...others, { node, kind: 'axis not kept', to: `${node.getText().slice(0, axis.end - node.getStart())})` }];
}

/** The result of a pattern or of an einsum with its first two axes in the other order. */
function patternEdits(_: Context, node: ts.Node): readonly Edit[] {
  if (!ts.isStringLiteral(node) || !ts.isCallExpression(node.parent)) return [];
  const [, before, arrow, after] = /^(.*?)(\s*->\s*)(.*)$/.exec(node.text) ?? [];
  if (before === undefined || after === undefined) return [];
  const parts = after.includes(' ') ? after.match(/\w*=?\([^)]*\)|\S+/g) : [...after];
  const [first, second, ...rest] = parts ?? [];
  if (first === undefined || second === undefined) return [];
  return [{ node, kind: 'other order', to: `'${before}${arrow}${[second, first, ...rest].join(after.includes(' ') ? ' ' : '')}'` }];
}

const edits = [patternEdits, transposeEdits, operandEdits, axisEdits, entrySwaps, tensorsInScope, otherNames];

/** A program of the files, with the project's options. */
export function programOf(root: string, files: readonly string[]): ts.Program {
  const { config } = ts.readConfigFile(`${root}/tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  return ts.createProgram({ rootNames: files, options });
}

/** The mutants of one file of the program, in the order of the file. */
export function mutantsOf(root: string, program: ts.Program, file: string): readonly Mutant[] {
  const source = program.getSourceFile(file);
  if (source === undefined) throw new Error(`mutants: ${file} is not part of the program`);
  const context = { checker: program.getTypeChecker(), source };
  const found: Edit[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    for (const find of edits) found.push(...find(context, node));
    ts.forEachChild(node, visit);
  };
  visit(source);

  const mutants = found.map((edit): Mutant => {
    const { node, kind, to } = edit;
    const start = node.getStart(source);
    const line = source.getLineAndCharacterOfPosition(start).line + 1;
    return { file: relative(root, file), line, kind, what: whatOf(edit), to, isSameType: edit.isSameType ?? false, start, end: node.end };
  });
  const distinct = new Map(mutants.toReversed().map((mutant) => [textOf(source.text, mutant), mutant]));
  distinct.delete(source.text);
  return [...distinct.values()].toReversed();
}

// whatOf :: the edit, with the call that it stands in where it is less than a call
function whatOf({ node, to, what }: Edit): string {
  if (what !== undefined) return oneLine(what);
  const change = `${node.getText()} -> ${to}`;
  if (ts.isCallExpression(node)) return oneLine(change);
  const call = ts.findAncestor(node.parent, (above) => ts.isCallExpression(above) || ts.isStatement(above));
  return oneLine(
    call !== undefined && ts.isCallExpression(call) && call.getText().length < 100 ? `${change} in ${call.getText()}` : change,
  );
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

/** The mutant as a file. */
export const textOf = (original: string, { start, end, to }: Mutant): string => original.slice(0, start) + to + original.slice(end);
