/**
 * Whether what a layer computes is what its type says.
 *
 * Invariant: objects may list their entries in any order; everything else must be equal, dims as literals.
 */
import type { Structure } from '../../../program/structure.ts';
import { showShape } from '../../../types/shape.ts';

/** The first difference in words, or undefined. */
export function compareStructures(declared: Structure, traced: Structure, path = 'result'): string | undefined {
  const name = path === 'result' ? 'the result' : `'${path}'`;
  const difference = `${name} is ${describe(traced)}, declared as ${describe(declared)}`;
  if (declared.kind === 'tuple' && traced.kind === 'tuple' && declared.items.length === traced.items.length) {
    return first(declared.items.map((item, index) => compareStructures(item, traced.items[index] ?? item, `${path}[${index}]`)));
  }
  if (declared.kind === 'object' && traced.kind === 'object') {
    const keys = [...new Set([...Object.keys(declared.entries), ...Object.keys(traced.entries)])];
    return first(
      keys.map((key) => {
        const [expected, got] = [declared.entries[key], traced.entries[key]];
        if (expected === undefined) return `${name} has '${key}', which its type does not`;
        if (got === undefined) return `${name} has no '${key}', declared as ${describe(expected)}`;
        return compareStructures(expected, got, `${path}.${key}`);
      }),
    );
  }
  return describe(declared) === describe(traced) && declared.kind === traced.kind ? undefined : difference;
}

const first = (texts: readonly (string | undefined)[]): string | undefined => texts.find((text) => text !== undefined);

/** `f32[n=3, out=2]`, `[f32[2], f32[3]]`, `{ w: f32[2] }`, `'sum'`. */
export function describe(structure: Structure): string {
  switch (structure.kind) {
    case 'tensor':
      return `${structure.type.dtype}${showShape(structure.type.shape)}`;
    case 'tuple':
      return `[${structure.items.map(describe).join(', ')}]`;
    case 'object':
      return `{ ${Object.entries(structure.entries)
        .map(([key, entry]) => `${key}: ${describe(entry)}`)
        .join(', ')} }`;
    case 'plain':
      return typeof structure.value === 'string' ? `'${structure.value}'` : `${structure.value}`;
  }
}
