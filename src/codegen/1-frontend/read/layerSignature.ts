/**
 * The parameters of a layer, each with its own name, type and declaration.
 *
 * Invariant: `layer(f)` has the type `(...args: A) => Y`; its one rest parameter is spread into the parameters of f here.
 */
import { Node, type Signature, type Type, type Symbol as TypeSymbol, ts } from 'ts-morph';
import { tupleFlags } from './readStructure.ts';

export interface LayerParameter {
  readonly name: string;
  readonly type: Type;
  readonly declaration: Node | undefined;
  /** A parameter that may be left out, or stand for any number of arguments. */
  readonly open: boolean;
}

export function parametersOf(signature: Signature, at: Node): readonly LayerParameter[] {
  const parameters = signature.getParameters();
  return parameters.flatMap((symbol, index) => {
    const type = symbol.getTypeAtLocation(at);
    const [declaration] = symbol.getDeclarations();
    const isRest = Node.isParameterDeclaration(declaration) && declaration.isRestParameter();
    if (isRest && type.isTuple()) return spread(type, index, at);
    const isOptional = Node.isParameterDeclaration(declaration) && declaration.isOptional();
    return [{ name: nameOf(symbol, index), type, declaration, open: isRest || isOptional }];
  });
}

function spread(tuple: Type, first: number, at: Node): readonly LayerParameter[] {
  const { labeledElementDeclarations = [] } = (tuple.compilerType as ts.TupleTypeReference).target;
  const flags = tupleFlags(tuple);
  return tuple.getTupleElements().map((type, index) => {
    const label = labeledElementDeclarations[index];
    const name = label !== undefined && ts.isIdentifier(label.name) ? label.name.text : `argument${first + index}`;
    return { name, type, declaration: label && wrapped(label, at), open: flags[index] !== 'required' };
  });
}

/** The ts-morph node of a compiler node: found by its place in its file. */
function wrapped(label: ts.Node, at: Node): Node | undefined {
  const { fileName } = label.getSourceFile();
  const file = at.getProject().getSourceFile(fileName);
  return file?.getDescendantAtPos(label.getStart())?.getFirstAncestor((ancestor) => ancestor.compilerNode === label);
}

/** Destructured parameters have no name of their own. */
function nameOf(symbol: TypeSymbol, index: number): string {
  const name = symbol.getName();
  return /^__\d+$/.test(name) ? `argument${index}` : name;
}
