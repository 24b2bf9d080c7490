/**
 * What an operation costs the type checker, in instantiations: deterministic, so it can be gated on a busy machine.
 *
 * Invariant: one program, in which every bench is a few files that are checked one after another: its tensors; as many calls as
 * it takes for everything that is made once to be made; then as many again, which are counted. Of a chain every part is counted.
 */
import { join, resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'typetests/cost');
const repetitions = 10;

/** Lines that stand in a program any number of times; `at` tells them apart. */
export interface Bench {
  /** Declarations that are exported; not counted. */
  given(at: number): string;
  /** What is counted; exports its result. */
  line(at: number): string;
}

export interface Chain extends Bench {
  /** How many operations a line has. */
  readonly operations: number;
}

/** Lengths at which a chain's cost is told. */
export const lengths = [50, 100, 200, 400] as const;

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  customConditions: ['adjoint-source'],
  allowImportingTsExtensions: true,
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  types: ['node', '@webgpu/types'],
};

/** The instantiations that the checker makes for each of these files, in order. Throws where one has an error. */
function instantiations(files: ReadonlyMap<string, string>): ReadonlyMap<string, number> {
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  const textOf = (path: string): string | undefined => files.get(path.slice(folder.length + 1));
  host.getSourceFile = (path, ...rest) => {
    const text = textOf(path);
    return text === undefined ? getSourceFile(path, ...rest) : ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  };
  host.fileExists = (path) => textOf(path) !== undefined || fileExists(path);
  host.readFile = (path) => textOf(path) ?? readFile(path);
  const program = ts.createProgram(
    [...files.keys()].map((name) => join(folder, name)),
    options,
    host,
  );
  const counts = new Map<string, number>();
  for (const [name, text] of files) {
    const source = program.getSourceFile(join(folder, name));
    const before = program.getInstantiationCount();
    const [wrong] = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    if (wrong !== undefined)
      throw new Error(`${text.slice(wrong.start, (wrong.start ?? 0) + 80)}\n${ts.flattenDiagnosticMessageText(wrong.messageText, '\n')}`);
    counts.set(name, program.getInstantiationCount() - before);
  }
  return counts;
}

/** What a file exports. */
const exportsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^export (?:declare )?const (\w+)/gm)].map(([, name]) => name as string);

/** Files with these parts, in order; each sees what those before it export, and the package as `a` and `nn`. */
function chained(prefix: string, parts: readonly string[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [at, part] of parts.entries()) {
    const used = new Set(part.match(/\w+/g));
    const imports = [...files].map(([name, text]) => {
      const names = exportsOf(text).filter((exported) => used.has(exported));
      return `import { ${names.join(', ')} } from './${name}';`;
    });
    files.set(
      `${prefix}.${at}.ts`,
      ["import * as a from 'adjoint';", "import * as nn from 'adjoint/nn';", ...imports, part, 'export {};'].join('\n'),
    );
  }
  return files;
}

const lines = (line: (at: number) => string, from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => line(from + index)).join('\n');

const rounded = (cost: number): number => Math.round(10 * cost) / 10;

export interface Cost {
  /** Instantiations of one more call. */
  readonly each: number;
  /** What was made for the first calls and is there for all later ones. */
  readonly once: number;
}

/** What each bench costs. */
export function costs(benches: Readonly<Record<string, Bench>>): Readonly<Record<string, Cost>> {
  const names = Object.keys(benches);
  const counts = instantiations(
    new Map(
      Object.values(benches).flatMap(({ given, line }, index) => [
        ...chained(`bench${index}`, [
          lines(given, 0, 2 * repetitions),
          lines(line, 0, repetitions),
          lines(line, repetitions, 2 * repetitions),
        ]),
      ]),
    ),
  );
  return Object.fromEntries(
    names.map((name, index) => {
      const [first = Number.NaN, later = Number.NaN] = [1, 2].map((part) => counts.get(`bench${index}.${part}.ts`));
      return [name, { each: rounded(later / repetitions), once: first - later }];
    }),
  );
}

/** Instantiations an operation of each chain, for the first 50, 100, 200 and 400 lines: whole programs, with what they share. */
export function chainCosts(chains: Readonly<Record<string, Chain>>): Readonly<Record<string, readonly number[]>> {
  const counts = instantiations(
    new Map(
      Object.values(chains).flatMap(({ given, line }, index) => [
        ...chained(`chain${index}`, [
          lines(given, 0, lengths[3] + 1),
          ...lengths.map((length, at) => lines(line, lengths[at - 1] ?? 0, length)),
        ]),
      ]),
    ),
  );
  return Object.fromEntries(
    Object.entries(chains).map(([name, { operations }], index) => {
      let total = 0;
      const costs = lengths.map((length, at) => {
        total += counts.get(`chain${index}.${at + 1}.ts`) ?? Number.NaN;
        return rounded(total / length / operations);
      });
      return [name, costs];
    }),
  );
}
