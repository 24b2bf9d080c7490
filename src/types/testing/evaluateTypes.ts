/**
 * Asks the compiler what types come to: one program for any number of expressions.
 *
 * Invariant: an answer is plain data; a type that is neither a literal, a tuple of literals nor never is an error, so that a
 * rule that stays undecided cannot pass for one that agrees.
 */
import ts from 'typescript';

export type Answer = string | number | boolean | undefined | readonly Answer[];

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  types: [],
};

/** The type of each expression as a value; never is `undefined`. `imports` are statements with paths from this folder. */
export function evaluateTypes(imports: string, expressions: readonly string[]): readonly Answer[] {
  const fileName = `${import.meta.dirname}/cases.ts`;
  const text = [imports, ...expressions.map((expression, index) => `export type Case${index} = ${expression};`)].join('\n');
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, ...rest) =>
    name === fileName ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true) : getSourceFile(name, ...rest);
  host.fileExists = (name) => name === fileName || fileExists(name);
  host.readFile = (name) => (name === fileName ? text : readFile(name));
  const program = ts.createProgram([fileName], options, host);
  const source = program.getSourceFile(fileName);
  if (source === undefined) throw new Error('the file of cases is not in the program');
  const checker = program.getTypeChecker();
  const wrong = program.getSemanticDiagnostics(source)[0] ?? program.getSyntacticDiagnostics(source)[0];
  if (wrong !== undefined) {
    const line = source.getLineAndCharacterOfPosition(wrong.start ?? 0).line;
    throw new Error(`${text.split('\n')[line]}\n${ts.flattenDiagnosticMessageText(wrong.messageText, '\n')}`);
  }
  const aliases = source.statements.filter(ts.isTypeAliasDeclaration);
  return aliases.map((alias) => answer(checker, checker.getTypeAtLocation(alias.name), alias.getText()));
}

function answer(checker: ts.TypeChecker, type: ts.Type, from: string): Answer {
  if (type.flags & ts.TypeFlags.Never) return undefined;
  if (type.isStringLiteral() || type.isNumberLiteral()) return type.value;
  if (type.flags & ts.TypeFlags.BooleanLiteral) return checker.typeToString(type) === 'true';
  if (checker.isTupleType(type)) return checker.getTypeArguments(type as ts.TypeReference).map((item) => answer(checker, item, from));
  throw new Error(`${from}\nis undecided: ${checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation)}`);
}
