/**
 * adjoint/compiler: graphs, their compilation to programs, and the build of source files.
 *
 * Invariant: the checker is loaded by the first call of `build`, so that compiling at run time does not pay for it.
 */
import type { build as buildFiles } from './codegen/build.ts';

export type { DiagnosticCode } from './codegen/1-frontend/diagnostics/catalogue.ts';
export type { Diagnostic, Position } from './codegen/1-frontend/diagnostics/diagnostic.ts';
export { type PrintOptions, printDiagnostic } from './codegen/1-frontend/diagnostics/printDiagnostic.ts';
export type { BuildOptions, BuildResult, BuiltFile, BuiltLayer, FileStatus } from './codegen/build.ts';
export { type CompileOptions, compile } from './codegen/compile.ts';
export { CompileError } from './codegen/compileError.ts';
export { compileLayer } from './codegen/compileLayer.ts';
export { isTaggedLayer, type LayerDefinition, layerTag, type TaggedLayer, type TracedLayer } from './codegen/tracedLayer.ts';
export { evaluate } from './graph/evaluate.ts';
export { printGraph } from './graph/print.ts';
export type { Graph, Value } from './graph/value.ts';
export type { CompiledLayer } from './program/compiledLayer.ts';
export type { DescribedKernel, DescribedProgram, Program, Statistics } from './program/program.ts';
export type { Structure } from './program/structure.ts';

/** Builds the exported layers of files, folders and globs: what `adjoint build` does. */
export const build: typeof buildFiles = async (paths, options) => (await import('./codegen/build.ts')).build(paths, options);
