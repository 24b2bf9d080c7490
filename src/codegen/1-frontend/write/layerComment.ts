/**
 * What stands above a layer in its generated module: its signature with shapes, and what each kernel computes.
 *
 * Invariant: everything is taken from the programs, so the comment cannot differ from what runs.
 */
import type { CompiledFunction, CompiledLayer } from '../../../program/compiledLayer.ts';
import { dispatchOrder } from '../../../program/dispatchOrder.ts';
import type { DescribedProgram } from '../../../program/program.ts';
import { leavesOf } from '../../../program/structure.ts';
import { loopHeads } from '../../loopHeads.ts';
import { describe } from '../trace/compareStructures.ts';

/** `parameters` are the names, in order. */
export function layerComment(layer: CompiledLayer<DescribedProgram>, parameters: readonly string[]): string {
  const lines = [
    signatureText(layer, parameters),
    '',
    ...donationLines(layer, parameters),
    ...programLines('Forward', layer.forward),
    ...(layer.residualForward === layer.forward ? [] : programLines('Forward, keeping what backward needs', layer.residualForward)),
    ...programLines('Backward', layer.backward),
  ];
  return ['/**', ...lines.map((line) => ` * ${line.replaceAll('*/', '*\\/')}`.trimEnd()), ' */'].join('\n');
}

function donationLines(
  { arguments: items, donated = [] }: CompiledLayer<DescribedProgram>,
  parameters: readonly string[],
): readonly string[] {
  if (donated.length === 0) return [];
  const paths = items.flatMap((structure, index) => leavesOf(structure, parameters[index] ?? `argument${index}`).map(({ path }) => path));
  return [`Donated: ${donated.map((leaf) => paths[leaf]).join(', ')}. A call takes over their memory; vjp does not.`, ''];
}

/** `linear(x: f32[N, I], p: { w: f32[I, O], b: f32[O] }): f32[N, O]` */
export function signatureText(layer: CompiledFunction, parameters: readonly string[]): string {
  const given = layer.arguments.map((structure, index) => `${parameters[index] ?? `argument${index}`}: ${describe(structure)}`);
  return `${layer.name}(${given.join(', ')}): ${describe(layer.result)}`;
}

function programLines(title: string, program: DescribedProgram): readonly string[] {
  const { dispatches } = program.statistics;
  const order = dispatchOrder(program);
  const each = program.kernels.flatMap(({ label, summary }, i) => {
    const times = order.filter((kernel) => kernel === i).length;
    const head = `- ${label}${times > 1 ? `, ${times} times` : ''}`;
    return [...loopHeads(program, i).map((line) => `- ${line}`), head, ...summary.map((line) => `  ${line}`)];
  });
  return [`${title}: ${dispatches === 0 ? 'no dispatch' : dispatches === 1 ? '1 dispatch' : `${dispatches} dispatches`}`, ...each];
}
