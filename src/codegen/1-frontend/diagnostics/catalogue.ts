/**
 * Every sentence the build can say, by code. A writer takes what varies; codes are part of the interface (`--json`).
 *
 * Invariant: one writer a code, `<layer>: <what is wrong>: <what it is> (<what to try>)`, lower case, no full stop.
 */
import type { Diagnostic, Position } from './diagnostic.ts';

const literals = "a literal for each axis: a size 3, a size with a name 'n=3', or a name 'n'";

export const messages = {
  // The file

  no_such_file: (path: string) => `${path}: no TypeScript file is there (name a file, a folder or a glob)`,
  broken_config: (problem: string) => `the configuration cannot be read: ${problem} (its files are not built)`,
  type_error: (code: number, text: string) => `TS${code}: ${text}`,
  no_layers: () => 'the file exports no layers (write: export const name = layer(…), with layer from adjoint)',
  nothing_to_explain: (paths: readonly string[]) =>
    `${paths.join(', ')}: nothing to explain: no file there exports a layer or a jitted function (name the file that does, or write: export const name = layer(…), with layer from adjoint)`,
  not_generated: (path: string) => `${path} was not written by adjoint build, and would be overwritten (rename or delete it)`,
  module_throws: (message: string) => `the module throws when it is imported: ${message}`,

  // The layer's type

  not_one_signature: (layer: string, count: number) =>
    `${layer}: the layer has ${count === 0 ? 'no call signature' : `${count} call signatures`} (give layer(…) one function that is not overloaded)`,
  type_parameter_not_dim: (layer: string, parameter: string, constraint: string) =>
    `${layer}: the type parameter ${parameter} is no dim: it extends ${constraint} (let it extend Dim, or specialise it: layer(f<…>))`,
  name_collision: (layer: string, parameter: string, dim: string) =>
    `${layer}: the type parameter ${parameter} has the name of the axis '${dim}': in the program they would be one axis (rename one of them)`,
  shape_not_literal: (layer: string, path: string, type: string, why: string) =>
    `${layer}: the shape of ${path} is not literal: ${type}: ${why} (write ${literals})`,
  rank_unknown: (layer: string, path: string, type: string) =>
    `${layer}: the rank of ${path} is unknown: ${type} (write the shape as a tuple, ${literals})`,
  dtype_not_literal: (layer: string, path: string, type: string) =>
    `${layer}: the dtype of ${path} is not literal: ${type} (write one of 'f32', 'f16', 'i32', 'u32', 'bool')`,
  illegal_shape: (layer: string, path: string, problem: string) => `${layer}: the shape of ${path} is no shape: ${problem}`,
  not_literal: (layer: string, path: string, type: string) =>
    `${layer}: ${path} is not literal: it has type ${type} (make it a tensor, such as Tensor<[]>, or one literal value)`,
  not_a_structure: (layer: string, path: string, type: string) =>
    `${layer}: ${path} is neither a tensor nor made of tensors: it has type ${type} (take tensors, literals, and tuples and objects of them)`,
  result_refused: (layer: string, path: string, sentence: string) => `${layer}: ${path} is refused: ${sentence}`,
  no_tensors: (layer: string) => `${layer}: the layer takes no tensors (a layer takes at least one)`,

  // The layer's body

  not_a_layer: (layer: string) => `${layer}: the export is no layer when the module runs (export what layer(…) returns)`,
  shape_differs: (layer: string, difference: string) =>
    `${layer}: what the body computes is not what its type says: ${difference} (remove the cast that hides it, or correct the type)`,
  not_a_tensor_operation: (layer: string, message: string) => `${layer}: an operation meets what is no tensor: ${message}`,
  reads_outside: (layer: string, message: string) => (message.startsWith(`${layer}: `) ? message : `${layer}: ${message}`),
  donates_nothing: (message: string) => message,
  body_throws: (layer: string, message: string) => `${layer}: the body throws: ${message}`,
  not_compiled: (layer: string, message: string) => `${layer}: the layer does not compile: ${message}`,
} as const satisfies Record<string, (...values: never[]) => string>;

/** The kinds of mistakes that the build speaks of. */
export type DiagnosticCode = keyof typeof messages;

/** Makes diagnostics of one code: `diagnostic('no_layers', position)`. */
export function diagnostic<C extends DiagnosticCode>(
  code: C,
  position: Position,
  values: Parameters<(typeof messages)[C]>,
  notes: readonly string[] = [],
): Diagnostic {
  // seam: the writer of a code takes that code's values; TypeScript does not connect the two through a type parameter
  const write = messages[code] as (...values: Parameters<(typeof messages)[C]>) => string;
  const { file, line, column } = position;
  return { code, severity: code === 'no_layers' ? 'note' : 'error', message: write(...values), file, line, column, notes };
}
