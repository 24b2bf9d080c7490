/** What reading types costs, counted: so that a build cannot get slow again unseen. */
import { join } from 'node:path';
import type { ts as typescript } from 'ts-morph';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { plainOptions, type TemporaryProject, temporaryProject } from '../testing/temporaryProject.ts';
import { findLayers } from './findLayers.ts';
import { type OpenProject, openProjects } from './openProjects.ts';
import { probePathOf } from './probe.ts';
import { readLayers } from './readLayers.ts';
import { ts } from './tsMorph.ts';

const plain = `
import { layer, type Tensor } from 'adjoint';
/** Doubles, as {@link Math} would. */
export const double = layer((x: Tensor<['n=3']>) => x.mul(2));
`;
const generic = `
import { type Dim, layer, type Tensor } from 'adjoint';
export const square = layer(<N extends Dim>(x: Tensor<[N]>) => x.mul(x));
`;

let user: TemporaryProject;
let open: OpenProject;
beforeAll(() => {
  user = temporaryProject({ 'plain.ts': plain, 'generic.ts': generic }, plainOptions);
  const { projects } = openProjects([join(user.folder, 'generic.ts'), join(user.folder, 'plain.ts')]);
  expect(projects).toHaveLength(1); // files of one tsconfig share a program
  open = projects[0] ?? expect.unreachable();
});
afterAll(() => user.remove());

/** Reads the layers of one file; gives the instantiating programs' texts, and the names that were read. */
function reading(name: string) {
  const asked: (readonly string[])[] = [];
  const checked: OpenProject['checked'] = {
    ...open.checked,
    withTexts(texts) {
      asked.push([...texts.keys()]);
      return open.checked.withTexts(texts);
    },
  };
  const file = open.checked.fileAt(join(user.folder, name));
  const [read] = readLayers({ ...open, checked }, new Map([[file, findLayers(file, ['layer'])]]), (path) => path);
  return { asked, read: read?.layers.map((layer) => ({ name: layer.name, typeParameters: layer.typeParameters })) };
}

test('layers without type parameters are read from the program in which they were found', () => {
  expect(reading('plain.ts')).toEqual({ asked: [], read: [{ name: 'double', typeParameters: [] }] });
});

test('generic ones take one more program, whatever their number', () => {
  const probes = [probePathOf(join(user.folder, 'generic.ts'))];
  expect(reading('generic.ts')).toEqual({ asked: [probes], read: [{ name: 'square', typeParameters: ['N'] }] });
});

test('the program with other texts parses these and nothing else', () => {
  const path = probePathOf(join(user.folder, 'plain.ts'));
  const before = open.checked.program;
  const text = `${before.getSourceFile(path)?.text}export declare const probe0: typeof source.double;\n`;
  const after = open.checked.withTexts(new Map([[path, text]])).program;
  const parsedAgain = after.getSourceFiles().filter((file) => file !== before.getSourceFile(file.fileName));
  expect(parsedAgain.map(({ fileName }) => fileName)).toEqual([path]);
  expect(after.getSourceFiles()).toHaveLength(before.getSourceFiles().length);
});

test('doc comments are parsed in no file but those to build, whose links tsc takes for uses', () => {
  const hasComments = (file: typescript.SourceFile): boolean =>
    file.statements.some((statement) => ts.getJSDocCommentsAndTags(statement).length > 0);
  const withComments = open.checked.program.getSourceFiles().filter(hasComments);
  expect(withComments.map(({ fileName }) => fileName)).toEqual([join(user.folder, 'plain.ts')]);
});

test('each file is wrapped once', () => {
  const path = join(user.folder, 'plain.ts');
  expect(open.checked.fileAt(path)).toBe(open.checked.fileAt(path));
});
