/**
 * The figures of every kernel of the examples and of every row of the bench, as far as its text shows whether they are true: it moves
 * no less than it has to, it has the workgroup memory that it declares, and it waits where a barrier stands.
 */
import { expect, test } from 'vitest';
import { adjointTasks } from '../bench/peers/adjointTasks.ts';
import { rows } from '../bench/rows.ts';
import { taskOf } from '../bench/tasks.ts';
import { compile } from '../src/codegen/compile.ts';
import { explain } from '../src/codegen/explain.ts';
import { type ExplainedProgram, explainProgram } from '../src/codegen/explainProgram.ts';
import { declaredBytes } from '../src/codegen/testing/countedRun.ts';
import { makeGraph } from '../src/graph/graph.ts';
import { traceFunction } from '../src/language/traceFunction.ts';
import type { Structure } from '../src/program/structure.ts';

/** What is not true, one line each. */
function untruths({ title, bytes, kernels }: ExplainedProgram): readonly string[] {
  const ofProgram = Number(bytes.moved) >= Number(bytes.leastPossible) ? [] : [`${title}: moved ${bytes.moved} of ${bytes.leastPossible}`];
  const ofKernels = kernels.flatMap(({ label, variants }, i) =>
    variants.flatMap(({ name, wgsl = '', figures }) => {
      const { moved, compulsory } = figures.bytes;
      return [
        ...(Number(moved) >= Number(compulsory) ? [] : [`moved ${moved} of ${compulsory}`]),
        ...(figures.workgroupBytes === declaredBytes(wgsl) ? [] : [`${figures.workgroupBytes} bytes of ${declaredBytes(wgsl)}`]),
        ...(Number(figures.barriers) > 0 === wgsl.includes('workgroupBarrier') ? [] : [`${figures.barriers} barriers`]),
        ...Object.values(figures.flops).flatMap((flops) => (Number.isFinite(flops) ? [] : [`${flops} FLOP`])),
      ].map((line) => `${title}, ${i + 1}. ${label}, ${name}: ${line}`);
    }),
  );
  return [...ofProgram, ...ofKernels];
}

/** Of symbolic axes. */
const sizes = { batch: 37, image: 19, N: 6, I: 5, O: 7 };

const explained = await explain(['examples'], { sizes, wgsl: true });
const ofExamples = explained.files.flatMap(({ functions }) => functions.flatMap(({ programs }) => programs));

test('the figures of every kernel of the examples are what its text shows', () => {
  expect(explained.ok).toBe(true);
  expect(ofExamples.length).toBeGreaterThan(20);
  expect(ofExamples.flatMap(untruths)).toEqual([]);
});

test('so are those of every row of the bench', () => {
  const programs = rows.map((row) => {
    const { inputs, carried } = taskOf(row);
    const tensors = inputs.map(
      ({ axes }): Structure => ({
        kind: 'tensor',
        type: { shape: Object.entries(axes).map(([name, size]) => `${name}=${size}`), dtype: 'f32' },
      }),
    );
    const items: readonly Structure[] = [{ kind: 'tuple', items: tensors.slice(0, carried) }, ...tensors.slice(carried)];
    const trace = traceFunction('jit', adjointTasks[row.kind] as never, { kind: 'tuple', items }); // seam: one type for all tasks
    return explainProgram(row.name, compile(makeGraph(row.kind, trace.inputs, trace.outputs)), {}, true);
  });
  expect(programs.length).toBeGreaterThan(60);
  expect(programs.flatMap(untruths)).toEqual([]);
});

test('a figure that is not true is named', () => {
  const program = ofExamples.find(({ kernels }) => kernels.some(({ variants }) => variants.some(({ figures }) => figures.barriers !== 0)));
  if (program === undefined) throw new Error('a kernel that waits is due');
  const change = (by: object): ExplainedProgram => ({
    ...program,
    kernels: program.kernels.map((kernel) => ({
      ...kernel,
      variants: kernel.variants.map((variant) => ({ ...variant, figures: { ...variant.figures, ...by } })),
    })),
  });
  const count = program.kernels.reduce((all, { variants }) => all + variants.length, 0);
  expect(untruths(change({ bytes: { moved: 1, compulsory: 2 } }))).toHaveLength(count);
  expect(untruths(change({ workgroupBytes: -4 }))).toHaveLength(count);
  expect(untruths(change({ barriers: 0 })).length).toBeGreaterThan(0);
  expect(untruths({ ...program, bytes: { moved: 7, leastPossible: 8 } })).toEqual([`${program.title}: moved 7 of 8`]);
});
