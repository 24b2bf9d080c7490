/**
 * The dependency rule bites: a tree with one violation of every rule is refused with every rule's name,
 * and the same tree without them is accepted.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const config = join(root, '.dependency-cruiser.cjs');
const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

/** What each rule refuses: the importing file, its line, and the file it reaches. */
const violations: Record<string, { from: string; line: string; to: string }> = {
  'types-imports-down-only': { from: 'src/types/a.ts', line: `import '../graph/good.ts';`, to: 'src/graph/good.ts' },
  'graph-imports-down-only': { from: 'src/graph/a.ts', line: `import '../program/good.ts';`, to: 'src/program/good.ts' },
  'program-imports-down-only': { from: 'src/program/a.ts', line: `import '../graph/good.ts';`, to: 'src/graph/good.ts' },
  'codegen-imports-down-only': { from: 'src/codegen/a.ts', line: `import '../runtime/good.ts';`, to: 'src/runtime/good.ts' },
  'runtime-imports-down-only': { from: 'src/runtime/a.ts', line: `import '../codegen/good.ts';`, to: 'src/codegen/good.ts' },
  'safetensors-imports-down-only': { from: 'src/safetensors/a.ts', line: `import '../codegen/good.ts';`, to: 'src/codegen/good.ts' },
  'tuning-imports-down-only': { from: 'src/tuning/a.ts', line: `import '../codegen/good.ts';`, to: 'src/codegen/good.ts' },
  'language-imports-down-only': { from: 'src/language/a.ts', line: `import '../nn/good.ts';`, to: 'src/nn/good.ts' },
  'nn-imports-down-only': { from: 'src/nn/a.ts', line: `import '../language/good.ts';`, to: 'src/language/good.ts' },
  'cli-imports-down-only': { from: 'src/cli/a.ts', line: `import '../nn/good.ts';`, to: 'src/nn/good.ts' },
  'no-face-from-inside': { from: 'src/graph/b.ts', line: `import type { Good } from '../runtime.ts';`, to: 'src/runtime.ts' },
  'nn-imports-index-only': { from: 'src/nn/b.ts', line: `import '../compiler.ts';`, to: 'src/compiler.ts' },
  'phase-1-frontend-imports-no-later-phase': {
    from: 'src/codegen/1-frontend/a.ts',
    line: `import '../2-simplify/good.ts';`,
    to: 'src/codegen/2-simplify/good.ts',
  },
  'phase-2-simplify-imports-no-later-phase': {
    from: 'src/codegen/2-simplify/a.ts',
    line: `import '../5-emit/good.ts';`,
    to: 'src/codegen/5-emit/good.ts',
  },
  'phase-3-fuse-imports-no-later-phase': {
    from: 'src/codegen/3-fuse/a.ts',
    line: `import '../4-plan/good.ts';`,
    to: 'src/codegen/4-plan/good.ts',
  },
  'phase-4-plan-imports-no-later-phase': {
    from: 'src/codegen/4-plan/a.ts',
    line: `import '../5-emit/good.ts';`,
    to: 'src/codegen/5-emit/good.ts',
  },
  'phases-meet-in-compile': { from: 'src/codegen/b.ts', line: `import './3-fuse/good.ts';`, to: 'src/codegen/3-fuse/good.ts' },
  'ts-morph-in-frontend-only': { from: 'src/codegen/5-emit/b.ts', line: `import 'ts-morph';`, to: 'ts-morph' },
  'webgpu-in-adapters-only': { from: 'src/runtime/b.ts', line: `await import('webgpu');`, to: 'webgpu' },
  'node-modules-at-the-edges-only': { from: 'src/runtime/c.ts', line: `import 'node:fs';`, to: 'fs' },
  'no-cycle-of-values': { from: 'src/types/c.ts', line: `import './d.ts';`, to: 'src/types/d.ts' },
  'no-cycle-of-types-outside-types': { from: 'src/graph/c.ts', line: `import './d.ts';`, to: 'src/graph/d.ts' },
  'no-testing-code-in-the-product': { from: 'src/graph/e.ts', line: `import './testing/good.ts';`, to: 'src/graph/testing/good.ts' },
  'no-undeclared-package': { from: 'src/graph/f.ts', line: `import 'undeclared';`, to: 'undeclared' },
};

/** A tree in the project's shape whose every import is allowed. */
const good = `export type Good = 1;\n`;
const goodTree: Record<string, string> = {
  'package.json': JSON.stringify({ type: 'module', dependencies: { webgpu: '*', 'ts-morph': '*' } }),
  'tsconfig.json': JSON.stringify({ compilerOptions: { module: 'nodenext', allowImportingTsExtensions: true, noEmit: true } }),
  'node_modules/webgpu/package.json': '{"name":"webgpu","main":"index.js"}',
  'node_modules/webgpu/index.js': '',
  'node_modules/ts-morph/package.json': '{"name":"ts-morph","main":"index.js"}',
  'node_modules/ts-morph/index.js': '',
  'node_modules/undeclared/package.json': '{"name":"undeclared","main":"index.js"}',
  'node_modules/undeclared/index.js': '',
  'src/index.ts': `import './language/good.ts';\n${good}`,
  'src/compiler.ts': good,
  'src/runtime.ts': good,
  'src/types/good.ts': `import type { Other } from './other.ts';\nexport type Good = Other;\n`,
  'src/types/other.ts': `import type { Good } from './good.ts';\nexport type Other = [Good];\n`,
  'src/graph/good.ts': `import '../types/good.ts';\n${good}`,
  'src/graph/good.test.ts': `import 'node:fs';\nimport '../index.ts';\nimport './testing/good.ts';\n`,
  'src/graph/testing/good.ts': `import '../../runtime/good.ts';\n`,
  'src/program/good.ts': `import '../types/good.ts';\n${good}`,
  'src/codegen/compile.ts': `import './2-simplify/good.ts';\nimport './5-emit/good.ts';\n`,
  'src/codegen/good.ts': `import '../graph/good.ts';\nimport '../program/good.ts';\n`,
  'src/codegen/1-frontend/good.ts': `import 'ts-morph';\nimport 'node:path';\n`,
  'src/codegen/2-simplify/good.ts': good,
  'src/codegen/3-fuse/good.ts': `import '../2-simplify/good.ts';\n`,
  'src/codegen/4-plan/good.ts': good,
  'src/codegen/5-emit/good.ts': `import '../4-plan/good.ts';\n`,
  'src/runtime/good.ts': `import '../program/good.ts';\nimport './adapters/good.ts';\n`,
  'src/runtime/adapters/good.ts': `import 'node:os';\nimport 'webgpu';\n`,
  'src/language/good.ts': `import '../codegen/compile.ts';\nimport '../runtime/good.ts';\n`,
  'src/safetensors/good.ts': `import '../runtime/good.ts';\n`,
  'src/safetensors/files.ts': `await import('node:fs/promises');\n`,
  'src/nn/good.ts': `import '../index.ts';\n`,
  'src/cli/good.ts': `import 'node:fs';\nimport '../codegen/good.ts';\nimport '../runtime/good.ts';\n`,
};

/** The other halves of the two cycles. */
const cycleBacks: Record<string, string> = {
  'src/types/d.ts': `import './c.ts';\n`,
  'src/graph/d.ts': `import type { Good } from './c.ts';\nexport type Back = Good;\n`,
};

const trees: string[] = [];
afterEach(() => {
  for (const tree of trees.splice(0)) rmSync(tree, { recursive: true, force: true });
});

interface Verdict {
  readonly status: number | null;
  readonly found: readonly { readonly rule: string; readonly from: string; readonly to: string }[];
}

function cruise(files: Record<string, string>): Verdict {
  const tree = mkdtempSync(join(tmpdir(), 'adjoint-boundaries-'));
  trees.push(tree);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, name)), { recursive: true });
    writeFileSync(join(tree, name), text);
  }
  const json = spawnSync(process.execPath, [cruiser, 'src', '--config', config, '--output-type', 'json'], { cwd: tree, encoding: 'utf8' });
  const gate = spawnSync(process.execPath, [cruiser, 'src', '--config', config], { cwd: tree, encoding: 'utf8' });
  const report = JSON.parse(json.stdout) as { summary: { violations: { from: string; to: string; rule: { name: string } }[] } };
  return { status: gate.status, found: report.summary.violations.map(({ from, to, rule }) => ({ rule: rule.name, from, to })) };
}

test('a tree that keeps the rules is accepted', () => {
  expect(cruise(goodTree)).toEqual({ status: 0, found: [] });
}, 60_000);

test('a tree that breaks every rule once is refused with the name of each', () => {
  const bad = Object.values(violations).map(({ from, line }) => [from, `${line}\n${good}`]);
  const { status, found } = cruise({ ...goodTree, ...cycleBacks, ...Object.fromEntries(bad) });
  expect(status).not.toBe(0);
  for (const [rule, { from, to }] of Object.entries(violations)) {
    const hits = found.filter((hit) => hit.rule === rule);
    expect(hits, rule).toContainEqual({
      rule,
      from,
      to: expect.stringMatching(new RegExp(`(^|node_modules/)${to.replaceAll('.', '\\.')}`)),
    });
  }
  const places = new Set(
    Object.values(violations)
      .flatMap(({ from }) => [from])
      .concat(Object.keys(cycleBacks)),
  );
  expect(found.filter(({ from }) => !places.has(from))).toEqual([]);
}, 60_000);

test('every rule has a violation here', async () => {
  const { default: rules } = (await import(config)) as { default: { forbidden: { name: string }[] } };
  expect(rules.forbidden.map(({ name }) => name).sort()).toEqual(Object.keys(violations).sort());
});
