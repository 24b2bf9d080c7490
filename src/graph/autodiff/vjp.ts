/**
 * Reverse-mode differentiation of a graph: walks the values from the outputs down, by level, and sums what reaches each.
 *
 * Invariant: when a value's turn comes, every use of it has had its own, since uses have higher levels. Only values that
 * depend on what is differentiated are visited.
 * Source: Griewank and Walther, Evaluating Derivatives, chapter 3.
 */
import { isFloating } from '../../types/dtype.ts';
import { add, constant, isPrimitive, withOperands } from '../build.ts';
import { reachable } from '../graph.ts';
import { GraphError } from '../graphError.ts';
import { groupLoops } from '../loop.ts';
import type { CustomGradientCall, Primitive } from '../primitive.ts';
import { equalTypes } from '../shapeChecks.ts';
import { showType } from '../showShape.ts';
import type { Value } from '../value.ts';
import { loopGradient } from './loopGradient.ts';
import { byCall, byLoop, vjpRules } from './vjpRules.ts';

type Cotangents = readonly (Value | undefined)[];

/**
 * The cotangents of `wrt`, given those of `outputs` (`undefined` for zeros). `undefined` where no gradient arrives: the
 * value is not reached, or only through operations that have none. Each of `wrt` gets its total gradient, also through the others,
 * but not through those among `ends`, which count as leaves.
 * Throws a `GraphError` if a cotangent's shape or dtype is not its value's.
 */
export function vjp(
  outputs: readonly Value[],
  wrt: readonly Value[],
  cotangents: Cotangents,
  ends: ReadonlySet<Value> = new Set(),
): Cotangents {
  const dependent = dependents(outputs, wrt, ends);
  const sums = new Map<Value, Value>();
  const give = (to: Value, cotangent: Value | undefined): void => {
    if (cotangent === undefined || !dependent.has(to) || !isFloating(to.dtype)) return;
    if (!equalTypes(to, cotangent))
      throw new GraphError('vjp', `the cotangent of a ${to.primitive} ${showType(to)} is ${showType(cotangent)}`);
    const sum = sums.get(to);
    sums.set(to, sum === undefined ? cotangent : add(sum, cotangent));
  };
  if (cotangents.length !== outputs.length) throw new GraphError('vjp', `${cotangents.length} cotangents for ${outputs.length} outputs`);
  for (const [i, output] of outputs.entries()) give(output, cotangents[i]);

  const calls = membersByCall(dependent);
  const done = new Set<CustomGradientCall>();
  const loops = groupLoops(dependent);
  const doneLoops = new Set<Value>();
  for (const value of [...dependent].sort((a, b) => b.level - a.level)) {
    const cotangent = sums.get(value);
    if (cotangent === undefined || ends.has(value)) continue;
    if (isPrimitive(value, 'loop')) {
      const members = loops.find((group) => group.includes(value)) ?? [];
      // the first to come has all the cotangents of the loop: they are of one level
      if (members.some((member) => doneLoops.has(member))) continue;
      doneLoops.add(value);
      const isWanted = (operand: Value): boolean => dependent.has(operand) && isFloating(operand.dtype);
      for (const [i, given] of loopGradient(members, sums, isWanted, vjp).entries()) give(operandOf(value, i), given);
    } else if (!isPrimitive(value, 'customGradient')) {
      for (const [i, given] of applyRule(value, cotangent).entries()) give(operandOf(value, i), given);
    } else if (!done.has(value.params.call)) {
      done.add(value.params.call);
      const gradients = callBackward(value.params.call, calls.get(value.params.call) ?? [], sums);
      if (gradients.length !== value.operands.length - 1) {
        throw new GraphError('vjp', `a customGradient of ${value.operands.length - 1} arguments gives ${gradients.length} cotangents`);
      }
      for (const [i, argument] of value.operands.slice(1).entries()) give(argument, gradients[i]);
    }
  }
  return wrt.map((value) => sums.get(value));
}

/** The values reached from `outputs` that depend on `wrt`, operands first. */
function dependents(outputs: readonly Value[], wrt: readonly Value[], ends: ReadonlySet<Value>): ReadonlySet<Value> {
  const found = new Set<Value>();
  const targets = new Set(wrt);
  for (const value of reachable(outputs, ends)) {
    if (targets.has(value) || (!ends.has(value) && value.operands.some((operand) => found.has(operand)))) found.add(value);
  }
  return found;
}

function applyRule<P extends Primitive>(value: Value<P>, cotangent: Value): Cotangents {
  const rule = vjpRules[value.primitive];
  return rule === byCall || rule === byLoop ? [] : withOriginOf(value, cotangent, rule(value, cotangent));
}

/** What a rule has built comes from where the value was written: kernels of the backward pass name that line. */
function withOriginOf(value: Value, cotangent: Value, built: Cotangents): Cotangents {
  if (value.origin === undefined) return built;
  const { origin } = value;
  const marked = new Map<Value, Value>([value, cotangent, ...value.operands].map((known) => [known, known]));
  const mark = (inner: Value): Value => {
    const done = marked.get(inner) ?? { ...withOperands(inner, inner.operands.map(mark)), origin };
    marked.set(inner, done);
    return done;
  };
  return built.map((gradient) => gradient && mark(gradient));
}

function operandOf(value: Value, i: number): Value {
  const operand = value.operands[i];
  if (operand === undefined) throw new GraphError('vjp', `the rule of ${value.primitive} gives a cotangent too many`);
  return operand;
}

function membersByCall(values: Iterable<Value>): ReadonlyMap<CustomGradientCall, readonly Value<'customGradient'>[]> {
  const calls = new Map<CustomGradientCall, Value<'customGradient'>[]>();
  for (const value of values) {
    if (!isPrimitive(value, 'customGradient')) continue;
    const members = calls.get(value.params.call) ?? [];
    if (members.some(({ level }) => level !== value.level))
      throw new GraphError('vjp', 'the results of one customGradient call differ in level');
    calls.set(value.params.call, [...members, value]);
  }
  return calls;
}

/** The hand-written gradient, with zeros for the results that have no cotangent. */
function callBackward(call: CustomGradientCall, members: readonly Value<'customGradient'>[], sums: ReadonlyMap<Value, Value>): Cotangents {
  const cotangents = call.outputs.map(({ shape, dtype }, output) => {
    const member = members.find(({ params }) => params.output === output);
    return (member && sums.get(member)) ?? constant(0, shape, dtype);
  });
  return call.backward(cotangents);
}
