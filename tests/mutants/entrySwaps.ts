/** Two tensors of a tuple or an object in each other's place: gradients returned for the wrong arguments, tensors saved under the wrong name. */
import ts from 'typescript';
import type { Context, Edit } from './mutate.ts';
import { isTensor, shapeTextOf } from './tensorTypes.ts';

interface Entry {
  readonly name: string;
  readonly value: ts.Expression;
}

export function entrySwaps({ checker, source }: Context, node: ts.Node): readonly Edit[] {
  const entries = entriesOf(node)?.filter(({ value }) => isTensor(checker, value) || ts.isObjectLiteralExpression(value)) ?? [];
  const pairs = entries.flatMap((left, index) => entries.slice(index + 1).map((right) => [left, right] as const));
  return pairs
    .filter(([left, right]) => isTensor(checker, left.value) || isTensor(checker, right.value))
    .filter(([left, right]) => left.name !== 'y' || right.name !== 'saved')
    .map(([left, right]) => ({
      node,
      kind: 'entries swapped',
      isSameType: isTensor(checker, left.value) && shapeTextOf(checker, left.value) === shapeTextOf(checker, right.value),
      to: swapped(source, node, left, right),
      what: `${left.value.getText()} <-> ${right.value.getText()}`,
    }));
}

function entriesOf(node: ts.Node): readonly Entry[] | undefined {
  if (ts.isArrayLiteralExpression(node)) return node.elements.map((value) => ({ name: '', value }));
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  return node.properties.flatMap((property) => {
    if (ts.isPropertyAssignment(property)) return [{ name: property.name.getText(), value: property.initializer }];
    return ts.isShorthandPropertyAssignment(property) ? [{ name: property.name.text, value: property.name }] : [];
  });
}

function swapped(source: ts.SourceFile, node: ts.Node, left: Entry, right: Entry): string {
  const put = (entry: Entry, value: ts.Expression): string =>
    ts.isShorthandPropertyAssignment(entry.value.parent) ? `${entry.name}: ${value.getText()}` : value.getText();
  const [start, text] = [node.getStart(source), source.text];
  return [
    text.slice(start, left.value.getStart(source)),
    put(left, right.value),
    text.slice(left.value.end, right.value.getStart(source)),
    put(right, left.value),
    text.slice(right.value.end, node.end),
  ].join('');
}
