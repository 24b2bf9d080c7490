/**
 * What the types say about each exported layer of some files: parameters and result, as structures.
 *
 * A generic layer is read as its instantiation with its own type parameters' names, `linear<'N', 'I', 'O'>`: the checker
 * then computes every shape, however it was derived, and each type parameter has become a symbolic axis of its name. The
 * instantiation stands in a source file that exists only in memory.
 *
 * Invariant: a layer without a problem here has literal shapes throughout.
 */
import type { CallExpression, Node, Signature, SourceFile, Type } from 'ts-morph';
import { leavesOf, type Structure } from '../../../program/structure.ts';
import { nameOf, symbolOf } from '../../../types/dim.ts';
import { diagnostic } from '../diagnostics/catalogue.ts';
import type { Diagnostic, Position } from '../diagnostics/diagnostic.ts';
import type { FoundLayer } from './findLayers.ts';
import { parametersOf } from './layerSignature.ts';
import type { OpenProject } from './openProjects.ts';
import { type PathNames, positionOf, problemPosition, resultNode } from './positions.ts';
import { probePathOf, probeText } from './probe.ts';
import { readStructure, type StructureProblem, type StructureReader, textOf } from './readStructure.ts';

export interface DeclaredLayer {
  /** The name of the export. */
  readonly name: string;
  readonly typeParameters: readonly string[];
  readonly parameters: readonly { readonly name: string; readonly structure: Structure }[];
  readonly result: Structure;
  /** The export's name in the source. */
  readonly position: Position;
  /** What gives the result: the body's expression, or its declared type. */
  readonly resultPosition: Position;
}

export interface ReadFile {
  readonly file: SourceFile;
  readonly layers: readonly DeclaredLayer[];
  readonly diagnostics: readonly Diagnostic[];
}

interface Candidate {
  readonly found: FoundLayer;
  readonly typeParameters: readonly string[];
}

interface Accepted {
  readonly file: SourceFile;
  readonly candidates: readonly Candidate[];
}

/** All files of one project at once: the checker starts anew where there are instantiations. */
export function readLayers(
  project: OpenProject,
  files: ReadonlyMap<SourceFile, readonly FoundLayer[]>,
  names: PathNames,
): readonly ReadFile[] {
  const accepted = [...files].map(([file, found]) => {
    const diagnostics: Diagnostic[] = [];
    const candidates = found.flatMap((layer) => accept(layer, names, diagnostics) ?? []);
    return { file, candidates, diagnostics };
  });
  const instantiated = instantiate(project, accepted);
  return accepted.map(({ file, candidates, diagnostics }) => {
    const layers = candidates.flatMap((candidate) => {
      const type = instantiated.get(candidate) ?? candidate.found.declaration.getType();
      return readLayer(candidate, type, names, diagnostics) ?? [];
    });
    return { file, layers, diagnostics };
  });
}

/** The types of the generic ones, as instantiations. */
function instantiate({ options, checked }: OpenProject, accepted: readonly Accepted[]): ReadonlyMap<Candidate, Type> {
  const probes = accepted.flatMap(({ file, candidates }) => {
    const generic = candidates.filter(({ typeParameters }) => typeParameters.length > 0);
    return generic.length === 0 ? [] : [{ file: file.getFilePath(), generic }];
  });
  if (probes.length === 0) return new Map();
  const { fileAt } = checked.withTexts(
    new Map(
      probes.map(({ file, generic }) => {
        const instantiations = generic.map(({ found: { name }, typeParameters }) => ({ name, typeParameters }));
        return [probePathOf(file), probeText(options, file, instantiations)];
      }),
    ),
  );
  return new Map(
    probes.flatMap(({ file, generic }) => {
      const probe = fileAt(probePathOf(file));
      return generic.map((candidate, index) => [candidate, probe.getVariableDeclarationOrThrow(`probe${index}`).getType()] as const);
    }),
  );
}

/** Checks what can be said before the type parameters have become axes. */
function accept(found: FoundLayer, names: PathNames, diagnostics: Diagnostic[]): Candidate | undefined {
  const { name, declaration } = found;
  const position = positionOf(declaration, names);
  const signatures = declaration.getType().getCallSignatures();
  const [signature] = signatures;
  if (signature === undefined || signatures.length > 1) {
    diagnostics.push(diagnostic('not_one_signature', position, [name, signatures.length]));
    return undefined;
  }
  const typeParameters = signature.getTypeParameters();
  const refused = typeParameters.flatMap((parameter) => {
    const constraint = parameter.getConstraint();
    const isDim = constraint !== undefined && (constraint.isString() || constraint.getUnionTypes().some((member) => member.isString()));
    const text = constraint === undefined ? 'unknown' : textOf(constraint, declaration);
    return isDim ? [] : [diagnostic('type_parameter_not_dim', position, [name, parameter.getText(), text])];
  });
  const parameterNames = typeParameters.map((parameter) => parameter.getText());
  const collisions = literalAxes(signature, declaration).flatMap((dim) => {
    const parameter = parameterNames.find((candidate) => candidate === symbolOf(dim) || candidate === nameOf(dim));
    return parameter === undefined ? [] : [diagnostic('name_collision', position, [name, parameter, dim])];
  });
  diagnostics.push(...refused, ...collisions.slice(0, 1));
  return refused.length + collisions.length > 0 ? undefined : { found, typeParameters: parameterNames };
}

/** The axes that a generic signature names by literals. */
function literalAxes(signature: Signature, at: Node): readonly string[] {
  const axes = new Set<string>();
  const reader: StructureReader = {
    problems: [],
    typeParameters: new Set(),
    at,
    onAxis: (dim) => typeof dim === 'string' && axes.add(dim),
  };
  for (const { type } of parametersOf(signature, at)) readStructure(reader, type, '');
  readStructure(reader, signature.getReturnType(), '');
  return [...axes];
}

function readLayer(
  { found, typeParameters }: Candidate,
  type: Type,
  names: PathNames,
  diagnostics: Diagnostic[],
): DeclaredLayer | undefined {
  const { name, declaration, call } = found;
  const position = positionOf(declaration, names);
  const [signature] = type.getCallSignatures();
  if (signature === undefined) {
    diagnostics.push(diagnostic('not_one_signature', position, [name, 0]));
    return undefined;
  }
  const reader: StructureReader = { problems: [], typeParameters: new Set(typeParameters), at: call };
  const parameters = parametersOf(signature, call).map((parameter) => {
    const declarations = parameter.declaration === undefined ? [] : [parameter.declaration];
    if (parameter.open) {
      const open = {
        path: parameter.name,
        declarations,
        code: 'not_literal',
        type: `${textOf(parameter.type, call)}, or nothing`,
      } as const;
      reader.problems.push(open);
    }
    const structure = parameter.open
      ? ({ kind: 'tuple', items: [] } as const)
      : readStructure(reader, parameter.type, parameter.name, declarations);
    return { name: parameter.name, structure };
  });
  // A result follows from the parameters: where they are wrong, one mistake gives one error.
  const result = readStructure(
    { ...reader, problems: reader.problems.length > 0 ? [] : reader.problems },
    signature.getReturnType(),
    'result',
    [resultNode(call)],
  );
  const problems = reader.problems.map((problem) => problemDiagnostic(name, problem, call, names));
  const hasTensors = parameters.some(({ structure }) => leavesOf(structure).length > 0);
  if (problems.length === 0 && !hasTensors) problems.push(diagnostic('no_tensors', position, [name]));
  diagnostics.push(...problems);
  if (problems.length > 0) return undefined;
  return { name, typeParameters, parameters, result, position, resultPosition: positionOf(resultNode(call), names) };
}

function problemDiagnostic(layer: string, problem: StructureProblem, call: CallExpression, names: PathNames): Diagnostic {
  const path = problem.path === 'result' ? 'the result' : `'${problem.path}'`;
  const { position, notes } = problemPosition(problem.declarations, call, names);
  switch (problem.code) {
    case 'shape_not_literal':
      return diagnostic(problem.code, position, [layer, path, problem.type, problem.why], notes);
    case 'illegal_shape':
    case 'result_refused':
      return diagnostic(problem.code, position, [layer, path, problem.sentence], notes);
    case 'rank_unknown':
    case 'dtype_not_literal':
    case 'not_literal':
    case 'not_a_structure':
      return diagnostic(problem.code, position, [layer, path, problem.type], notes);
  }
}
