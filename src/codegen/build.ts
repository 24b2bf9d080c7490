/**
 * `adjoint build`: from source files to generated modules. This file is the table of contents: expand the paths, read the
 * types, trace and compile the bodies, write the modules.
 *
 * Invariant: diagnostics are collected, not thrown; a file with an error is not written, and does not keep others from it.
 */
import { basename, resolve } from 'node:path';
import { diagnostic } from './1-frontend/diagnostics/catalogue.ts';
import type { Diagnostic } from './1-frontend/diagnostics/diagnostic.ts';
import { compareDiagnostics } from './1-frontend/diagnostics/printDiagnostic.ts';
import { type ExpandedPaths, expandPaths } from './1-frontend/read/expandPaths.ts';
import { findLayers, missesPackage } from './1-frontend/read/findLayers.ts';
import { type OpenProject, openProjects, siblingSpecifier } from './1-frontend/read/openProjects.ts';
import { type PathNames, pathsRelativeTo, typeErrors } from './1-frontend/read/positions.ts';
import { type ReadFile, readLayers } from './1-frontend/read/readLayers.ts';
import { describeFailure } from './1-frontend/trace/describeFailure.ts';
import { failureDiagnostic } from './1-frontend/trace/failureDiagnostic.ts';
import type { TraceAnswer } from './1-frontend/trace/messages.ts';
import { traceModules } from './1-frontend/trace/traceModules.ts';
import { isGeneratedFile, stateOf, writeGenerated } from './1-frontend/write/generatedFiles.ts';
import { generatedPathOf, sourcePathOf } from './1-frontend/write/generatedPath.ts';
import { type GeneratedLayer, generateModule } from './1-frontend/write/generateModule.ts';
import { signatureText } from './1-frontend/write/layerComment.ts';

export { type PrintOptions, printDiagnostic } from './1-frontend/diagnostics/printDiagnostic.ts';

export interface BuildOptions {
  /** The folder that paths are relative to, in and out. By default the process's. */
  readonly cwd?: string;
  /** Write nothing; say which generated modules are missing, stale or orphaned. */
  readonly check?: boolean;
  /** Called with each file when it is done. */
  readonly onFile?: (file: BuiltFile) => void;
}

/**
 * `written`, `unchanged`; with `check` also `missing` and `stale`. `orphaned`: a generated module without a source that
 * exports layers. `failed`: see the diagnostics.
 */
export type FileStatus = 'written' | 'unchanged' | 'missing' | 'stale' | 'orphaned' | 'failed';

export interface BuiltFile {
  readonly source: string;
  readonly generated: string;
  readonly status: FileStatus;
  readonly layers: readonly BuiltLayer[];
}

export interface BuiltLayer {
  readonly name: string;
  /** `linear(x: f32[N, I], p: { w: f32[I, O], b: f32[O] }): f32[N, O]` */
  readonly signature: string;
  readonly dispatches: { readonly forward: number; readonly backward: number };
}

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
  readonly diagnostics: Diagnostic[];
}

/** Builds files, everything in folders, and globs. Does not throw for what a user can get wrong in a source file. */
export async function build(paths: readonly string[], options: BuildOptions = {}): Promise<BuildResult> {
  const cwd = resolve(options.cwd ?? '.');
  const expanded = expandPaths(paths, cwd);
  const state: Build = { names: pathsRelativeTo(cwd), options, files: [], diagnostics: [] };
  const start = { line: 1, column: 1 };
  state.diagnostics.push(...expanded.unknown.map((path) => diagnostic('no_such_file', { file: path, ...start }, [path])));
  const withLayers = new Set<string>();
  const { projects, broken } = openProjects(expanded.sources);
  state.diagnostics.push(
    ...broken.map(({ tsconfig, problem }) =>
      diagnostic('broken_config', { file: state.names(tsconfig), ...start }, [problem.replace(/\.$/, '')]),
    ),
  );
  for (const open of projects) {
    const read = readFiles(open, expanded, state);
    for (const { file } of read) withLayers.add(file.getFilePath());
    await buildProject(open, read, state);
  }
  reportOrphans(expanded, withLayers, state);
  const { files, diagnostics } = state;
  const isFine = ({ status }: BuiltFile): boolean =>
    status === 'written' || status === 'unchanged' || (status === 'orphaned' && options.check !== true);
  return {
    ok: files.every(isFine) && diagnostics.every(({ severity }) => severity !== 'error'),
    files: files.toSorted((left, right) => (left.source < right.source ? -1 : 1)),
    diagnostics: diagnostics.toSorted(compareDiagnostics),
  };
}

/** The files that have something to build, with what their types say. Files that do not type-check go no further. */
function readFiles({ project, files }: OpenProject, { named }: ExpandedPaths, state: Build): readonly ReadFile[] {
  const { names, diagnostics } = state;
  const sound = new Map<ReadFile['file'], ReturnType<typeof findLayers>>();
  const unsound: ReadFile[] = [];
  for (const path of files) {
    const file = project.getSourceFileOrThrow(path);
    const layers = findLayers(file);
    if (layers.length === 0 && !named.has(path) && !missesPackage(file)) continue;
    const errors = typeErrors(file, names);
    if (errors.length > 0) unsound.push({ file, layers: [], diagnostics: errors });
    else if (layers.length > 0) sound.set(file, layers);
    else diagnostics.push(diagnostic('no_layers', { file: names(path), line: 1, column: 1 }, []));
  }
  return [...unsound, ...readLayers(project, sound, names)];
}

async function buildProject({ project, tsconfig }: OpenProject, read: readonly ReadFile[], state: Build): Promise<void> {
  const sound = read.filter(({ diagnostics }) => diagnostics.length === 0);
  for (const { file, diagnostics } of read) {
    state.diagnostics.push(...diagnostics);
    if (diagnostics.length > 0) finish(state, file.getFilePath(), 'failed', []);
  }
  if (sound.length === 0) return;
  const answers = traceModules(
    sound.map(({ file, layers }) => ({ file: file.getFilePath(), layers })),
    tsconfig,
  );
  for (const one of sound) {
    const specifier = siblingSpecifier(project, basename(one.file.getFilePath()));
    buildFile(one, specifier, await nextAnswer(answers), state);
  }
}

/** A module that ends its thread is a module that fails. */
async function nextAnswer(answers: AsyncGenerator<TraceAnswer>): Promise<TraceAnswer> {
  try {
    const { value } = await answers.next();
    return value ?? { failure: { code: 'module_throws', message: 'the build has ended before it', frames: [] } };
  } catch (error) {
    return { failure: describeFailure(error, 'module_throws') };
  }
}

function buildFile({ file, layers }: ReadFile, specifier: string, answer: TraceAnswer, state: Build): void {
  const path = file.getFilePath();
  const compiled = compiledLayers(path, layers, answer, state);
  if (compiled === undefined) {
    finish(state, path, 'failed', []);
    return;
  }
  const status = place(state, path, generateModule(basename(path), specifier, compiled));
  finish(state, path, status, compiled.map(builtLayer));
}

/** Undefined if any of the layers failed; the diagnostics say why. */
function compiledLayers(
  path: string,
  layers: ReadFile['layers'],
  answer: TraceAnswer,
  state: Build,
): readonly GeneratedLayer[] | undefined {
  const { names, diagnostics } = state;
  if ('failure' in answer) {
    const position = { file: names(path), line: 1, column: 1 };
    diagnostics.push(failureDiagnostic(answer.failure, { layer: '', file: path, position, resultPosition: position }, names));
    return undefined;
  }
  const compiled = layers.flatMap((layer, index): readonly GeneratedLayer[] => {
    const result = answer.layers[index];
    if (result !== undefined && 'compiled' in result) {
      return [{ compiled: result.compiled, parameters: layer.parameters.map(({ name }) => name) }];
    }
    if (result !== undefined) diagnostics.push(failureDiagnostic(result.failure, { ...layer, layer: layer.name, file: path }, names));
    return [];
  });
  return compiled.length < layers.length ? undefined : compiled;
}

function builtLayer({ compiled, parameters }: GeneratedLayer): BuiltLayer {
  const { name, forward, backward } = compiled;
  const dispatches = { forward: forward.statistics.dispatches, backward: backward.statistics.dispatches };
  return { name, signature: signatureText(compiled, parameters), dispatches };
}

/** Writes the module, or says what would have to be written. */
function place(state: Build, source: string, text: string): FileStatus {
  const path = generatedPathOf(source);
  const found = stateOf(path, text);
  if (found === 'foreign') {
    const file = state.names(path);
    state.diagnostics.push(diagnostic('not_generated', { file, line: 1, column: 1 }, [file]));
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
