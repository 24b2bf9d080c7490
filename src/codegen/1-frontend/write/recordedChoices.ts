/**
 * The stored choices that a module was built with, as comments at its top, so that it can be built again, anywhere, to the same text.
 *
 * Invariant: what is written is read again as it was, and lists the choices that were taken, no others.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { Choices } from '../../../program/choices.ts';
import type { CompiledLayer } from '../../../program/compiledLayer.ts';
import { generatedPathOf } from './generatedPath.ts';

const head = '// Tuned by `adjoint build --tune` on ';
const line = '// choice: ';
const arrow = ' -> ';

/** Nothing where none was taken. */
export function choiceComments(layers: readonly CompiledLayer[], choices: Choices | undefined): readonly string[] {
  const programs = layers.flatMap(({ forward, residualForward, backward }) => [forward, residualForward, backward]);
  const variants = programs.flatMap(({ kernels }) => kernels.flatMap((kernel) => kernel.variants));
  const taken = new Set(variants.flatMap(({ choiceKeys }) => choiceKeys ?? []));
  if (choices === undefined || taken.size === 0) return [];
  return [`${head}${choices.adapter}`, ...[...taken].sort().map((key) => `${line}${key}${arrow}${choices.tiles.get(key) ?? ''}`)];
}

/** Those of the module beside this source; undefined if there are none. */
export function recordedChoices(source: string): Choices | undefined {
  const path = generatedPathOf(source);
  return existsSync(path) ? readChoiceComments(readFileSync(path, 'utf8')) : undefined;
}

export function readChoiceComments(module: string): Choices | undefined {
  const [top = ''] = module.split(/^import /m);
  const lines = top.split(/\r?\n/);
  const adapter = lines.find((one) => one.startsWith(head))?.slice(head.length);
  if (adapter === undefined) return undefined;
  const pairs = lines.flatMap((one): readonly (readonly [string, string])[] => {
    const [key, tile] = one.startsWith(line) ? one.slice(line.length).split(arrow) : [];
    return key === undefined || tile === undefined ? [] : [[key, tile]];
  });
  return { adapter, tiles: new Map(pairs) };
}
