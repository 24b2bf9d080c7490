/** Tuning files: what is written is read again, and what is damaged, old or another adapter's is refused with a sentence. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { storeChoice } from '../cli/storeChoice.ts';
import { tileNames } from '../codegen/5-emit/tiles.ts';
import { identityOf } from './adapterIdentity.ts';
import { shippedTuning } from './shipped/shippedTuning.ts';
import { fileName, storedChoices, tuningSources } from './storedChoices.ts';
import { emptyTuning, parseTuning, printTuning, tuningFormat } from './tuningFile.ts';

const adapter = { vendor: 'a vendor', architecture: 'an architecture', device: 'a device', description: 'driver 1.2', dawn: '0.1.0' };
// seam: of what WebGPU says of an adapter, what is asked for
const info = { ...adapter, subgroupMinSize: 4, subgroupMaxSize: 4 } as unknown as GPUAdapterInfo;
const choice = { tile: 'quadSwap 8x8', milliseconds: 1, model: { tile: 'quadSwap 4x4', milliseconds: 2 } };
const file = { ...emptyTuning(adapter), choices: { key: choice } };

let cache: string;
let before: string | undefined;
beforeEach(() => {
  before = process.env.XDG_CACHE_HOME;
  cache = mkdtempSync(join(tmpdir(), 'adjoint-tuning-'));
  process.env.XDG_CACHE_HOME = cache;
});
afterEach(() => {
  if (before === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = before;
  rmSync(cache, { recursive: true });
});

test('what is written is read again', () => {
  expect(parseTuning(printTuning(file), 'x.json', adapter)).toEqual(file);
});

const { choices: _, ...without } = file;
const remedy = ' (delete it, or run adjoint build --tune)';
test.each([
  ['{"format": 1', 'it is no JSON'],
  ['[]', 'it is no tuning file'],
  ['null', 'it is no tuning file'],
  [JSON.stringify({ ...file, format: 0 }), `its format is 0, not ${tuningFormat}`],
  [JSON.stringify({ ...file, adapter: 'mine' }), 'it does not say which adapter it is of'],
  [
    JSON.stringify({ ...file, adapter: { ...adapter, dawn: '0.0.9' } }),
    'it is of a vendor an architecture a device driver 1.2, Dawn 0.0.9, not of a vendor an architecture a device driver 1.2, Dawn 0.1.0',
  ],
  [JSON.stringify(without), 'it has no choices'],
  [JSON.stringify({ ...file, choices: { key: choice, other: { tile: 7 } } }), "its choice for 'other' is damaged"],
  [JSON.stringify({ ...file, choices: { key: { ...choice, milliseconds: null } } }), "its choice for 'key' is damaged"],
])('%s is refused', (text, why) => {
  expect(parseTuning(text, 'x.json', adapter)).toBe(`tuning: x.json is ignored: ${why}${remedy}`);
});

test('choices are stored one by one, found for the same adapter only, and a damaged file is as good as none', () => {
  const { path = '', identity } = storedChoices(info, 'all');
  expect(path).toBe(join(cache, 'adjoint', fileName(identity)));
  storeChoice(path, identity, 'f32 NN 1x8x8x8', choice);
  storeChoice(path, identity, 'f32 NN 1x9x9x9', { ...choice, tile: 'quadSwap 4x8' });
  const stored = storedChoices(info, 'all');
  expect([...stored.tiles]).toEqual([
    ['f32 NN 1x8x8x8', 'quadSwap 8x8'],
    ['f32 NN 1x9x9x9', 'quadSwap 4x8'],
  ]);
  expect(stored).toMatchObject({ cached: 2, shipped: 0, problem: undefined });
  expect(storedChoices(info, 'off').tiles.size).toBe(0);
  expect(storedChoices({ ...info, description: 'driver 1.3' }, 'all').tiles.size).toBe(0);

  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, readFileSync(path, 'utf8').slice(0, -20));
  const damaged = storedChoices(info, 'all');
  expect(damaged.tiles.size).toBe(0);
  expect(damaged.problem).toBe(`tuning: ${path} is ignored: it is no JSON${remedy}`);
  storeChoice(path, identity, 'f32 NN 1x8x8x8', choice);
  expect(storedChoices(info, 'all')).toMatchObject({ cached: 1, problem: undefined });
});

test('ADJOINT_TUNING says what counts; anything else is refused', () => {
  expect([undefined, '', 'all', 'shipped', 'off'].map((value) => tuningSources({ ADJOINT_TUNING: value }))).toEqual([
    'all',
    'all',
    'all',
    'shipped',
    'off',
  ]);
  expect(() => tuningSources({ ADJOINT_TUNING: 'on' })).toThrow(
    "tuning: there is no 'on' (set ADJOINT_TUNING to all, shipped or off, or unset it)",
  );
});

test('every table that ships is a valid tuning file, and names tiles that there are', () => {
  expect(shippedTuning.length).toBeGreaterThan(0);
  for (const table of shippedTuning) {
    expect(parseTuning(printTuning(table), 'shipped', table.adapter)).toEqual(table);
    const tiles = Object.values(table.choices).flatMap(({ tile, model }) => [tile, model.tile]);
    expect(tileNames).toEqual(expect.arrayContaining(tiles));
  }
});

test('of an adapter, everything that decides speed is in its identity', () => {
  expect(identityOf(info, '0.1.0')).toEqual(adapter);
});
