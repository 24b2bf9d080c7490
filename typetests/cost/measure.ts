/**
 * What an operation costs the type checker, in instantiations: deterministic, so it can be gated on a busy machine.
 *
 * Invariant: a cost is a difference between two programs that differ in nothing but how often the operation stands there.
 */
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const fileName = `${root}/typetests/cost/generated.ts`;

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  allowImportingTsExtensions: true,
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  types: [],
};

const parsed = new Map<string, ts.SourceFile | undefined>();

/** Instantiations that the checker makes for one file of this text, beyond those of an empty one. */
export function instantiations(text: string): number {
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, ...rest) => {
    if (name === fileName) return ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true);
    if (!parsed.has(name)) parsed.set(name, getSourceFile(name, ...rest));
    return parsed.get(name);
  };
  host.fileExists = (name) => name === fileName || fileExists(name);
  host.readFile = (name) => (name === fileName ? text : readFile(name));
  const program = ts.createProgram([fileName], options, host);
  const source = program.getSourceFile(fileName);
  const [wrong] = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  if (wrong !== undefined)
    throw new Error(`${text.slice(wrong.start, (wrong.start ?? 0) + 80)}\n${ts.flattenDiagnosticMessageText(wrong.messageText, '\n')}`);
  return program.getInstantiationCount();
}

/** A piece of a program that can stand there any number of times; `index` tells the pieces apart. */
export interface Bench {
  /** Declarations, not counted. */
  readonly given?: (index: number) => string;
  /** What is counted. */
  readonly line: (index: number) => string;
  /** Operations in a line. */
  readonly operations?: number;
}

const prelude = `import type { Tensor } from '../../src/types/tensor/tensor.ts';
import type { CreateFilled, CreateTensor } from '../../src/types/creation.ts';
declare const ones: CreateFilled<'ones'>;
declare const tensor: CreateTensor;
`;

const file = (bench: Bench, count: number, given: number): string =>
  [
    prelude,
    ...Array.from({ length: given }, (_, index) => bench.given?.(index) ?? ''),
    ...Array.from({ length: count }, (_, index) => bench.line(index)),
    'export {};',
  ].join('\n');

/** Instantiations an operation, when `count` more lines stand there. */
export function cost(bench: Bench, count = 20): number {
  const few = instantiations(file(bench, count, 2 * count));
  const many = instantiations(file(bench, 2 * count, 2 * count));
  return Math.round((10 * (many - few)) / count / (bench.operations ?? 1)) / 10;
}

/** Instantiations an operation of chains of 50, 100 and 200 pieces, whole programs: what they share is part of it. */
export function chainCosts(name: string, bench: Bench): Readonly<Record<string, number>> {
  const empty = instantiations(file(bench, 0, 0));
  return Object.fromEntries(
    [50, 100, 200].map((count) => [
      `${name}, ${count} layers`,
      Math.round((10 * (instantiations(file(bench, count, count + 1)) - empty)) / count / (bench.operations ?? 1)) / 10,
    ]),
  );
}
