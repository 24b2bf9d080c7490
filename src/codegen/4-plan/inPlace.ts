/**
 * Whether a kernel may write one tensor into the memory of another that it reads: it must read of it only the element that it is
 * about to write, in the same invocation, before it writes it.
 *
 * Invariant: no element is read by one invocation and written by another.
 */
import { indexKey } from '../3-fuse/indexing.ts';
import type { FusedKernel, Instruction, RepeatKernel, TensorNumber } from '../3-fuse/kernel.ts';

/** Instructions that one invocation runs in order for an element that no other invocation has; or for one that several share. */
interface Section {
  readonly body: readonly Instruction[];
  readonly isShared: boolean;
}

type Body = Exclude<FusedKernel['body'], RepeatKernel>;

const sectionsOf: { readonly [K in Body['kind']]: (body: Extract<Body, { kind: K }>) => readonly Section[] } = {
  // of a row with a reduction, every lane of a workgroup computes what is known once a row
  loop: ({ steps, reduced }) => steps.map(({ kind, body }) => ({ body, isShared: kind === 'row' && reduced !== undefined })),
  contract: ({ left, right, epilogue, rides, rowEpilogue, aside }) => [
    { body: left.body, isShared: true },
    { body: right.body, isShared: true },
    ...rides.map(({ body }) => ({ body, isShared: false })),
    { body: epilogue, isShared: false },
    ...[rowEpilogue, aside].flatMap((loop) => (loop?.steps ?? []).map(({ body }) => ({ body, isShared: true }))),
  ],
  scatter: ({ index, update, epilogue }) => [
    { body: index.body, isShared: true },
    { body: update.body, isShared: true },
    { body: epilogue, isShared: false },
  ],
  // rows of a workgroup read what other workgroups' rows read
  chain: ({ products, steps, outer }) =>
    [
      ...products.flatMap(({ left, right }) => [left.body, right.body]),
      ...steps.map(({ body }) => body),
      ...(outer === undefined ? [] : [outer.step.body, outer.right.body, outer.epilogue]),
    ].map((body) => ({ body, isShared: true })),
};

/** A carry lies where its first value lies, if nothing else of the loop is that tensor. */
function takesOver({ tensors, carries }: RepeatKernel, from: TensorNumber, to: TensorNumber): boolean {
  const own = carries.filter((carry) => carry.from === from);
  return own.length === 1 && own[0]?.at === to && !tensors.includes(from);
}

/** True also if the kernel does not read `from` at all. */
export function writesInPlace(kernel: FusedKernel, from: TensorNumber, to: TensorNumber): boolean {
  if (kernel.body.kind === 'repeat') return !kernel.loads.includes(from) || takesOver(kernel.body, from, to);
  // seam: the table's entry for a kind takes a body of that kind
  const sections = (sectionsOf[kernel.body.kind] as (body: Body) => readonly Section[])(kernel.body);
  const all = sections.flatMap(({ body, isShared }, section) => body.map((instruction) => ({ instruction, isShared, section })));
  const stores = all.flatMap(({ instruction, ...where }, position) =>
    instruction.kind === 'store' && instruction.tensor === to ? [{ ...where, position, key: indexKey(instruction.index) }] : [],
  );
  const loads = all.flatMap(({ instruction, ...where }, position) =>
    instruction.kind === 'load' && instruction.tensor === from ? [{ ...where, position, key: indexKey(instruction.index) }] : [],
  );
  const [store, ...others] = stores;
  if (loads.length === 0) return true;
  if (store === undefined || others.length > 0 || store.isShared) return false;
  const isLoop = kernel.body.kind === 'loop';
  return loads.every(
    (load) => !load.isShared && load.key === store.key && load.position < store.position && (isLoop || load.section === store.section),
  );
}
