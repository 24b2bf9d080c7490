/** What the checker knows of an expression that is a tensor. */
import ts from 'typescript';

/** The type of a tensor's shape; undefined for what is no tensor. */
export const shapeTypeOf = (checker: ts.TypeChecker, type: ts.Type, at: ts.Node): ts.Type | undefined => {
  const seen = checker.getApparentType(checker.getNonNullableType(type));
  const [shape, dtype] = [checker.getPropertyOfType(seen, 'shape'), checker.getPropertyOfType(seen, 'dtype')];
  return shape === undefined || dtype === undefined ? undefined : checker.getTypeOfSymbolAtLocation(shape, at);
};

export const isTensorType = (checker: ts.TypeChecker, type: ts.Type, at: ts.Node): boolean => shapeTypeOf(checker, type, at) !== undefined;
export const isTensor = (checker: ts.TypeChecker, node: ts.Node): boolean => isTensorType(checker, checker.getTypeAtLocation(node), node);

/** Its rank as text; where that is a type parameter, the parameter's name, so that equal texts mean equal ranks. */
export function rankOfType(checker: ts.TypeChecker, type: ts.Type, at: ts.Node): string | undefined {
  const shape = shapeTypeOf(checker, type, at);
  if (shape === undefined) return undefined;
  return checker.isTupleType(shape) ? `${checker.getTypeArguments(shape as ts.TypeReference).length}` : checker.typeToString(shape);
}
export const rankOf = (checker: ts.TypeChecker, node: ts.Node): string | undefined =>
  rankOfType(checker, checker.getTypeAtLocation(node), node);

/** Its shape as text: tensors of equal texts are the same to every rule of shapes. */
export function shapeTextOfType(checker: ts.TypeChecker, type: ts.Type, at: ts.Node): string | undefined {
  const shape = shapeTypeOf(checker, type, at);
  // What is inferred from elsewhere is the same shape.
  return shape && checker.typeToString(shape, undefined, ts.TypeFormatFlags.NoTruncation).replace(/NoInfer<(\w+)>/g, '$1');
}
export const shapeTextOf = (checker: ts.TypeChecker, node: ts.Node): string | undefined =>
  shapeTextOfType(checker, checker.getTypeAtLocation(node), node);

/** Its dims where they are texts; undefined for those that are sizes or type parameters. */
export function dimsOf(checker: ts.TypeChecker, node: ts.Node): readonly (string | undefined)[] | undefined {
  const shape = shapeTypeOf(checker, checker.getTypeAtLocation(node), node);
  if (shape === undefined || !checker.isTupleType(shape)) return undefined;
  return checker.getTypeArguments(shape as ts.TypeReference).map((dim) => (dim.isStringLiteral() ? dim.value : undefined));
}
