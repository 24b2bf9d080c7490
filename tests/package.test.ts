/**
 * The package as a stranger meets it: built, packed, installed into a project that has nothing of ours, type-checked with
 * every TypeScript we promise, and run in plain node on the software device.
 *
 * Invariant: nothing here reads src; library checks stay on, so that our declarations are checked too.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expected } from './fixtures/workedExample.ts';

const root = resolve(import.meta.dirname, '..');
const readJson = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
const manifest = readJson(join(root, 'package.json'));

const folder = mkdtempSync(join(tmpdir(), 'adjoint-package-'));
const stranger = join(folder, 'stranger');
const installed = join(stranger, 'node_modules/adjoint');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(command: string, args: readonly string[], cwd: string, environment: Record<string, string> = {}) {
  const env = { ...process.env, ...environment };
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return { status, stdout: stdout ?? '', stderr: stderr ?? '', text: `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}` };
}

function succeed(command: string, args: readonly string[], cwd: string, environment?: Record<string, string>): string {
  const { status, stdout, text } = run(command, args, cwd, environment);
  expect(status, `${command} ${args.join(' ')}\n${text}`).toBe(0);
  return stdout;
}

const install = (...what: string[]) =>
  succeed('npm', ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--silent', ...what], stranger);

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(directory, entry.name)) : [join(directory, entry.name)],
  );
}

beforeAll(() => {
  succeed('npm', ['run', '--silent', 'build'], root);
  succeed('npm', ['pack', '--silent', '--pack-destination', folder], root);
  cpSync(join(import.meta.dirname, 'fixtures/stranger'), stranger, { recursive: true });
  writeFileSync(join(stranger, 'package.json'), JSON.stringify({ name: 'stranger', private: true, type: 'module' }));
  install(join(folder, `adjoint-${manifest.version}.tgz`));
}, 300_000);

describe('the tarball', () => {
  test('has what package.json promises and no tests', () => {
    const files = filesBelow(installed)
      .map((file) => relative(installed, file))
      .filter((file) => !file.startsWith('node_modules'));
    const promised = Object.values<string | Record<string, string>>(manifest.exports)
      .flatMap((target) => (typeof target === 'string' ? [target] : [target.types, target.default]))
      .concat(Object.values<string>(manifest.bin))
      .map((target) => relative('.', target ?? ''));
    for (const file of [...promised, 'README.md', 'CHANGELOG.md', 'LICENSE']) expect(files).toContain(file);
    expect(files.filter((file) => /\.test\.|\/testing\/|\/fixtures\//.test(file))).toEqual([]);
    expect(files.filter((file) => !/^(dist|bin)\/|^(package\.json|README\.md|CHANGELOG\.md|LICENSE)$/.test(file))).toEqual([]);
  });

  test('refers to no source file: every import of dist leads into dist', () => {
    const lost = filesBelow(join(installed, 'dist'))
      .filter((file) => file.endsWith('.js'))
      .flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g)]
          .map(([, target = '']) => resolve(dirname(file), target))
          .filter((target) => !existsSync(target)),
      );
    expect(lost).toEqual([]);
  });

  test('leads publint, as bundlers and Node would go, to what is there and is what package.json says', async () => {
    const problems = async () => {
      const { messages, pkg } = await publint({ pkgDir: installed, pack: false, level: 'warning' });
      return messages.map((message) => formatMessage(message, pkg, { color: false }));
    };
    expect(await problems()).toEqual([]);
    const file = join(installed, 'package.json');
    const given = readFileSync(file, 'utf8');
    writeFileSync(file, given.replace('"./dist/nn/index.js"', '"./dist/nn/index.cjs"'));
    expect((await problems()).join()).toContain('nn/index.cjs');
    writeFileSync(file, given);
  });

  test('forces no software device on anyone', () => {
    expect(existsSync(join(stranger, 'node_modules/@sparticuz'))).toBe(false);
  });
});

describe.each([
  ['5.9', 'typescript-5'],
  ['6.0', 'typescript'],
  ['7.0', 'typescript-7'],
])('TypeScript %s', (version, name) => {
  const compiler = join(root, 'node_modules', name, 'bin/tsc');

  test(`is ${version}`, () => {
    expect(readJson(join(root, 'node_modules', name, 'package.json')).version).toMatch(new RegExp(`^${version.replace('.', '\\.')}\\.`));
  });

  describe.each([
    ['nodenext', 'nodenext', ['es2022']],
    ['bundler', 'esnext', ['es2022', 'dom']],
  ])('moduleResolution %s', (moduleResolution, module, lib) => {
    const check = (file: string) => {
      const project = join(stranger, `tsconfig.${name}.${moduleResolution}.${file}.json`);
      const compilerOptions = {
        noEmit: true,
        strict: true,
        skipLibCheck: false,
        target: 'es2022',
        types: [],
        lib,
        module,
        moduleResolution,
      };
      writeFileSync(project, JSON.stringify({ compilerOptions, files: [file] }));
      return run(process.execPath, [compiler, '-p', project], stranger);
    };

    test('accepts the right program', () => {
      expect(check('right.ts')).toMatchObject({ text: '', status: 0 });
    });

    test('refuses the wrong program with our sentence', () => {
      const { status, text } = check('wrong.ts');
      expect(status).not.toBe(0);
      expect(text).toContain(
        'matmul: inner axes differ: [n=3, in=2] @ [n=3, out=2] contracts in=2 with n=3 (try a.T.matmul(b): [in=2, out=2])',
      );
      expect(text.match(/^\S.*error TS/gm)).toHaveLength(1);
    });
  });
});

describe('in plain node', () => {
  const cache = join(folder, 'cache');
  const runRight = () => run(process.execPath, ['out/right.js'], stranger, { ADJOINT_DEVICE: 'software', XDG_CACHE_HOME: cache });

  beforeAll(() => {
    const compilerOptions = { outDir: 'out', strict: true, target: 'es2022', lib: ['es2022'], types: [], module: 'nodenext' };
    writeFileSync(join(stranger, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['right.ts'] }));
    mkdirSync(cache, { recursive: true });
    run(process.execPath, [join(root, 'node_modules/typescript-7/bin/tsc'), '-p', '.'], stranger);
  });

  test('without the software device, the error says what to install', () => {
    const { status, stderr } = runRight();
    expect(status).not.toBe(0);
    expect(stderr).toContain('@sparticuz/chromium');
  });

  test('with it, the worked example gives its values, and the process ends by itself', () => {
    const { version } = readJson(join(root, 'node_modules/@sparticuz/chromium/package.json'));
    install(`@sparticuz/chromium@${version}`);
    const { status, stdout, text } = runRight();
    expect(status, text).toBe(0);
    const result = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    expect(result).toMatchObject({ ...expected, kind: 'software' });
    expect(result.compiler.length).toBeGreaterThan(0);
  });

  test('npx adjoint --version', () => {
    expect(succeed('npx', ['--no-install', 'adjoint', '--version'], stranger).trim()).toBe(manifest.version);
  });
});

describe('adjoint/runtime', () => {
  /** What is imported, at once or later: files relative to the package, packages and modules of Node by their names. */
  async function everythingImported(entry: string): Promise<string[]> {
    const { metafile } = await build({
      absWorkingDir: installed,
      entryPoints: [join(installed, 'dist', entry)],
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      splitting: true,
      write: false,
      metafile: true,
      outdir: join(folder, 'walk'),
    });
    const packages = Object.values(metafile.inputs).flatMap(({ imports }) =>
      imports.flatMap(({ path, external }) => (external ? path : [])),
    );
    return [...new Set([...Object.keys(metafile.inputs), ...packages])];
  }

  test('imports no compiler, no language, no TypeScript', async () => {
    const imported = await everythingImported('runtime.js');
    const files = imported.filter((name) => name.startsWith('dist/'));
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((name) => !/^dist\/(runtime|program|types)\/|^dist\/runtime\.js$/.test(name))).toEqual([]);
    expect(imported.filter((name) => !files.includes(name) && !isBuiltin(name))).toEqual(['webgpu']);
  });

  test('the check above sees a compiler where there is one', async () => {
    expect((await everythingImported('index.js')).some((name) => name.startsWith('dist/codegen/'))).toBe(true);
  });
});
