/** What a loop kernel costs, by how its rows lie on lanes. */
import { bytesPerElement, type VariantFigures } from '../../program/program.ts';
import type { LoopKernel } from '../3-fuse/kernel.ts';
import { loadsOf, loopWork } from './kernelWork.ts';

export interface RowSchedule {
  /** Lanes of a row. */
  readonly lanes: number;
  /** Rows that a lane has at a time. */
  readonly rowsOfLane: number;
  /** Of a workgroup whose partial results meet in its memory, all lanes; else 0. */
  readonly meeting: number;
}

export function loopFigures(kernel: LoopKernel, { lanes, rowsOfLane, meeting }: RowSchedule): VariantFigures {
  const loops = kernel.steps.flatMap((step) => (step.kind === 'loop' ? [step] : []));
  const accumulators = loops.flatMap((step) => step.accumulators);
  const work = loopWork(kernel, lanes);
  const rowsAlone = kernel.steps.flatMap(({ body }) => body);
  return {
    per: 'element',
    accumulators: rowsOfLane * Math.max(0, ...loops.map((step) => step.accumulators.length)),
    workgroupBytes: accumulators.reduce(
      (bytes, { dtype }) => bytes + rowsOfLane * meeting * bytesPerElement[dtype === 'f16' ? 'f32' : dtype],
      0,
    ),
    loads: loadsOf(loops.length === 0 ? rowsAlone : loops.flatMap(({ body }) => body)),
    workgroupLoads: 0,
    barriers: meeting === 0 ? 0 : loops.filter((step) => step.accumulators.length > 0).length * (1 + Math.log2(lanes)),
    flops: { useful: loopWork(kernel).flops, issued: work.flops, others: 0 },
    bytes: { moved: work.bytes },
  };
}
