/**
 * The parameters of a layer, each with its own name, type and declaration.
 *
 * Invariant: `layer(f)` has the type `(...args: A) => Y`; its one rest parameter is spread into the parameters of f here.
 */
import type { Signature, Type, Symbol as TypeSymbol, ts as typescript } from 'ts-morph';
import { tupleFlags } from './readStructure.ts';
import { createWrappedNode, Node, ts } from './tsMorph.ts';

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
    if (isRest && type.isTuple()) return spread(type, index);
    const isOptional = Node.isParameterDeclaration(declaration) && declaration.isOptional();
    return [{ name: nameOf(symbol, index), type, declaration, open: isRest || isOptional }];
  });
}

function spread(tuple: Type, first: number): readonly LayerParameter[] {
  const { labeledElementDeclarations = [] } = (tuple.compilerType as typescript.TupleTypeReference).target;
  const flags = tupleFlags(tuple);
  return tuple.getTupleElements().map((type, index) => {
    const label = labeledElementDeclarations[index];
    const name = label !== undefined && ts.isIdentifier(label.name) ? label.name.text : `argument${first + index}`;
    return { name, type, declaration: label && createWrappedNode(label), open: flags[index] !== 'required' };
  });
}

/** Destructured parameters have no name of their own. */
function nameOf(symbol: TypeSymbol, index: number): string {
  const name = symbol.getName();
  return /^__\d+$/.test(name) ? `argument${index}` : name;
}
