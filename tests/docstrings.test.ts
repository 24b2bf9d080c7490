/**
 * Every export of a public face says what it is, where editors show it: at its declaration, or at the signatures that it has. Layers
 * and losses say their shapes, too.
 */
import { join } from 'node:path';
import { type ExportedDeclarations, Node, Project, type SourceFile } from 'ts-morph';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const faces = ['index', 'nn/index', 'compiler', 'runtime', 'doctor', 'random', 'sizes', 'safetensors', 'testing'];

const project = new Project({ tsConfigFilePath: join(root, 'tsconfig.json'), skipAddingFilesFromTsConfig: true });

/** What stands above the declaration, and above its signatures. */
function wordsOf(declaration: ExportedDeclarations): string {
  const holder = Node.isVariableDeclaration(declaration) ? declaration.getVariableStatement() : declaration;
  const above = holder !== undefined && Node.isJSDocable(holder) ? holder.getJsDocs().map((doc) => doc.getInnerText()) : [];
  const signatures = declaration.getType().getCallSignatures();
  const beside = signatures.flatMap((signature) => signature.getDocumentationComments().map((comment) => comment.getText()));
  return [...above, ...beside].join('\n');
}

function silent(source: SourceFile): readonly string[] {
  return [...source.getExportedDeclarations()]
    .filter(([, declarations]) => declarations.every((declaration) => wordsOf(declaration).trim() === ''))
    .map(([name]) => name);
}

/** The functions of a face that take tensors and give one, and say no word of shapes. */
function shapeless(source: SourceFile): readonly string[] {
  return [...source.getExportedDeclarations()].flatMap(([name, declarations]) =>
    declarations.some(
      (declaration) =>
        Node.isFunctionDeclaration(declaration) &&
        declaration.getParameters().some((parameter) => parameter.getTypeNode()?.getText().includes('Tensor<')) &&
        declaration.getReturnTypeNode()?.getText().includes('Tensor<') &&
        !/Shapes?:|\] → \[/.test(wordsOf(declaration)),
    )
      ? [name]
      : [],
  );
}

it.each(faces)('%s: no export is silent', (face) => {
  const source = project.addSourceFileAtPath(join(root, 'src', `${face}.ts`));
  expect(source.getExportedDeclarations().size).toBeGreaterThan(0);
  expect(silent(source)).toEqual([]);
});

it('layers and losses say their shapes', () => {
  expect(shapeless(project.addSourceFileAtPath(join(root, 'src/nn/index.ts')))).toEqual([]);
});

it('sees what is silent, and a layer that says no shapes', () => {
  const source = project.createSourceFile(
    join(root, 'src/silent.ts'),
    [
      'type Tensor<S> = { shape: S };',
      'export interface Loud {\n  /** Of a signature. */\n  (): void;\n}',
      'export const loud: Loud = () => undefined;',
      '/** Words. */ export function layer(x: Tensor<[1]>): Tensor<[1]> { return x; }',
      '/** Shapes: [n] → [n]. */ export function shaped(x: Tensor<[1]>): Tensor<[1]> { return x; }',
      'export const quiet = 1;',
      'export interface Quiet { readonly a: 1 }',
    ].join('\n'),
  );
  expect(silent(source)).toEqual(['quiet', 'Quiet']);
  expect(shapeless(source)).toEqual(['layer']);
});
