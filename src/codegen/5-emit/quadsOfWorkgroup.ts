/**
 * How many quads are a workgroup, where each quad does work of its own. SwiftShader computes one subgroup after the other, and makes a
 * coroutine for each workgroup: 0.4 to 0.9 microseconds, as long as a tile of an outer product. It deals workgroups to its threads in 16 heaps.
 *
 * Invariant: a quad's lanes lie side by side, and no quad is without work, so none returns before the others swap.
 */
import type { Size } from '../../types/dim.ts';
import { dimensionLimit, type WorkgroupNumber, workgroupNumber } from './kernelText.ts';

/** Heaps that workgroups are dealt to. */
const heaps = 16;
/** With so many workgroups, heaps that differ by one differ little. */
const many = 64;
const mostQuads = 16;

/** Powers of two that divide the quads, and leave enough workgroups for all heaps. */
export function quadsOfWorkgroup(quads: Size): number {
  if (typeof quads !== 'number') return 1;
  let count = mostQuads;
  const isFair = (workgroups: number): boolean => Number.isInteger(workgroups) && (workgroups % heaps === 0 || workgroups >= many);
  while (count > 1 && !(isFair(quads / count) && quads / count <= dimensionLimit)) count /= 2;
  return count;
}

export interface UnitNumber extends WorkgroupNumber {
  /** Invocations of a workgroup. */
  readonly size: number;
  readonly workgroups: Size;
}

/** Declares `group`, the number of a unit of work, and `lane`, within its `lanes`; `count` units are due, `together` a workgroup. */
export function unitNumber(count: string, units: Size, lanes: number, together = 1): UnitNumber {
  const literal = typeof units === 'number' ? units : undefined;
  if (together === 1 || literal === undefined) {
    const { parameters, statements } = workgroupNumber(count, literal);
    return { size: lanes, workgroups: units, parameters: `${parameters}, @builtin(local_invocation_index) lane: u32`, statements };
  }
  return {
    size: lanes * together,
    workgroups: literal / together,
    parameters: '@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) invocation: u32',
    statements: [`let group = workgroup.x * ${together}u + invocation / ${lanes}u;`, `let lane = invocation % ${lanes}u;`],
  };
}
