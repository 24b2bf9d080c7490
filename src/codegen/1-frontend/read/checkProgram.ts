/**
 * TypeScript's program over the files to build, and ts-morph's view of it.
 *
 * A program of ts-morph's own says the same, and takes a quarter longer: it parses every doc comment, sets parents that the binder sets
 * again, and wraps each file that is read. Here only the files to build are parsed as tsc parses them; of the others, types are all that is wanted.
 *
 * Invariant: a file is parsed once, and wrapped once for each program.
 */
import type { SourceFile, ts as typescript } from 'ts-morph';
import { createWrappedNode, ts } from './tsMorph.ts';

/** What a program is made of. */
export interface ProgramParts {
  readonly files: readonly string[];
  /** Files that exist only in memory, by path. They are part of the program. */
  readonly texts: ReadonlyMap<string, string>;
  readonly options: typescript.CompilerOptions;
  /** Reads TypeScript's own declarations, which ts-morph carries in itself. */
  readonly readLibrary: (path: string) => string | undefined;
}

export interface CheckedProgram {
  readonly program: typescript.Program;
  /** The file as ts-morph shows it. */
  fileAt(path: string): SourceFile;
  /** The same program, where files in memory have another text. */
  withTexts(texts: ReadonlyMap<string, string>): CheckedProgram;
}

/** Where ts-morph says that it has TypeScript's own declarations. */
const libraryFolder = '/node_modules/typescript/lib';

interface Before {
  readonly parsed: ReadonlyMap<string, typescript.SourceFile>;
  readonly oldProgram: typescript.Program;
}

export function checkProgram(parts: ProgramParts, before?: Before): CheckedProgram {
  const { files, texts, options } = parts;
  const parsed = new Map(before?.parsed);
  const host = hostOf(parts, parsed);
  const program = ts.createProgram({ rootNames: [...files, ...texts.keys()], options, host, ...before });
  const wrapped = new Map<string, SourceFile>();
  return {
    program,
    fileAt(path) {
      const known = wrapped.get(path);
      if (known !== undefined) return known;
      const node = program.getSourceFile(path);
      if (node === undefined) throw new Error(`build: ${path} is not part of the program`);
      const file = createWrappedNode(node, { compilerOptions: options, typeChecker: program.getTypeChecker() });
      wrapped.set(path, file);
      return file;
    },
    withTexts(changed) {
      const unchanged = new Map([...parsed].filter(([path]) => !changed.has(path)));
      return checkProgram({ ...parts, texts: new Map([...texts, ...changed]) }, { parsed: unchanged, oldProgram: program });
    },
  };
}

/** `parsed`: what is parsed already, by path; gets what is parsed now. */
function hostOf({ files, texts, options, readLibrary }: ProgramParts, parsed: Map<string, typescript.SourceFile>): typescript.CompilerHost {
  const checked = new Set(files);
  const onDisk = ts.createCompilerHost(options);
  const readFile = (path: string): string | undefined =>
    texts.get(path) ?? (path.startsWith(`${libraryFolder}/`) ? readLibrary(path) : onDisk.readFile(path));
  const { ParseForTypeErrors, ParseNone } = ts.JSDocParsingMode;
  return {
    ...onDisk,
    getDefaultLibLocation: () => libraryFolder,
    getDefaultLibFileName: (settings) => `${libraryFolder}/${ts.getDefaultLibFileName(settings)}`,
    fileExists: (path) => texts.has(path) || onDisk.fileExists(path),
    readFile,
    getSourceFile(path, language) {
      const known = parsed.get(path);
      if (known !== undefined) return known;
      const text = readFile(path);
      if (text === undefined) return undefined;
      const settings = typeof language === 'object' ? language : { languageVersion: language };
      const file = ts.createSourceFile(path, text, { ...settings, jsDocParsingMode: checked.has(path) ? ParseForTypeErrors : ParseNone });
      parsed.set(path, file);
      return file;
    },
  };
}
