/** A tensor in the place of another: of those in scope, those of the same rank, and of the saved ones all. */
import ts from 'typescript';
import type { Context, Edit } from './mutate.ts';
import { isTensor, isTensorType, rankOf, rankOfType, shapeTextOf, shapeTextOfType } from './tensorTypes.ts';

interface Candidate {
  readonly text: string;
  readonly rank: string | undefined;
  readonly shape: string | undefined;
  readonly isSaved: boolean;
}

export function tensorsInScope(context: Context, node: ts.Node): readonly Edit[] {
  const { checker } = context;
  if (!isUse(checker, node) || !isTensor(checker, node)) return [];
  const root = ts.isPropertyAccessExpression(node) ? node.expression : node;
  const symbol = ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : checker.getSymbolAtLocation(root);
  const declaration = symbol?.valueDeclaration;
  if (declaration === undefined || functionAround(declaration) === undefined) return [];
  const saved = isSaved(declaration);
  const rank = rankOf(checker, node);
  const shape = shapeTextOf(checker, node);
  return candidates(context, node)
    .filter((other) => other.text !== node.getText() && (other.rank === rank || (saved && other.isSaved)))
    .map((other) => ({
      node,
      isSameType: other.shape === shape,
      kind: saved && other.isSaved ? 'other saved tensor' : 'other tensor',
      to: ts.isShorthandPropertyAssignment(node.parent) ? `${node.getText()}: ${other.text}` : other.text,
    }));
}

/** A name where its value is meant, or the member of a name that is no tensor itself. */
function isUse(checker: ts.TypeChecker, node: ts.Node): node is ts.Identifier | ts.PropertyAccessExpression {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(node)) return ts.isIdentifier(node.expression) && !isTensor(checker, node.expression);
  if (!ts.isIdentifier(node) || parent === undefined) return false;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  return (
    (ts.isCallExpression(parent) && parent.arguments.includes(node)) ||
    ts.isArrayLiteralExpression(parent) ||
    (ts.isArrowFunction(parent) && parent.body === node)
  );
}

/** The tensors that could stand at a node, and those that are members of what could stand there. */
function candidates({ checker, source }: Context, node: ts.Node): readonly Candidate[] {
  return checker.getSymbolsInScope(node, ts.SymbolFlags.Variable).flatMap((symbol): readonly Candidate[] => {
    const declaration = symbol.valueDeclaration;
    if (declaration === undefined || declaration.getSourceFile() !== source || functionAround(declaration) === undefined) return [];
    // A name in a pattern is there after the whole declaration.
    const whole = ts.findAncestor(declaration, ts.isVariableDeclaration) ?? declaration;
    const isDone = ts.findAncestor(declaration, ts.isParameter) !== undefined || (whole.end < node.getStart() && !isWithin(node, whole));
    if (!isDone) return [];
    const type = checker.getTypeOfSymbolAtLocation(symbol, node);
    const one = (text: string, of: ts.Type): Candidate => ({
      text,
      rank: rankOfType(checker, of, node),
      shape: shapeTextOfType(checker, of, node),
      isSaved: isSaved(declaration),
    });
    if (isTensorType(checker, type, node)) return [one(symbol.name, type)];
    return checker
      .getPropertiesOfType(type)
      .map((member) => [member.name, checker.getTypeOfSymbolAtLocation(member, node)] as const)
      .filter(([, of]) => isTensorType(checker, of, node))
      .map(([name, of]) => one(`${symbol.name}.${name}`, of));
  });
}

const isWithin = (node: ts.Node, outer: ts.Node): boolean => ts.findAncestor(node, (above) => above === outer) !== undefined;

const functionAround = (node: ts.Node): ts.Node | undefined => ts.findAncestor(node.parent, ts.isFunctionLike);

/** Declared by the first parameter of a backward pass, the second argument of `customVjp`. */
function isSaved(declaration: ts.Node): boolean {
  const parameter = ts.findAncestor(declaration, ts.isParameter);
  const backward = parameter?.parent;
  if (backward === undefined || backward.parameters[0] !== parameter) return false;
  const call = backward.parent;
  return ts.isCallExpression(call) && call.expression.getText() === 'customVjp' && call.arguments[1] === backward;
}
