/**
 * Puts values in the place of others, below any number of outputs.
 *
 * Invariant: the walk ends at a replaced value; what hangs below only it is not looked at.
 */
import { withOperands } from './build.ts';
import type { Value } from './value.ts';

/** `outputs` rebuilt with `replacement(value)` in the place of each value that has one. Shares what does not change. */
export function substitute(outputs: readonly Value[], replacement: (value: Value) => Value | undefined): readonly Value[] {
  const rewritten = new Map<Value, Value>();
  const now = (value: Value): Value => rewritten.get(value) ?? value;
  const stack: { readonly value: Value; next: number }[] = [];
  const visit = (value: Value): void => {
    if (rewritten.has(value)) return;
    const replaced = replacement(value);
    if (replaced === undefined) stack.push({ value, next: 0 });
    else rewritten.set(value, replaced);
  };
  for (const output of outputs) {
    visit(output);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const operand = top.value.operands[top.next];
      top.next += 1;
      if (operand !== undefined) visit(operand);
      else {
        stack.pop();
        rewritten.set(top.value, withOperands(top.value, top.value.operands.map(now)));
      }
    }
  }
  return outputs.map(now);
}
