/**
 * What the compilers accept and refuse: accept/ has programs without an error, reject/ has mistakes, each an error on every
 * supported compiler, in words that stand beside it in a snapshot. UPDATE_SNAPSHOTS=1 renews the snapshots.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Compiler, compilers, diagnose } from './runner/compilers.ts';
import { judge, snapshotOf, type Verdicts } from './runner/judge.ts';

const folder = import.meta.dirname;
const names = Object.keys(compilers) as Compiler[];
const said = new Map(names.map((compiler) => [compiler, diagnose(compiler, folder)]));
const files = (of: string): readonly string[] =>
  readdirSync(join(folder, of))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${of}/${name}`);

const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

describe('accepted by every compiler', () => {
  it.each(files('accept'))('%s', (file) => {
    expect(Object.fromEntries(names.map((compiler) => [compiler, said.get(compiler)?.get(file) ?? []]))).toEqual({
      '5.9': [],
      '6.0': [],
      '7.0': [],
    });
  });
});

describe('refused by every compiler', () => {
  it.each(files('reject'))('%s', (file) => {
    const text = read(file);
    const verdicts = Object.fromEntries(names.map((compiler) => [compiler, said.get(compiler)?.get(file) ?? []])) as unknown as Verdicts;
    const path = file.replace(/\.ts$/, '.errors.txt');
    if (process.env.UPDATE_SNAPSHOTS === '1') writeFileSync(join(folder, path), snapshotOf(text, verdicts['7.0']));
    const snapshot = existsSync(join(folder, path)) ? read(path) : undefined;
    expect(snapshotOf(text, verdicts['7.0'])).toBe(snapshot);
    expect(judge(text, verdicts, snapshot)).toEqual([]);
  });
});

it('what is said of data is one sentence on every compiler, without a list of overloads', () => {
  for (const [compiler, byFile] of said) {
    const ofData = (byFile.get('reject/creation.ts') ?? []).map(({ text }) => text);
    expect(ofData.length, compiler).toBeGreaterThan(40);
    expect(
      ofData.filter((text) => text.includes('verload') || text.includes('\n')),
      compiler,
    ).toEqual([]);
  }
});

it('what is said of arguments that disagree is our sentence on every compiler', () => {
  for (const [compiler, byFile] of said) {
    const ofCalls = (byFile.get('reject/genericCalls.ts') ?? []).map(({ text }) => text.split('\n').at(-1) ?? '');
    const sentences = ofCalls.filter((line) => /"arguments: one axis has more than one dim: .* \(.*\)"'\.$/.test(line));
    expect(sentences.length, compiler).toBeGreaterThan(9);
    expect(ofCalls.length - sentences.length, `${compiler}: all but the one that NoInfer decides`).toBe(1);
  }
});

it('what is undecided in a generic body is said in at most 300 characters', () => {
  for (const [compiler, byFile] of said) {
    const sentences = (byFile.get('reject/genericOperations.ts') ?? []).map(({ text }) => text.split('\n').at(-1)?.trim() ?? '');
    expect(sentences.length, compiler).toBeGreaterThan(20);
    expect(
      sentences.filter((sentence) => sentence.length > 300 || sentence.includes('...')),
      compiler,
    ).toEqual([]);
  }
});

it('nothing else is wrong in the project', () => {
  const known = new Set([...files('accept'), ...files('reject')]);
  for (const [compiler, byFile] of said) {
    expect(
      [...byFile].filter(([file]) => !known.has(file)),
      compiler,
    ).toEqual([]);
  }
});
