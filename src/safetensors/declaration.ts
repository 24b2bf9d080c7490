/**
 * What a file holds, as a TypeScript declaration: the type `Checkpoint`, nested as the names' dots say.
 *
 * Invariant: names and dims are written as literals, so nothing out of a file becomes code.
 */
import type { Contents, NamedTensor } from './contents.ts';
import { dtypeOf } from './format.ts';
import { quote } from './readHeader.ts';

type Tree = Map<string, Tree | string>;
type Refuse = (problem: string, remedy: string) => never;

/** Throws what `refuse` throws, for a file whose tensors have no type here. */
export function declarationOf(contents: Contents, fileName: string, refuse: Refuse): string {
  const tree: Tree = new Map();
  for (const tensor of contents.tensors) place(tree, tensor.name, tensorType(tensor, refuse), refuse);
  for (const [name, text] of contents.values ?? []) place(tree, name, valueType(text), refuse);
  return [
    `/** What ${fileName.replaceAll('*/', '* /')} holds. Written by \`adjoint types\`: run it again when the file changes. */`,
    "import type { Tensor } from 'adjoint';",
    '',
    `export type Checkpoint = ${treeType(tree, '')};`,
    '',
  ].join('\n');
}

function place(tree: Tree, name: string, type: string, refuse: Refuse): void {
  const keys = name.split('.');
  const parents = keys.slice(0, -1);
  const last = keys.at(-1) ?? '';
  const clash = (): never =>
    refuse(`the name ${quote(name)} is also the beginning of another, or stands twice`, 'rename one where the file was made');
  const at = parents.reduce<Tree>((node, key) => descend(node, key) ?? clash(), tree);
  if (at.has(last)) clash();
  at.set(last, type);
}

/** The tree under a key, made where there is none; undefined where a type stands. */
function descend(tree: Tree, key: string): Tree | undefined {
  const next = tree.get(key) ?? new Map();
  tree.set(key, next);
  return typeof next === 'string' ? undefined : next;
}

function tensorType({ name, dtype, sizes, dims }: NamedTensor, refuse: Refuse): string {
  const known = dtypeOf(dtype);
  if (known === undefined)
    return refuse(
      `the tensor ${quote(name)} is ${dtype}`,
      'tensors here are F32, F16, I32, U32 or BOOL: convert it where the file was made',
    );
  if (sizes.includes(0)) return refuse(`the tensor ${quote(name)} has no elements: [${sizes.join(', ')}]`, 'leave it out of the file');
  const shape = (dims ?? sizes).map((dim) => (typeof dim === 'number' ? `${dim}` : literal(dim)));
  return `Tensor<[${shape.join(', ')}]${known === 'f32' ? '' : `, '${known}'`}>`;
}

/** Numbers may change from file to file; texts, booleans and null must be the same. */
function valueType(text: string): string {
  if (text.startsWith('"')) return literal(JSON.parse(text) as string);
  return ['true', 'false', 'null', 'undefined'].includes(text) ? text : 'number';
}

const literal = (text: string): string => `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;

function treeType(tree: Tree | string, indent: string): string {
  if (typeof tree === 'string') return tree;
  const keys = [...tree.keys()];
  const inner = `${indent}  `;
  const typeOf = (key: string): string => treeType(tree.get(key) ?? new Map(), inner);
  if (keys.length > 0 && keys.every((_, index) => tree.has(`${index}`))) {
    return `readonly [\n${keys.map((_, index) => `${inner}${typeOf(`${index}`)},\n`).join('')}${indent}]`;
  }
  const member = (key: string): string => `${inner}readonly ${/^[A-Za-z_$][\w$]*$/.test(key) ? key : literal(key)}: ${typeOf(key)};\n`;
  return `{\n${keys.map(member).join('')}${indent}}`;
}
