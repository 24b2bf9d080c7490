/**
 * A project of its own that has the package as npm packs it, and TypeScript's settings as a user would write them.
 *
 * Invariant: nothing in it leads to src. What the package depends on is linked, not installed again.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

const settings = { target: 'es2022', module: 'nodenext', strict: true, noEmit: true, types: ['node'] };

/** The project's folder, with a copy of `source` in it. Disposing of it removes the folder. */
export function projectWithPackage(root: string, source: string): Disposable & { readonly folder: string; readonly source: string } {
  const folder = mkdtempSync(join(tmpdir(), 'adjoint-project-'));
  const run = (command: string, args: readonly string[], cwd: string) => execFileSync(command, args, { cwd, encoding: 'utf8' });
  run('npm', ['run', '--silent', 'build'], root);
  const tarball = run('npm', ['pack', '--silent', '--pack-destination', folder], root).trim();
  const installed = join(folder, 'node_modules/adjoint');
  mkdirSync(installed, { recursive: true });
  run('tar', ['-xzf', join(folder, tarball), '-C', installed, '--strip-components=1'], folder);

  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  for (const name of [...Object.keys(dependencies), '@types/node']) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), link);
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: settings }));
  copyFileSync(source, join(folder, basename(source)));
  return { folder, source: join(folder, basename(source)), [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
