/** A kernel with each of its instructions replaced. */
import type { ChainKernel, ChainStep, ContractOperand, FusedKernel, Instruction, LoopKernel } from './kernel.ts';

type Body = FusedKernel['body'];
type Replace = (instruction: Instruction) => Instruction;

const inOperand = (operand: ContractOperand, replace: Replace): ContractOperand => ({ ...operand, body: operand.body.map(replace) });
const inLoop = (loop: LoopKernel, replace: Replace): LoopKernel => ({
  ...loop,
  steps: loop.steps.map((step) => ({ ...step, body: step.body.map(replace) })),
});
const inStep = <S extends ChainStep>(step: S, replace: Replace): S => ({ ...step, body: step.body.map(replace) });

function inChain(chain: ChainKernel, replace: Replace): ChainKernel {
  const { products, steps, outer } = chain;
  return {
    ...chain,
    products: products.map((one) => ({ ...one, left: inOperand(one.left, replace), right: inOperand(one.right, replace) })),
    steps: steps.map((step) => inStep(step, replace)),
    outer: outer && {
      ...outer,
      step: inStep(outer.step, replace),
      right: inOperand(outer.right, replace),
      epilogue: outer.epilogue.map(replace),
    },
  };
}

/** A step's kernels are its own program's. */
const asIs = <B extends Body>(body: B): B => body;

const rules: { readonly [K in Body['kind']]: (body: Extract<Body, { kind: K }>, replace: Replace) => Body } = {
  loop: inLoop,
  chain: inChain,
  contract: ({ rowEpilogue, aside, ...body }, replace) => ({
    ...body,
    left: inOperand(body.left, replace),
    right: inOperand(body.right, replace),
    epilogue: body.epilogue.map(replace),
    rides: body.rides.map((ride) => ({ ...ride, body: ride.body.map(replace) })),
    ...(rowEpilogue === undefined ? {} : { rowEpilogue: inLoop(rowEpilogue, replace) }),
    ...(aside === undefined ? {} : { aside: inLoop(aside, replace) }),
  }),
  scatter: (body, replace) => ({
    ...body,
    index: inOperand(body.index, replace),
    update: inOperand(body.update, replace),
    epilogue: body.epilogue.map(replace),
  }),
  repeat: asIs,
};

export function mapInstructions(body: Body, replace: Replace): Body {
  // seam: the table's entry for a kind takes a body of that kind
  return (rules[body.kind] as (body: Body, replace: Replace) => Body)(body, replace);
}
