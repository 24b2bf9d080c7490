import { relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TemporaryProject, temporaryProject } from '../testing/temporaryProject.ts';
import { expandPaths } from './expandPaths.ts';

let project: TemporaryProject;
beforeAll(() => {
  const names = [
    'a.ts',
    'b.mts',
    'types.d.ts',
    'page.tsx',
    'a.adjoint.ts',
    'old.adjoint.ts',
    'src/c.ts',
    'src/deep/d.ts',
    'src/deep/(e).ts',
    'dist/a.ts',
    '.hidden/a.ts',
  ];
  project = temporaryProject(Object.fromEntries(names.map((name) => [name, ''])));
});
afterAll(() => project.remove());

const expand = (...paths: readonly string[]): Record<string, readonly string[]> => {
  const { sources, named, generated, unknown } = expandPaths(paths, project.folder);
  const short = (files: Iterable<string>): readonly string[] => [...files].map((file) => relative(project.folder, file));
  return { sources: short(sources), named: short(named), generated: short(generated), unknown };
};

test('a folder: everything below, without dependencies, builds, hidden folders and links', () => {
  expect(expand('.')).toEqual({
    sources: ['a.ts', 'b.mts', 'src/c.ts', 'src/deep/(e).ts', 'src/deep/d.ts'],
    named: [],
    generated: ['a.adjoint.ts', 'old.adjoint.ts'],
    unknown: [],
  });
});

test.each([
  ['*.ts', ['a.ts']],
  ['**/*.ts', ['a.ts', 'src/c.ts', 'src/deep/(e).ts', 'src/deep/d.ts']],
  ['src/**', ['src/c.ts', 'src/deep/(e).ts', 'src/deep/d.ts']],
  ['src/deep/?.ts', ['src/deep/d.ts']],
  ['src/**/{c,d}.{ts,mts}', ['src/c.ts', 'src/deep/d.ts']],
  ['src/deep/(*).ts', ['src/deep/(e).ts']],
])('the glob %s', (pattern, sources) => {
  expect(expand(pattern).sources).toEqual(sources);
});

test('files by name, a generated module for its source, and what is not there', () => {
  expect(expand('b.mts', 'a.adjoint.ts', 'page.tsx', 'none.ts', 'none/*.ts')).toEqual({
    sources: ['a.ts', 'b.mts'],
    named: ['b.mts'],
    generated: ['a.adjoint.ts'],
    unknown: ['page.tsx', 'none.ts', 'none/*.ts'],
  });
});
