/**
 * What became of each exported layer and jitted function of some files: the shapes of its values and gradients, its programs and
 * their figures.
 *
 * Invariant: nothing is written and nothing runs on a device; a file with an error is reported as the build reports it. Layers are
 * compiled as the build would: with the choices that their generated module records.
 */
import { basename, resolve } from 'node:path';
import { entryPath, gradientStructure, leavesOf, type Structure } from '../program/structure.ts';
import { showTensorType } from '../program/structureDifference.ts';
import { diagnostic } from './1-frontend/diagnostics/catalogue.ts';
import type { Diagnostic } from './1-frontend/diagnostics/diagnostic.ts';
import { type PathNames, pathsRelativeTo } from './1-frontend/read/positions.ts';
import { describe } from './1-frontend/trace/compareStructures.ts';
import { type GeneratedState, stateOf } from './1-frontend/write/generatedFiles.ts';
import { generatedPathOf } from './1-frontend/write/generatedPath.ts';
import { generateModule } from './1-frontend/write/generateModule.ts';
import { signatureText } from './1-frontend/write/layerComment.ts';
import { readChoiceComments, recordedChoices } from './1-frontend/write/recordedChoices.ts';
import { type CompiledFile, compileFiles, isCompiledLayer, type NamedFunction } from './compileFiles.ts';
import { type ExplainedProgram, explainProgram, type Sizes } from './explainProgram.ts';

export interface ExplainOptions {
  /** The folder that paths are relative to, in and out. By default the process's. */
  readonly cwd?: string;
  /** Sizes of symbolic axes: with them, figures are numbers. */
  readonly sizes?: Sizes;
  /** The WGSL of every variant, too. */
  readonly wgsl?: boolean;
}

export interface ExplainReport {
  readonly ok: boolean;
  readonly files: readonly ExplainedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface ExplainedFile {
  readonly source: string;
  /** The generated module of the file's layers; undefined where there are none. */
  readonly module: ExplainedModule | undefined;
  readonly functions: readonly ExplainedFunction[];
}

export interface ExplainedModule {
  readonly file: string;
  /** What is there, compared with what the build would write, which is what is explained. */
  readonly status: GeneratedState;
  /** The adapter on which choices were measured that its kernels follow. */
  readonly tunedOn: string | undefined;
}

export interface ExplainedFunction {
  readonly name: string;
  readonly kind: 'layer' | 'jit';
  /** `linear(x: f32[N, I], p: { w: f32[I, O], b: f32[O] }): f32[N, O]` */
  readonly signature: string;
  /** The same with one entry a tensor or plain value: `p.w: f32[I, O]`; of results without nesting the type alone. */
  readonly parameters: readonly string[];
  readonly results: readonly string[];
  /** `p.w: f32[I, O]`; a jitted function is not differentiated and has none. */
  readonly gradients: readonly string[];
  readonly programs: readonly ExplainedProgram[];
}

/** Does not throw for what a user can get wrong in a source file. */
export async function explain(
  paths: readonly string[],
  { cwd = '.', sizes = {}, wgsl = false }: ExplainOptions = {},
): Promise<ExplainReport> {
  const names = pathsRelativeTo(resolve(cwd));
  const files: ExplainedFile[] = [];
  const explainFile = ({ path, specifier, layers = [] }: CompiledFile): void => {
    if (layers.length === 0) return;
    const functions = layers.map((one) => explainFunction(one, sizes, wgsl));
    files.push({ source: names(path), module: explainModule(path, specifier, layers, names), functions });
  };
  const compiled = await compileFiles(paths, cwd, ['layer', 'jit'], explainFile, (path) => ({ choices: recordedChoices(path) }));
  const errors = compiled.diagnostics.filter(({ severity }) => severity === 'error');
  const nothing = files.length === 0 && errors.length === 0;
  const position = { file: paths[0] ?? '.', line: 1, column: 1 };
  return {
    ok: errors.length === 0 && !nothing,
    files: files.toSorted((left, right) => (left.source < right.source ? -1 : 1)),
    diagnostics: nothing ? [diagnostic('nothing_to_explain', position, [paths])] : compiled.diagnostics,
  };
}

function explainModule(
  path: string,
  specifier: string,
  functions: readonly NamedFunction[],
  names: PathNames,
): ExplainedModule | undefined {
  const layers = functions.flatMap(({ compiled, parameters }) => (isCompiledLayer(compiled) ? [{ compiled, parameters }] : []));
  if (layers.length === 0) return undefined;
  const module = generatedPathOf(path);
  const text = generateModule(basename(path), specifier, layers, recordedChoices(path));
  return { file: names(module), status: stateOf(module, text), tunedOn: readChoiceComments(text)?.adapter };
}

function explainFunction({ compiled, parameters }: NamedFunction, sizes: Sizes, wgsl: boolean): ExplainedFunction {
  const described = {
    name: compiled.name,
    signature: signatureText(compiled, parameters),
    parameters: compiled.arguments.flatMap((structure, index) => pathLines(structure, parameters[index] ?? `argument${index}`)),
    results: pathLines(compiled.result),
  };
  const forward = explainProgram('forward', compiled.forward, sizes, wgsl);
  if (!isCompiledLayer(compiled)) return { ...described, kind: 'jit', gradients: [], programs: [forward] };
  const programs = [
    forward,
    ...(compiled.residualForward === compiled.forward
      ? []
      : [explainProgram('forward, keeping what backward needs', compiled.residualForward, sizes, wgsl)]),
    explainProgram('backward', compiled.backward, sizes, wgsl),
  ];
  return { ...described, kind: 'layer', gradients: gradientTypes(compiled.arguments, parameters), programs };
}

/** One line a leaf: the way to it, and its type or value. */
function pathLines(structure: Structure, path = ''): readonly string[] {
  if (structure.kind === 'object')
    return Object.entries(structure.entries).flatMap(([key, entry]) => pathLines(entry, entryPath(path, key)));
  if (structure.kind === 'tuple') return structure.items.flatMap((item, index) => pathLines(item, `${path}[${index}]`));
  return [path === '' ? describe(structure) : `${path}: ${describe(structure)}`];
}

function gradientTypes(args: readonly Structure[], parameters: readonly string[]): readonly string[] {
  return args.flatMap((structure, index) =>
    leavesOf(gradientStructure(structure), parameters[index] ?? `argument${index}`).map(
      ({ path, leaf }) => `${path}: ${showTensorType(leaf)}`,
    ),
  );
}
