/**
 * From source files to compiled layers: expand the paths, read the types, trace and compile the bodies. What becomes of them
 * is the caller's: the build writes them, `explain` speaks of them.
 *
 * Invariant: diagnostics are collected, not thrown; a file with an error has no layers, and does not keep others from theirs.
 */
import { basename, resolve } from 'node:path';
import type { CompiledFunction, CompiledLayer } from '../program/compiledLayer.ts';
import type { DescribedProgram } from '../program/program.ts';
import { diagnostic } from './1-frontend/diagnostics/catalogue.ts';
import type { Diagnostic } from './1-frontend/diagnostics/diagnostic.ts';
import { compareDiagnostics } from './1-frontend/diagnostics/printDiagnostic.ts';
import { type ExpandedPaths, expandPaths } from './1-frontend/read/expandPaths.ts';
import { findLayers, type Maker, missesPackage } from './1-frontend/read/findLayers.ts';
import { type OpenProject, openProjects } from './1-frontend/read/openProjects.ts';
import { type PathNames, pathsRelativeTo, typeErrors } from './1-frontend/read/positions.ts';
import { type ReadFile, readLayers } from './1-frontend/read/readLayers.ts';
import { siblingSpecifier } from './1-frontend/read/siblingSpecifier.ts';
import { describeFailure } from './1-frontend/trace/describeFailure.ts';
import { failureDiagnostic } from './1-frontend/trace/failureDiagnostic.ts';
import type { TraceAnswer } from './1-frontend/trace/messages.ts';
import { startTracer, type Tracer } from './1-frontend/trace/traceModules.ts';
import type { VariantOptions } from './compile.ts';

/** A file that exports layers, compiled or with errors among the diagnostics. */
export interface CompiledFile {
  /** Absolute. */
  readonly path: string;
  /** How a module beside it imports it: `./linear.ts`. */
  readonly specifier: string;
  /** Undefined where there is an error. */
  readonly layers: readonly NamedFunction[] | undefined;
}

/** A layer, or a jitted function, with the names of its parameters. */
export interface NamedFunction {
  readonly compiled: CompiledFunction<DescribedProgram> | CompiledLayer<DescribedProgram>;
  readonly parameters: readonly string[];
}

export function isCompiledLayer(
  compiled: CompiledFunction<DescribedProgram> | CompiledLayer<DescribedProgram>,
): compiled is CompiledLayer<DescribedProgram> {
  return 'backward' in compiled;
}

export interface CompiledFiles {
  readonly expanded: ExpandedPaths;
  /** All errors and warnings, the caller's included, in order. */
  readonly diagnostics: readonly Diagnostic[];
}

interface State {
  readonly names: PathNames;
  readonly diagnostics: Diagnostic[];
  readonly makers: readonly Maker[];
  readonly onFile: (file: CompiledFile, report: (diagnostic: Diagnostic) => void) => void;
  readonly variantsOf: (path: string) => VariantOptions;
}

/** Calls `onFile` with each file that exports what one of `makers` made, when it is done. `variantsOf`: by the file's path. */
export async function compileFiles(
  paths: readonly string[],
  cwd: string,
  makers: readonly Maker[],
  onFile: State['onFile'],
  variantsOf: State['variantsOf'] = () => ({}),
): Promise<CompiledFiles> {
  const folder = resolve(cwd);
  const expanded = expandPaths(paths, folder);
  const state: State = { names: pathsRelativeTo(folder), diagnostics: [], makers, onFile, variantsOf };
  const start = { line: 1, column: 1 };
  state.diagnostics.push(...expanded.unknown.map((path) => diagnostic('no_such_file', { file: path, ...start }, [path])));
  const { projects, broken } = openProjects(expanded.sources);
  state.diagnostics.push(
    ...broken.map(({ tsconfig, problem }) =>
      diagnostic('broken_config', { file: state.names(tsconfig), ...start }, [problem.replace(/\.$/, '')]),
    ),
  );
  for (const open of projects) {
    const tracer = startTracer(open.tsconfig);
    try {
      await compileProject(open, readFiles(open, expanded, state), tracer, state);
    } finally {
      await tracer.end();
    }
  }
  return { expanded, diagnostics: state.diagnostics.toSorted(compareDiagnostics) };
}

/** The files that have something to build, with what their types say. Files that do not type-check go no further. */
function readFiles(open: OpenProject, { named }: ExpandedPaths, state: State): readonly ReadFile[] {
  const { names, diagnostics, makers } = state;
  const sound = new Map<ReadFile['file'], ReturnType<typeof findLayers>>();
  const unsound: ReadFile[] = [];
  const { program, fileAt } = open.checked;
  for (const path of open.files) {
    const file = fileAt(path);
    const layers = findLayers(file, makers);
    if (layers.length === 0 && !named.has(path) && !missesPackage(file)) continue;
    const errors = typeErrors(program, file, names);
    if (errors.length > 0) unsound.push({ file, layers: [], diagnostics: errors });
    else if (layers.length > 0) sound.set(file, layers);
    else diagnostics.push(diagnostic('no_layers', { file: names(path), line: 1, column: 1 }, []));
  }
  return [...unsound, ...readLayers(open, sound, names)];
}

async function compileProject({ options }: OpenProject, read: readonly ReadFile[], tracer: Tracer, state: State): Promise<void> {
  const sound = read.filter(({ diagnostics }) => diagnostics.length === 0);
  const done = ({ file }: ReadFile, layers: CompiledFile['layers']): void => {
    const path = file.getFilePath();
    state.onFile({ path, specifier: siblingSpecifier(options, basename(path)), layers }, (found) => state.diagnostics.push(found));
  };
  for (const one of read) {
    state.diagnostics.push(...one.diagnostics);
    if (one.diagnostics.length > 0) done(one, undefined);
  }
  if (sound.length === 0) return;
  const answers = tracer.trace(
    sound.map(({ file, layers }) => ({ file: file.getFilePath(), layers, variants: state.variantsOf(file.getFilePath()) })),
  );
  for (const one of sound) done(one, compiledLayers(one, await nextAnswer(answers), state));
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

/** Undefined if any of the layers failed; the diagnostics say why. */
function compiledLayers(
  { file, layers }: ReadFile,
  answer: TraceAnswer,
  { names, diagnostics }: State,
): readonly NamedFunction[] | undefined {
  const path = file.getFilePath();
  if ('failure' in answer) {
    const position = { file: names(path), line: 1, column: 1 };
    diagnostics.push(failureDiagnostic(answer.failure, { layer: '', file: path, position, resultPosition: position }, names));
    return undefined;
  }
  const compiled = layers.flatMap((layer, index): readonly NamedFunction[] => {
    const result = answer.layers[index];
    if (result !== undefined && 'compiled' in result) {
      return [{ compiled: result.compiled, parameters: layer.parameters.map(({ name }) => name) }];
    }
    if (result !== undefined) diagnostics.push(failureDiagnostic(result.failure, { ...layer, layer: layer.name, file: path }, names));
    return [];
  });
  return compiled.length < layers.length ? undefined : compiled;
}
