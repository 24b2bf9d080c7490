/**
 * The fixes that sentences end with, `(try a.T.matmul(b): [in=2, out=2])`, put in the place of the call that was refused.
 *
 * Invariant: a and b stand for the receiver and the argument of that call, as they do in every sentence.
 */
import ts from 'typescript';
import { compile, type Diagnostic, type Variant } from './compile.ts';

export interface Fix {
  readonly variant: string;
  readonly sentence: string;
  /** The expression after the fix. */
  readonly fixed: string;
  /** Whether the expression compiles, and whether all around it does, too. */
  readonly compiles: boolean;
  readonly fits: boolean;
}

interface Applied {
  readonly variant: Variant;
  readonly sentence: string;
  readonly fixed: string;
  readonly start: number;
}

/** Applies the first fix that is offered for each variant, and compiles them all. */
export function tryFixes(
  root: string,
  folder: string,
  refused: readonly { readonly variant: Variant; readonly diagnostics: readonly Diagnostic[] }[],
): readonly Fix[] {
  const applied = refused.flatMap(({ variant, diagnostics }) => {
    const fix = diagnostics.map((diagnostic) => apply(variant, diagnostic)).find((done) => done !== undefined);
    return fix === undefined ? [] : [fix];
  });
  const said = compile(
    root,
    folder,
    applied.map(({ variant }) => variant),
  );
  return applied.map(({ variant, sentence, fixed, start }) => {
    const diagnostics = said.get(variant.name) ?? [];
    const source = ts.createSourceFile(variant.name, variant.text, ts.ScriptTarget.ES2022);
    // What is said at its first character is said of the whole, as an operand of what is around it.
    const isInside = ({ line, column }: Diagnostic): boolean => {
      if (line > source.getLineStarts().length) return false;
      const at = source.getPositionOfLineAndCharacter(line - 1, column - 1);
      return at > start && at < start + fixed.length;
    };
    return { variant: variant.name, sentence, fixed, compiles: !diagnostics.some(isInside), fits: diagnostics.length === 0 };
  });
}

function apply(variant: Variant, { line, column, text }: Diagnostic): Applied | undefined {
  const [, sentence, expression] = /"([a-z]\w*: [^"]*\(try ([ab]\.[^"]*?)(?:: \[[^\]"]*\])?\))"/i.exec(text) ?? [];
  if (sentence === undefined || expression === undefined) return undefined;
  const source = ts.createSourceFile(variant.name, variant.text, ts.ScriptTarget.ES2022, true);
  // Callers, and what takes a whole function, see the sentence as part of a type and cannot say which call gave it.
  if (line > source.getLineStarts().length) return undefined;
  const [operation = ''] = sentence.split(':');
  const call = refusedCall(
    source,
    source.getPositionOfLineAndCharacter(line - 1, column - 1),
    operation,
    text.includes(`Refused<"${sentence}`),
  );
  if (call === undefined) return undefined;
  const operands = { a: call.receiver.getText(), b: call.argument.getText() };
  const fixed = expression.replace(/(^|\()([ab])(?=[.)])/g, (_, before: string, name: 'a' | 'b') => before + operands[name]);
  const start = call.node.getStart();
  return {
    variant: { ...variant, name: `fixed/${variant.name}`, text: variant.text.slice(0, start) + fixed + variant.text.slice(call.node.end) },
    sentence,
    fixed,
    start,
  };
}

interface RefusedCall {
  readonly node: ts.CallExpression;
  readonly receiver: ts.Expression;
  readonly argument: ts.Expression;
}

/**
 * The call of an operation that a diagnostic at some position is about: the argument is there where the call is refused; where its
 * result is only a sentence, the call is there, or the name of the member that the result lacks.
 */
function refusedCall(source: ts.SourceFile, at: number, operation: string, isResult: boolean): RefusedCall | undefined {
  const found: { call: RefusedCall; rank: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === operation) {
      const [argument] = node.arguments;
      const { expression: receiver } = node.expression;
      const member = ts.isPropertyAccessExpression(node.parent) ? node.parent.name : undefined;
      const rank = [isResult ? undefined : argument, member, node].findIndex((part) => part?.getStart() === at);
      if (argument !== undefined && rank >= 0) found.push({ call: { node, receiver, argument }, rank });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.toSorted((left, right) => left.rank - right.rank)[0]?.call;
}
