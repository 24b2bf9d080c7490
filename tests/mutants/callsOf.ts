/**
 * How to call what a file exports, by its signatures: tensors of the shapes that the parameters have, small sizes for type parameters.
 *
 * Invariant: one dim stands for one type parameter wherever it is met, so whatever the types let meet, meets.
 */
import ts from 'typescript';
import type { Structure } from '../../src/program/structure.ts';
import type { Dim } from '../../src/types/dim.ts';
import { type DType, dtypes } from '../../src/types/dtype.ts';
import { kept } from '../../src/types/rules/kept.ts';
import { shapeTypeOf } from './tensorTypes.ts';
import type { Call } from './values.ts';

export interface Callable {
  readonly calls: readonly Call[];
  /** What takes tensors, and something of which nothing is known, such as a function. */
  readonly uncalled: readonly string[];
}

/** The calls of everything that is exported and takes tensors. */
export function callsOf(program: ts.Program, file: string): Callable {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (source === undefined || module === undefined) return { calls: [], uncalled: [] };
  const found = checker.getExportsOfModule(module).map((symbol) => {
    const isValue = (symbol.flags & ts.SymbolFlags.Value) !== 0;
    const signature = isValue ? checker.getTypeOfSymbolAtLocation(symbol, source).getCallSignatures().at(-1) : undefined;
    return { name: symbol.name, calls: signature === undefined ? [] : callsOfSignature(checker, source, symbol.name, signature) };
  });
  return {
    calls: found.flatMap(({ calls }) => calls ?? []),
    uncalled: found.flatMap(({ name, calls }) => (calls === undefined ? [name] : [])),
  };
}

/** Undefined where it takes tensors, and something of which nothing is known. */
function callsOfSignature(checker: ts.TypeChecker, at: ts.Node, name: string, signature: ts.Signature): readonly Call[] | undefined {
  const parameters = signature
    .getParameters()
    .map((parameter) => checker.getTypeOfSymbolAtLocation(parameter, at))
    // What a transformation returns takes its arguments as one tuple.
    .flatMap((type) => (checker.isTupleType(type) ? checker.getTypeArguments(type as ts.TypeReference) : [type]))
    .map((type) => structuresOf(checker, at, type));
  if (!JSON.stringify(parameters).includes('"tensor"')) return [];
  if (parameters.some((alternatives) => alternatives.length === 0)) return undefined;
  const most = Math.max(...parameters.map((alternatives) => alternatives.length));
  // Where a parameter may be one of several, each is tried once.
  return [...Array(most).keys()].map((turn) => ({
    name,
    given: [],
    structures: parameters.flatMap((alternatives) => alternatives[Math.min(turn, alternatives.length - 1)] ?? []),
  }));
}

/** What can be given for a type: one structure for each member of a union, none where nothing is known of it. */
function structuresOf(checker: ts.TypeChecker, at: ts.Node, type: ts.Type): readonly Structure[] {
  const some = checker.getNonNullableType(type);
  if (some.isUnion() && !(some.flags & ts.TypeFlags.Boolean)) return some.types.flatMap((member) => structuresOf(checker, at, member));
  if (some.isNumberLiteral() || some.isStringLiteral()) return [{ kind: 'plain', value: some.value }];
  if (some.flags & ts.TypeFlags.Number) return [{ kind: 'plain', value: 0.3 }];
  if (some.flags & ts.TypeFlags.BooleanLike) return [{ kind: 'plain', value: true }];
  const shape = shapeTypeOf(checker, some, at);
  if (shape !== undefined) {
    const [dims, dtype] = [dimsOf(checker, shape), dtypeOf(checker, some, at)];
    return dims === undefined || dtype === undefined ? [] : [{ kind: 'tensor', type: { shape: dims, dtype } }];
  }
  const isPlain = (some.flags & ts.TypeFlags.Object) !== 0 && some.getCallSignatures().length === 0 && !checker.isArrayLikeType(some);
  const members = checker.getPropertiesOfType(some);
  if (!isPlain || members.length === 0) return [];
  const entries = members.map((member) => [member.name, structuresOf(checker, at, checker.getTypeOfSymbolAtLocation(member, at))] as const);
  if (entries.some(([, alternatives]) => alternatives.length === 0)) return [];
  return [
    { kind: 'object', entries: Object.fromEntries(entries.flatMap(([name, [first]]) => (first === undefined ? [] : [[name, first]]))) },
  ];
}

function dtypeOf(checker: ts.TypeChecker, tensor: ts.Type, at: ts.Node): DType | undefined {
  const property = checker.getPropertyOfType(checker.getApparentType(tensor), 'dtype');
  const type = property && checker.getTypeOfSymbolAtLocation(property, at);
  return type?.isStringLiteral() ? dtypes.find((dtype) => dtype === type.value) : undefined;
}

const nameOfParameter = (type: ts.Type): string => type.symbol.name.toLowerCase();

function dimsOf(checker: ts.TypeChecker, shape: ts.Type): readonly Dim[] | undefined {
  if (shape.flags & ts.TypeFlags.Substitution) return dimsOf(checker, (shape as ts.SubstitutionType).baseType);
  // A shape that is a type parameter: leading axes are one, a whole shape is a matrix.
  if (shape.isTypeParameter()) return shape.symbol.name === 'S' ? ['s=3', 't=4'] : [`${nameOfParameter(shape)}=2`];
  if (!checker.isTupleType(shape)) return undefined;
  const dims = checker.getTypeArguments(shape as ts.TypeReference).map((dim) => dimOf(checker, dim));
  return dims.includes(undefined) ? undefined : dims.flatMap((dim) => dim ?? []);
}

/** Small sizes, the same for the same name. */
const sizeOfName = (name: string): number => 2 + ([...name].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % 4);

function dimOf(checker: ts.TypeChecker, type: ts.Type): Dim | readonly Dim[] | undefined {
  if (type.isNumberLiteral()) return type.value > 8 ? 2 + (type.value % 5) : type.value;
  if (type.isStringLiteral()) return type.value.replace(/=(\d\d+|9)$/, (_, size: string) => `=${2 + (Number(size) % 5)}`);
  // NoInfer<N> is N.
  if (type.flags & ts.TypeFlags.Substitution) return dimOf(checker, (type as ts.SubstitutionType).baseType);
  if (type.aliasSymbol?.name === 'Kept') {
    const of = type.aliasTypeArguments?.[0] && dimOf(checker, type.aliasTypeArguments[0]);
    return of === undefined || typeof of === 'object' ? undefined : kept(of);
  }
  if (!type.isTypeParameter()) return undefined;
  const constraint = type.getConstraint();
  // [...P, C]
  if (constraint !== undefined && checker.isArrayLikeType(constraint)) return dimsOf(checker, type);
  const name = nameOfParameter(type);
  return `${name}=${sizeOfName(name)}`;
}
