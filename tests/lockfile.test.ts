/** `npm ci` works from the lock file on every platform and with every registry. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

interface Locked {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const root = resolve(import.meta.dirname, '..');
const text = readFileSync(join(root, 'package-lock.json'), 'utf8');
const packages: Readonly<Record<string, Locked>> = JSON.parse(text).packages;

test('names no registry', () => {
  expect(text).not.toMatch(/"resolved"|registry\./);
});

test('has every optional package of every platform: npm ci refuses a lock file without them', () => {
  const locked = Object.keys(packages);
  const named = Object.values(packages).flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies));
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !locked.some((path) => path.endsWith(`node_modules/${name}`)))).toEqual([]);
});
