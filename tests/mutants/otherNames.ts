/** Another name in a dim literal, a list of dims or a rename: one that the file uses elsewhere, and one that it does not use. */
import ts from 'typescript';
import type { Context, Edit } from './mutate.ts';

const makers = /^(zeros|ones|full|randn|uniform|tensor|rename|renameAxis|withNames)$/;

export function otherNames({ source }: Context, node: ts.Node): readonly Edit[] {
  if (!ts.isStringLiteral(node) || !isDim(node)) return [];
  const [name = '', ...size] = node.text.split('=');
  const used = [...source.text.matchAll(/'([a-z]\w*)(?:=\w+)?'/gi)].flatMap(([, other]) =>
    other === undefined || other === name ? [] : [other],
  );
  const next = used.find((other) => other !== 'adjoint');
  return [...new Set([next, `${name}2`])].flatMap((other) =>
    other === undefined ? [] : [{ node, kind: 'other name', to: `'${[other, ...size].join('=')}'` }],
  );
}

function isDim(node: ts.StringLiteral): boolean {
  if (!/^[a-z]\w*(=\w+)?$/i.test(node.text)) return false;
  const { parent } = node;
  if (ts.isLiteralTypeNode(parent)) return ts.isTupleTypeNode(parent.parent) || ts.isExpressionWithTypeArguments(parent.parent);
  const call = ts.findAncestor(parent, ts.isCallExpression);
  if (call === undefined) return false;
  const callee = ts.isPropertyAccessExpression(call.expression) ? call.expression.name : call.expression;
  return makers.test(callee.getText());
}
