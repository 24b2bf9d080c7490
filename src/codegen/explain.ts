/**
 * What became of each exported layer and jitted function of some files: the shapes of its values and gradients, its programs and
 * their figures.
 *
 * Invariant: nothing is written and nothing runs on a device; a file with an error is reported as the build reports it.
 */
import { resolve } from 'node:path';
import { gradientStructure, leavesOf, type Structure } from '../program/structure.ts';
import { showTensorType } from '../program/structureDifference.ts';
import type { Diagnostic } from './1-frontend/diagnostics/diagnostic.ts';
import { pathsRelativeTo } from './1-frontend/read/positions.ts';
import { signatureText } from './1-frontend/write/layerComment.ts';
import { compileFiles, isCompiledLayer, type NamedFunction } from './compileFiles.ts';
import { type ExplainedProgram, explainProgram, type Sizes } from './explainProgram.ts';

export interface ExplainOptions {
  /** The folder that paths are relative to, in and out. By default the process's. */
  readonly cwd?: string;
  /** Sizes of symbolic axes: with them, figures are numbers. */
  readonly sizes?: Sizes;
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
  /** `p.w: f32[I, O]`; a jitted function is not differentiated and has none. */
  readonly gradients: readonly string[];
  readonly programs: readonly ExplainedProgram[];
}

/** Does not throw for what a user can get wrong in a source file. */
export async function explain(paths: readonly string[], { cwd = '.', sizes = {} }: ExplainOptions = {}): Promise<ExplainReport> {
  const names = pathsRelativeTo(resolve(cwd));
  const files: ExplainedFile[] = [];
  const { diagnostics } = await compileFiles(paths, cwd, ['layer', 'jit'], ({ path, layers }) => {
    if (layers !== undefined) files.push({ source: names(path), functions: layers.map((one) => explainFunction(one, sizes)) });
  });
  return {
    ok: diagnostics.every(({ severity }) => severity !== 'error'),
    files: files.toSorted((left, right) => (left.source < right.source ? -1 : 1)),
    diagnostics,
  };
}

function explainFunction({ compiled, parameters }: NamedFunction, sizes: Sizes): ExplainedFunction {
  const signature = signatureText(compiled, parameters);
  const forward = explainProgram('forward', compiled.forward, sizes);
  if (!isCompiledLayer(compiled)) return { name: compiled.name, kind: 'jit', signature, gradients: [], programs: [forward] };
  const programs = [
    forward,
    ...(compiled.residualForward === compiled.forward
      ? []
      : [explainProgram('forward, keeping what backward needs', compiled.residualForward, sizes)]),
    explainProgram('backward', compiled.backward, sizes),
  ];
  return { name: compiled.name, kind: 'layer', signature, gradients: gradientTypes(compiled.arguments, parameters), programs };
}

function gradientTypes(args: readonly Structure[], parameters: readonly string[]): readonly string[] {
  return args.flatMap((structure, index) =>
    leavesOf(gradientStructure(structure), parameters[index] ?? `argument${index}`).map(
      ({ path, leaf }) => `${path}: ${showTensorType(leaf)}`,
    ),
  );
}
