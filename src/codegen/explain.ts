/**
 * What became of each exported layer and jitted function of some files: the shapes of its values and gradients, its programs and
 * their figures.
 *
 * Invariant: nothing is written and nothing runs on a device; a file with an error is reported as the build reports it.
 */
import { resolve } from 'node:path';
import { entryPath, gradientStructure, leavesOf, type Structure } from '../program/structure.ts';
import { showTensorType } from '../program/structureDifference.ts';
import type { Diagnostic } from './1-frontend/diagnostics/diagnostic.ts';
import { pathsRelativeTo } from './1-frontend/read/positions.ts';
import { describe } from './1-frontend/trace/compareStructures.ts';
import { signatureText } from './1-frontend/write/layerComment.ts';
import { compileFiles, isCompiledLayer, type NamedFunction } from './compileFiles.ts';
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
  readonly functions: readonly ExplainedFunction[];
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
  const { diagnostics } = await compileFiles(paths, cwd, ['layer', 'jit'], ({ path, layers }) => {
    if (layers !== undefined) files.push({ source: names(path), functions: layers.map((one) => explainFunction(one, sizes, wgsl)) });
  });
  return {
    ok: diagnostics.every(({ severity }) => severity !== 'error'),
    files: files.toSorted((left, right) => (left.source < right.source ? -1 : 1)),
    diagnostics,
  };
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
