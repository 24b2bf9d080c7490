/** The pages of docs/rules say what the compiler and the run say today, every rule has one, and a stale page is seen. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as adjoint from 'adjoint';
import ts from 'typescript';
import { describe, expect, it, test } from 'vitest';
import { type Refusal, refusalsOf } from '../scripts/rulePages/examples.ts';
import type { Page } from '../scripts/rulePages/page.ts';
import { pages } from '../scripts/rulePages/pages.ts';
import { ideaOf, twinOf } from '../scripts/rulePages/source.ts';
import { pageTexts } from '../scripts/rulePages/write.ts';

const root = join(import.meta.dirname, '..');
const onDisk = (): ReadonlyMap<string, string> =>
  new Map(readdirSync(join(root, 'docs/rules')).map((name) => [name, readFileSync(join(root, 'docs/rules', name), 'utf8')]));

const refusals = refusalsOf(pages);

/** Pages that differ from what they would be now, are missing, or belong to no rule. */
function stale(texts: ReadonlyMap<string, string>, written: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...texts.keys(), ...written.keys()])].filter((name) => texts.get(name) !== written.get(name));
}

test('are up to date (`npm run docs` writes them)', () => {
  const texts = pageTexts(pages, refusals);
  expect(stale(texts, onDisk())).toEqual([]);
  expect(stale(texts, new Map([...texts, ['pad.md', 'old'], ['gone.md', '']]))).toEqual(['pad.md', 'gone.md']);
});

test('there is one for every rule', () => {
  const covered = pages.flatMap(({ rule, parts = [] }) => [rule, ...parts]);
  const rules = readdirSync(join(root, 'src/types/rules'))
    .filter((name) => !name.endsWith('.test.ts'))
    .map((name) => name.replace(/\.ts$/, ''));
  expect([...covered].sort()).toEqual(rules.sort());
});

test('cannot be written with an example that is not what it is said to be', () => {
  const page: Page = { rule: 'transpose', title: '', given: { w: "Tensor<['in=2', 'out=3']>" }, accepted: [], refused: [] };
  expect(() => refusalsOf([{ ...page, refused: ['w.T'] }])).toThrow('transpose: w.T is accepted');
  expect(() => refusalsOf([{ ...page, accepted: [['w.T', "Tensor<['in=2', 'out=3']>"]] }])).toThrow('transpose: an accepted example');
  expect(() => ideaOf('transpose')).not.toThrow();
  expect(() => twinOf('transpose', ['none'])).toThrow("transpose.ts has no function 'none'");
});

// The run says what the compiler says.

const made = (type: string): unknown => {
  const [, shape = '[]', dtype = 'f32'] = /^Tensor<(\[.*\])(?:, '(\w+)')?>$/.exec(type) ?? [];
  return adjoint.zeros(JSON.parse(shape.replaceAll("'", '"')), dtype as 'f32');
};

/** What an example throws, run with zeros of the given shapes. */
function thrown({ given, setup = [] }: Page, code: string): unknown {
  const scope = { ...adjoint, ...Object.fromEntries(Object.entries(given).map(([name, type]) => [name, made(type)])) };
  const body = ts.transpile([...setup, `return ${code};`].join('\n'), { target: ts.ScriptTarget.ES2022 });
  try {
    new Function(...Object.keys(scope), body)(...Object.values(scope));
  } catch (error) {
    return error;
  }
  return undefined;
}

describe.each(pages.map((page) => [page.rule, page] as const))('%s', (_, page) => {
  const byTypes = page.refusedByTypes ?? [];
  const examples = (refusals.get(page) ?? []).filter(({ code }) => !byTypes.includes(code));
  it.each(examples.map((refusal): readonly [string, Refusal] => [refusal.code, refusal]))('%s', (code, { said }) => {
    const error = thrown(page, code);
    expect(error).toBeInstanceOf(adjoint.ShapeError);
    expect((error as Error).message).toBe(said);
  });
});
