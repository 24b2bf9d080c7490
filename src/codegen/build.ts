/**
 * `adjoint build`: from source files to generated modules.
 *
 * Invariant: diagnostics are collected, not thrown; a file with an error is not written, and does not keep others from it.
 */
import { basename, resolve } from 'node:path';
import type { Choices } from '../program/choices.ts';
import { diagnostic } from './1-frontend/diagnostics/catalogue.ts';
import type { Diagnostic } from './1-frontend/diagnostics/diagnostic.ts';
import type { ExpandedPaths } from './1-frontend/read/expandPaths.ts';
import { type PathNames, pathsRelativeTo } from './1-frontend/read/positions.ts';
import { isGeneratedFile, stateOf, writeGenerated } from './1-frontend/write/generatedFiles.ts';
import { generatedPathOf, sourcePathOf } from './1-frontend/write/generatedPath.ts';
import { type GeneratedLayer, generateModule } from './1-frontend/write/generateModule.ts';
import { signatureText } from './1-frontend/write/layerComment.ts';
import { recordedChoices } from './1-frontend/write/recordedChoices.ts';
import { type CompiledFile, compileFiles, isCompiledLayer } from './compileFiles.ts';

export { type PrintOptions, printDiagnostic } from './1-frontend/diagnostics/printDiagnostic.ts';

/** What `build` may be told: where, and whether to write, to check or to measure. */
export interface BuildOptions {
  /** The folder that paths are relative to, in and out. By default the process's. */
  readonly cwd?: string;
  /** Write nothing; say which generated modules are missing, stale or orphaned. */
  readonly check?: boolean;
  /**
   * Tiles that were measured fastest, for products that have one. Without it, a module that was built with choices keeps them, so that it
   * comes out the same on any machine; `none` forgets them.
   */
  readonly choices?: Choices | 'none' | undefined;
  /** Called with each file when it is done. */
  readonly onFile?: (file: BuiltFile) => void;
}

/**
 * `written`, `unchanged`; with `check` also `missing` and `stale`. `orphaned`: a generated module without a source that
 * exports layers. `failed`: see the diagnostics.
 */
export type FileStatus = 'written' | 'unchanged' | 'missing' | 'stale' | 'orphaned' | 'failed';

/** A source that exports layers, its generated module, and how the two stand to each other. */
export interface BuiltFile {
  readonly source: string;
  readonly generated: string;
  readonly status: FileStatus;
  readonly layers: readonly BuiltLayer[];
}

/** One layer of a generated module. */
export interface BuiltLayer {
  readonly name: string;
  /** `linear(x: f32[N, I], p: { w: f32[I, O], b: f32[O] }): f32[N, O]` */
  readonly signature: string;
  readonly dispatches: { readonly forward: number; readonly backward: number };
}

/** What a build did, and what it says of the sources. */
export interface BuildResult {
  /** False if there is an error, or with `check` anything that is not up to date. */
  readonly ok: boolean;
  /** The files that export layers, and orphaned modules, sorted by source. */
  readonly files: readonly BuiltFile[];
  readonly diagnostics: readonly Diagnostic[];
}

interface Build {
  readonly names: PathNames;
  readonly options: BuildOptions;
  readonly files: BuiltFile[];
}

/** Builds files, everything in folders, and globs. Does not throw for what a user can get wrong in a source file. */
export async function build(paths: readonly string[], options: BuildOptions = {}): Promise<BuildResult> {
  const cwd = resolve(options.cwd ?? '.');
  const state: Build = { names: pathsRelativeTo(cwd), options, files: [] };
  const withLayers = new Set<string>();
  const onFile = (file: CompiledFile, report: (diagnostic: Diagnostic) => void): void => {
    withLayers.add(file.path);
    buildFile(file, report, state);
  };
  const { expanded, diagnostics } = await compileFiles(paths, cwd, ['layer'], onFile, (path) => ({ choices: choicesFor(path, options) }));
  reportOrphans(expanded, withLayers, state);
  const isFine = ({ status }: BuiltFile): boolean =>
    status === 'written' || status === 'unchanged' || (status === 'orphaned' && options.check !== true);
  return {
    ok: state.files.every(isFine) && diagnostics.every(({ severity }) => severity !== 'error'),
    files: state.files.toSorted((left, right) => (left.source < right.source ? -1 : 1)),
    diagnostics,
  };
}

function choicesFor(path: string, { choices }: BuildOptions): Choices | undefined {
  return choices === 'none' ? undefined : (choices ?? recordedChoices(path));
}

function buildFile({ path, specifier, layers }: CompiledFile, report: (diagnostic: Diagnostic) => void, state: Build): void {
  if (layers === undefined) {
    finish(state, path, 'failed', []);
    return;
  }
  const written = layers.flatMap(({ compiled, parameters }) => (isCompiledLayer(compiled) ? [{ compiled, parameters }] : []));
  const text = generateModule(basename(path), specifier, written, choicesFor(path, state.options));
  finish(state, path, place(state, path, text, report), written.map(builtLayer));
}

function builtLayer({ compiled, parameters }: GeneratedLayer): BuiltLayer {
  const { name, forward, backward } = compiled;
  const dispatches = { forward: forward.statistics.dispatches, backward: backward.statistics.dispatches };
  return { name, signature: signatureText(compiled, parameters), dispatches };
}

/** Writes the module, or says what would have to be written. */
function place(state: Build, source: string, text: string, report: (diagnostic: Diagnostic) => void): FileStatus {
  const path = generatedPathOf(source);
  const found = stateOf(path, text);
  if (found === 'foreign') {
    const file = state.names(path);
    report(diagnostic('not_generated', { file, line: 1, column: 1 }, [file]));
    return 'failed';
  }
  if (found === 'unchanged' || state.options.check === true) return found;
  writeGenerated(path, text);
  return 'written';
}

function finish({ names, options, files }: Build, source: string, status: FileStatus, layers: readonly BuiltLayer[]): void {
  const file: BuiltFile = { source: names(source), generated: names(generatedPathOf(source)), status, layers };
  files.push(file);
  options.onFile?.(file);
}

/** Generated modules among what was named, or beside it, whose source exports no layers any more, or is gone. */
function reportOrphans(expanded: ExpandedPaths, withLayers: ReadonlySet<string>, state: Build): void {
  const expected = new Set([...withLayers].map(generatedPathOf));
  const beside = expanded.sources.map(generatedPathOf);
  const candidates = new Set([...expanded.generated, ...beside]);
  for (const path of candidates) {
    if (!expected.has(path) && isGeneratedFile(path)) finish(state, sourcePathOf(path) ?? path, 'orphaned', []);
  }
}
