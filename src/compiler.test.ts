import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('the face loads no checker before the first build', () => {
  const script = `import('adjoint/compiler').then(() => console.log(Object.keys(require.cache).filter((file) => file.includes('ts-morph')).length))`;
  const loaded = (code: string): string =>
    spawnSync(process.execPath, ['--import', 'tsx', '--conditions=adjoint-source', '-e', code], { encoding: 'utf8' }).stdout.trim();
  expect(loaded(script)).toBe('0');
  // The count does see a checker that is loaded.
  expect(Number(loaded(script.replace('adjoint/compiler', 'ts-morph')))).toBeGreaterThan(0);
});
