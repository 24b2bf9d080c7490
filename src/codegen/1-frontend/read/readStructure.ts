/**
 * From a type to a structure: tensors with literal shapes, tuples, objects, and literals.
 *
 * Invariant: a type that passes without a problem says everything that the compiler needs to know; what it leaves open
 * (wide numbers, unions, any, unknown ranks) is a problem with a path, never a guess.
 */
import type { Node, Type, ts as typescript } from 'ts-morph';
import type { Structure } from '../../../program/structure.ts';
import type { Dim } from '../../../types/dim.ts';
import { type DType, dtypes } from '../../../types/dtype.ts';
import { shapeProblem } from '../../../types/rules/shape.ts';
import type { Tie } from '../../../types/tie.ts';
import { ts } from './tsMorph.ts';

export type StructureProblem = {
  /** Where the tensor stands: `p.w`, `the result`. */
  readonly path: string;
  /** The declarations on the way there, outermost first. */
  readonly declarations: readonly Node[];
} & (
  | { readonly code: 'shape_not_literal'; readonly type: string; readonly why: string }
  | { readonly code: 'rank_unknown' | 'dtype_not_literal' | 'not_literal' | 'not_a_structure'; readonly type: string }
  | { readonly code: 'illegal_shape' | 'result_refused'; readonly sentence: string }
);

/** Where the reader is in the nested type. */
interface Place {
  readonly path: string;
  readonly declarations: readonly Node[];
  readonly types: readonly Type[];
}

export interface StructureReader {
  readonly problems: StructureProblem[];
  /** Type parameters that stand for axes, by name: as plain values they say nothing. */
  readonly typeParameters: ReadonlySet<string>;
  /** The place from which types are seen. */
  readonly at: Node;
  /** Told every literal axis. */
  readonly onAxis?: (dim: Dim) => void;
}

type ProblemDetail = StructureProblem extends infer P ? (P extends unknown ? Omit<P, 'path' | 'declarations'> : never) : never;

const nothing: Structure = { kind: 'plain', value: undefined };

export function readStructure(reader: StructureReader, type: Type, path: string, declarations: readonly Node[] = []): Structure {
  return read(reader, type, { path, declarations, types: [] });
}

function read(reader: StructureReader, type: Type, place: Place): Structure {
  if (isTensor(type)) return readTensor(reader, type, place);
  const plain = plainValue(type);
  if (plain !== undefined) {
    if (typeof plain.value === 'string' && reader.typeParameters.has(plain.value))
      return refuse(reader, place, { code: 'not_literal', type: plain.value });
    return { kind: 'plain', value: plain.value };
  }
  if (!type.isObject() && !type.isIntersection()) return refuse(reader, place, { code: 'not_literal', type: textOf(type, reader.at) });
  const sentence = refusedSentence(type, reader.at);
  if (sentence !== undefined) return refuse(reader, place, { code: 'result_refused', sentence });
  if (type.isTuple()) return readTuple(reader, type, place);
  if (!isPlainObject(type) || place.types.includes(type))
    return refuse(reader, place, { code: 'not_a_structure', type: textOf(type, reader.at) });
  const entries = type.getProperties().map((property) => {
    const key = property.getName();
    const [declaration] = property.getDeclarations();
    const entryType = property.getTypeAtLocation(reader.at);
    return [key, read(reader, entryType, step(place, place.path === '' ? key : `${place.path}.${key}`, type, declaration))] as const;
  });
  return { kind: 'object', entries: Object.fromEntries(entries) };
}

function step(place: Place, path: string, type: Type, declaration: Node | undefined): Place {
  return {
    path,
    declarations: declaration === undefined ? place.declarations : [...place.declarations, declaration],
    types: [...place.types, type],
  };
}

function refuse(reader: StructureReader, { path, declarations }: Place, detail: ProblemDetail): Structure {
  reader.problems.push({ path, declarations, ...detail });
  return nothing;
}

/** Types are seen from outside, so `Tensor` is written without the file it comes from. */
export function textOf(type: Type, at: Node): string {
  const text = type.getText(at, ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope | ts.TypeFormatFlags.NoTruncation);
  return text.length > 160 ? `${text.slice(0, 157)}…` : text;
}

// Tensors

/** Properties whose key is a unique symbol are known to the checker as `__@name@id`. */
const hasSymbolKey = (type: Type, name: string): boolean =>
  type.getProperties().some((property) => property.getEscapedName().startsWith(`__@${name}@`));

export function isTensor(type: Type): boolean {
  return !type.isAny() && type.getProperty('shape') !== undefined && type.getProperty('dtype') !== undefined && hasSymbolKey(type, 'brand');
}

/** What the checker says of a result that the shape rules refuse. */
function refusedSentence(type: Type, at: Node): string | undefined {
  const reason = type.getProperties().find((property) => property.getEscapedName().startsWith('__@reason@'));
  if (reason === undefined) return undefined;
  const sentence = reason.getTypeAtLocation(at);
  return sentence.isStringLiteral() ? `${sentence.getLiteralValue()}` : textOf(sentence, at);
}

function readTensor(reader: StructureReader, type: Type, place: Place): Structure {
  const { at } = reader;
  const text = textOf(type, at);
  const shapeType = type.getPropertyOrThrow('shape').getTypeAtLocation(at);
  const dtypeType = type.getPropertyOrThrow('dtype').getTypeAtLocation(at);
  const dtype = dtypes.find((candidate: DType) => candidate === dtypeType.getLiteralValue());
  if (shapeType.isAny()) return refuse(reader, place, { code: 'shape_not_literal', type: text, why: 'the shape has type any' });
  if (!shapeType.isTuple() || tupleFlags(shapeType).some((flag) => flag !== 'required'))
    return refuse(reader, place, { code: 'rank_unknown', type: text });
  const shape: Dim[] = [];
  for (const dim of shapeType.getTupleElements()) {
    const value = dim.getLiteralValue();
    if (typeof value === 'number' || typeof value === 'string') reader.onAxis?.(value);
  }
  for (const [axis, dim] of shapeType.getTupleElements().entries()) {
    const value = dim.getLiteralValue();
    if ((typeof value !== 'number' && typeof value !== 'string') || dim.isUnion()) {
      return refuse(reader, place, { code: 'shape_not_literal', type: text, why: `axis ${axis} ${whyNotLiteral(dim, at)}` });
    }
    shape.push(value);
  }
  const problem = shapeProblem('', shape);
  if (problem !== undefined) return refuse(reader, place, { code: 'illegal_shape', sentence: problem.replace(/^: /, '') });
  if (dtype === undefined) return refuse(reader, place, { code: 'dtype_not_literal', type: text });
  const tie = readTie(type, at);
  return { kind: 'tensor', type: { shape, dtype, ...(tie && { tie }) } };
}

/** Which parameter a tensor is, or is the gradient of, by the property that only the types know. */
function readTie(type: Type, at: Node): Tie | undefined {
  for (const of of ['parameter', 'gradient'] as const) {
    const property = type.getProperties().find((candidate) => candidate.getEscapedName().startsWith(`__@${of}@`));
    const name = property?.getTypeAtLocation(at).getLiteralValue();
    if (typeof name === 'string') return { of, name };
  }
  return undefined;
}

function whyNotLiteral(dim: Type, at: Node): string {
  if (dim.isAny()) return 'has type any';
  if (dim.isNever()) return 'has type never';
  if (dim.isNumber()) return 'has the wide type number';
  if (dim.isString()) return 'has the wide type string';
  if (dim.isUnion()) return `is the union ${textOf(dim, at)}`;
  return `is ${textOf(dim, at)}`;
}

// Tuples, objects, literals

/** What each element of a tuple type is. */
export function tupleFlags(tuple: Type): readonly ('required' | 'optional' | 'rest')[] {
  // seam: ts-morph does not show a tuple's target
  const { target } = tuple.compilerType as typescript.TupleTypeReference;
  return target.elementFlags.map((flag) =>
    flag & ts.ElementFlags.Required ? 'required' : flag & ts.ElementFlags.Optional ? 'optional' : 'rest',
  );
}

function readTuple(reader: StructureReader, type: Type, place: Place): Structure {
  if (tupleFlags(type).some((flag) => flag !== 'required'))
    return refuse(reader, place, { code: 'not_a_structure', type: textOf(type, reader.at) });
  const items = type.getTupleElements().map((item, index) => read(reader, item, step(place, `${place.path}[${index}]`, type, undefined)));
  return { kind: 'tuple', items };
}

function plainValue(type: Type): { readonly value: string | number | boolean | null | undefined } | undefined {
  if (type.isNull()) return { value: null };
  if (type.isUndefined() || type.isVoid()) return { value: undefined };
  if (type.isBooleanLiteral()) return { value: type.getText() === 'true' };
  const value = type.getLiteralValue();
  return typeof value === 'string' || typeof value === 'number' ? { value } : undefined;
}

function isPlainObject(type: Type): boolean {
  const isOpen = type.getStringIndexType() !== undefined || type.getNumberIndexType() !== undefined;
  const isCallable = type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0;
  const isInstance = type.isArray() || type.isClass() || hasSymbolKey(type, 'toStringTag') || hasSymbolKey(type, 'iterator');
  return !isOpen && !isCallable && !isInstance && type.getProperties().length > 0;
}
