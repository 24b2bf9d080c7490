/** What a reader of a program's kernels is told where a loop begins. */
import type { Program } from '../program/program.ts';

/** `loop of 32 steps: kernels 2 to 5`, counted from 1; of loops that begin at the same kernel the outer one comes first. */
export function loopHeads({ repeats = [] }: Pick<Program, 'repeats'>, kernel: number): readonly string[] {
  return repeats
    .filter(({ first }) => first === kernel)
    .map(
      ({ first, last, times }) =>
        `loop of ${times} steps: ${first === last ? `kernel ${first + 1}` : `kernels ${first + 1} to ${last + 1}`}`,
    )
    .toReversed();
}
