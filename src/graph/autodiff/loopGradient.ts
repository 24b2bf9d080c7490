/**
 * The gradient of a loop is a loop the other way round. Its carries are the cotangents of the carries, and the sums of those of what
 * is captured; the cotangents of the rows are stacked. What it reads of the forward steps, the forward loop stacks: the incoming
 * carries, and the residuals of the step as those of a layer are chosen; the rest it computes again.
 *
 * Invariant: its body is closed, over leaves of its own, so that it has a gradient itself. Marks of hand-written gradients are not in
 * it: these have run.
 */
import { isFloating } from '../../types/dtype.ts';
import { add, constantLike, input } from '../build.ts';
import { mapGraph } from '../graph.ts';
import { formalsOf, loopResults } from '../loop.ts';
import type { LoopBody } from '../primitive.ts';
import type { TensorType } from '../showShape.ts';
import { substitute } from '../substitute.ts';
import type { Value } from '../value.ts';
import { valuesOfPlanes } from './planes.ts';
import { chooseResiduals, constantsIn, readBy } from './residuals.ts';

type Cotangents = readonly (Value | undefined)[];
type Differentiate = (outputs: readonly Value[], wrt: readonly Value[], cotangents: Cotangents, ends: ReadonlySet<Value>) => Cotangents;

const leaf = (name: string, { shape, dtype }: TensorType): Value => input(name, shape, dtype);

/** A value of the reverse step, and the operand that it is the name of. */
interface Formal {
  readonly formal: Value;
  readonly operand: Value;
}

const withoutMark = (value: Value): Value => (value.primitive === 'customGradient' ? (value.operands[0] ?? value) : value);

/** The cotangents of a loop's operands, from those of its results. */
export function loopGradient(
  members: readonly Value<'loop'>[],
  cotangents: ReadonlyMap<Value, Value>,
  isWanted: (operand: Value) => boolean,
  differentiate: Differentiate,
): Cotangents {
  const [first] = members;
  if (first === undefined) return [];
  const { origin, operands } = first;
  const { body } = first.params;
  const [, ...formals] = formalsOf(body);
  const given = new Set([body.index, ...formals]);

  // what comes in: a cotangent of each carry, from the step after, and of each stacked value
  const carried = body.carries.flatMap(({ before, after }, k) => {
    if (!isFloating(before.dtype)) return [];
    const arrived = members.find(({ params }) => 'last' in params.output && params.output.last === k);
    const operand = (arrived && cotangents.get(arrived)) ?? constantLike(before, 0);
    return [{ k, before, after, operand, formal: leaf(`carry${k}`, before) }];
  });
  const stacked = members.flatMap((member) => {
    const { output } = member.params;
    const operand = cotangents.get(member);
    return 'each' in output && operand !== undefined ? [{ value: output.each, operand, formal: leaf('each', output.each) }] : [];
  });

  const wanted = operands.flatMap((operand, i) => {
    const formal = formals[i];
    return i >= body.carries.length && formal !== undefined && isWanted(operand) ? [{ i, formal }] : [];
  });
  const gradients = differentiate(
    [...carried.map(({ after }) => after), ...stacked.map(({ value }) => value)],
    [...carried.map(({ before }) => before), ...wanted.map(({ formal }) => formal)],
    [...carried, ...stacked].map(({ formal }) => formal),
    given,
  );
  const toCarries = carried.map(({ before }, i) => gradients[i] ?? constantLike(before, 0));
  const arriving = wanted.flatMap(({ i, formal }, position) => {
    const gradient = gradients[carried.length + position];
    return gradient === undefined ? [] : [{ i, gradient, formal, isRow: i < body.carries.length + body.rows.length }];
  });
  const toRows = arriving.filter(({ isRow }) => isRow);
  const sums = arriving
    .filter(({ isRow }) => !isRow)
    .map(({ i, gradient, formal }) => {
      const sum = leaf(`sum${i}`, formal);
      return { i, formal: sum, operand: constantLike(formal, 0), after: add(sum, gradient, origin) };
    });

  // what the step reads of the forward one
  const marked = [...toCarries, ...sums.map(({ after }) => after), ...toRows.map(({ gradient }) => gradient)];
  const ownLeaves = [...carried, ...stacked, ...sums].map(({ formal }) => formal);
  const { outputs: results } = mapGraph({ name: 'reverse step', inputs: [...given, ...ownLeaves], outputs: marked }, withoutMark);
  const planes = valuesOfPlanes(
    body.carries.map(({ after }) => after),
    given,
  );
  const free = new Set([...planes, ...constantsIn(results, given)]);
  const { needed } = chooseResiduals(readBy(results, ownLeaves, given), given, free);
  const stackOf = (value: Value): Value => loopResults(body, operands, [], [value], origin).each[0] ?? value;
  const [rows, captured]: [Formal[], Formal[]] = [[...stacked], []];
  const renamed = new Map<Value, Value>();
  const index = leaf('index', body.index);
  for (const value of needed) {
    const at = formals.indexOf(value);
    const operand = at < body.carries.length ? stackOf(value) : operands[at];
    if (value === body.index || operand === undefined) continue;
    const formal = leaf('kept', value);
    renamed.set(value, formal);
    (at < body.carries.length + body.rows.length ? rows : captured).push({ formal, operand });
  }
  renamed.set(body.index, index);
  const closed = substitute(results, (value) => renamed.get(value));

  const carries = [...carried, ...sums];
  const reverse: LoopBody = {
    axis: body.axis,
    reverse: !body.reverse,
    index,
    carries: carries.map(({ formal }, k) => ({ before: formal, after: closed[k] ?? formal })),
    rows: rows.map(({ formal }) => formal),
    captured: captured.map(({ formal }) => formal),
  };
  const found = loopResults(
    reverse,
    [...carries, ...rows, ...captured].map(({ operand }) => operand),
    carries.map((_, k) => k),
    closed.slice(carries.length),
    origin,
  );
  const byOperand = new Map<number, Value | undefined>([
    ...carried.map(({ k }, position) => [k, found.carries[position]] as const),
    ...sums.map(({ i }, position) => [i, found.carries[carried.length + position]] as const),
    ...toRows.map(({ i }, position) => [i, found.each[position]] as const),
  ]);
  return operands.map((_, i) => byOperand.get(i));
}
