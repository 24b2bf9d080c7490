/** What a loop kernel costs, by how its rows lie on lanes. */
import { bytesPerElement, type VariantFigures } from '../../program/program.ts';
import type { LoopKernel } from '../3-fuse/kernel.ts';
import { toSize } from '../3-fuse/product.ts';
import { typically } from '../4-plan/traffic.ts';
import { loadsOf, loopWork } from './kernelWork.ts';

export interface RowSchedule {
  /** Lanes of a row. */
  readonly lanes: number;
  /** Rows that a lane has at a time. */
  readonly rowsOfLane: number;
  /** Of a workgroup whose partial results meet in its memory, all lanes; else 0. */
  readonly meeting: number;
}

/** Elements that lanes read as they meet: two for each that adds another's, in a tree, and then the result. */
export const readInTree = (lanes: number, results: number): number => 2 * (lanes - results) + lanes;

export function loopFigures(kernel: LoopKernel, { lanes, rowsOfLane, meeting }: RowSchedule): VariantFigures {
  const loops = kernel.steps.flatMap((step) => (step.kind === 'loop' ? [step] : []));
  const accumulators = loops.flatMap((step) => step.accumulators);
  const work = loopWork(kernel, lanes);
  const wide = meeting / lanes;
  const length = kernel.reduced === undefined ? 1 : typically(toSize(kernel.reduced));
  const rowsAlone = kernel.steps.flatMap(({ body }) => body);
  return {
    per: 'element',
    accumulators: rowsOfLane * Math.max(0, ...loops.map((step) => step.accumulators.length)),
    workgroupBytes: accumulators.reduce(
      (bytes, { dtype }) => bytes + rowsOfLane * meeting * bytesPerElement[dtype === 'f16' ? 'f32' : dtype],
      0,
    ),
    loads: loadsOf(loops.length === 0 ? rowsAlone : loops.flatMap(({ body }) => body)),
    workgroupLoads: meeting === 0 ? 0 : (accumulators.length * readInTree(meeting, wide)) / (wide * length),
    barriers: meeting === 0 ? 0 : loops.filter((step) => step.accumulators.length > 0).length * (1 + Math.log2(lanes)),
    flops: { useful: loopWork(kernel).flops, issued: work.flops, others: 0 },
    bytes: { moved: work.bytes },
  };
}
