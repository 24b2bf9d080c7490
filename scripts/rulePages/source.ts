/** What a page takes from the rule's own file: the comment it opens with, and its functions. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const rules = join(import.meta.dirname, '../../src/types/rules');

export interface Idea {
  readonly idea: string;
  readonly invariant: string;
  readonly source: string;
}

const read = (rule: string): string => readFileSync(join(rules, `${rule}.ts`), 'utf8');

/** The opening comment: its idea, then the lines that begin with `Invariant:` and `Source:`. Throws where there is none. */
export function ideaOf(rule: string): Idea {
  const comment = /^\/\*\*([\s\S]*?)\*\//.exec(read(rule))?.[1];
  if (comment === undefined) throw new Error(`${rule}.ts does not open with a comment`);
  const text = comment
    .split('\n')
    .map((line) => line.replace(/^ \* ?/, '').trimEnd())
    .join('\n')
    .trim();
  const part = (name: string): string =>
    new RegExp(`^${name}: ([\\s\\S]*?)(?=\\n(?:Invariant|Source): |$(?![\\s\\S]))`, 'm').exec(text)?.[1] ?? '';
  return { idea: text.split(/\n(?:Invariant|Source): /)[0]?.trim() ?? '', invariant: part('Invariant'), source: part('Source') };
}

/** The functions and texts of a rule, without its types. Throws on a name that is not there. */
export function twinOf(rule: string, shown: readonly string[] | undefined): string {
  const source = ts.createSourceFile(`${rule}.ts`, read(rule), ts.ScriptTarget.ES2023, true);
  const values = source.statements.flatMap((statement) => {
    const name = nameOf(statement);
    return name === undefined ? [] : [{ name, text: textOf(source, statement) }];
  });
  const missing = shown?.find((name) => !values.some((value) => value.name === name));
  if (missing !== undefined) throw new Error(`${rule}.ts has no function '${missing}'`);
  return values
    .filter(({ name }) => shown?.includes(name) ?? true)
    .map(({ text }) => text)
    .join('\n\n');
}

function nameOf(statement: ts.Statement): string | undefined {
  if (ts.isFunctionDeclaration(statement)) return statement.name?.text;
  if (!ts.isVariableStatement(statement) || statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword))
    return undefined;
  const [declaration] = statement.declarationList.declarations;
  return declaration !== undefined && ts.isIdentifier(declaration.name) ? declaration.name.text : undefined;
}

/** With the comment just above it, unless that speaks of a type (`// name :: …`). */
function textOf(source: ts.SourceFile, statement: ts.Statement): string {
  const above = source.text.slice(statement.getFullStart(), statement.getStart(source)).trim();
  const block = above.split(/\n\s*\n/).at(-1) ?? '';
  return block === '' || block.includes(' :: ') || block.startsWith('// seam')
    ? statement.getText(source)
    : `${block}\n${statement.getText(source)}`;
}
