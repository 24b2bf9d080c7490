/**
 * The choices that are stored for an adapter: those that ship with the package, and those of the user's cache, which go first.
 *
 * Invariant: reads only, at once, and never throws; a file that is refused is as good as none, and its problem is said. Modules of Node
 * come from `process.getBuiltinModule`, since this also runs in browsers, where there is no cache. (Before Node 20.16 there is none either.)
 */
import type { Choices } from '../program/choices.ts';
import { cacheFolders } from '../runtime/adapters/cacheFolders.ts';
import { installedDawn } from '../runtime/adapters/dawnPackage.ts';
import { AdjointError } from '../runtime/errors.ts';
import { type AdapterIdentity, identityOf, isSameHardware, showAdapter } from './adapterIdentity.ts';
import { shippedTuning } from './shipped/shippedTuning.ts';
import { parseTuning, type TuningFile } from './tuningFile.ts';

export interface StoredChoices extends Choices {
  readonly identity: AdapterIdentity;
  readonly shipped: number;
  readonly cached: number;
  /** The cache's file, whether or not it is there; undefined in a browser. */
  readonly path: string | undefined;
  /** Why the cache's file is ignored. */
  readonly problem: string | undefined;
}

/** Which stored choices count: by ADJOINT_TUNING, `shipped` or `off`; by default all. */
export type TuningSources = 'all' | 'shipped' | 'off';

export function tuningSources(environment: Readonly<Record<string, string | undefined>> = globalThis.process?.env ?? {}): TuningSources {
  const sources = environment.ADJOINT_TUNING || 'all';
  if (sources === 'all' || sources === 'shipped' || sources === 'off') return sources;
  throw new AdjointError(`tuning: there is no '${sources}' (set ADJOINT_TUNING to all, shipped or off, or unset it)`);
}

export function storedChoices(info: GPUAdapterInfo, sources = tuningSources()): StoredChoices {
  const node = nodeModules();
  const identity = identityOf(info, (node && installedDawn(node)) ?? '');
  const path = node && findFile(node, fileName(identity));
  const text = path === undefined || sources !== 'all' ? undefined : node?.read(path);
  const cache = text === undefined || path === undefined ? undefined : parseTuning(text, path, identity);
  const cached = typeof cache === 'object' ? tilesOf(cache) : [];
  const shipped = sources === 'off' ? [] : shippedTuning.filter(({ adapter }) => isSameHardware(adapter, identity)).flatMap(tilesOf);
  return {
    adapter: showAdapter(identity),
    identity,
    tiles: new Map([...shipped, ...cached]),
    shipped: shipped.length,
    cached: cached.length,
    path,
    problem: typeof cache === 'string' ? cache : undefined,
  };
}

function tilesOf({ choices }: TuningFile): readonly (readonly [key: string, tile: string])[] {
  return Object.entries(choices).map(([key, { tile }]) => [key, tile]);
}

/** Within the cache's folder. Two adapters may have one name; the file's own adapter decides. */
export function fileName({ vendor, architecture, device, description, dawn }: AdapterIdentity): string {
  const words = [vendor, architecture, device, description, dawn].join(' ').toLowerCase();
  return `tuning/${words.replaceAll(/[^a-z0-9.]+/g, '-').replaceAll(/^-|-$/g, '')}.json`;
}

interface NodeModules {
  readonly createRequire: (from: string) => { resolve(name: string): string };
  readonly readFileSync: (path: string, encoding: 'utf8') => string;
  readonly read: (path: string) => string | undefined;
  readonly folders: readonly string[];
}

function nodeModules(): NodeModules | undefined {
  const { process } = globalThis;
  const get = process?.getBuiltinModule;
  if (get === undefined) return undefined;
  const [fs, os, { createRequire }] = [get('node:fs'), get('node:os'), get('node:module')];
  const read = (path: string): string | undefined => {
    try {
      return fs.readFileSync(path, 'utf8');
    } catch {
      return undefined; // nothing has been measured yet
    }
  };
  return { createRequire, readFileSync: fs.readFileSync, read, folders: cacheFolders(os, process.env) };
}

function findFile({ read, folders }: NodeModules, name: string): string | undefined {
  const paths = folders.map((folder) => `${folder}/${name}`);
  return paths.find((path) => read(path) !== undefined) ?? paths[0];
}
