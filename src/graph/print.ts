/**
 * The one printer of graphs: for tests, errors and people, and the key under which compiled programs are kept.
 *
 * Invariant: equal structure gives equal text, and whatever changes what a program computes changes the text. Data is not
 * part of it: a `data` leaf prints as an input does, and inputs go by position, not by name.
 */
import { isPrimitive } from './build.ts';
import { reachable } from './graph.ts';
import { formalsOf } from './loop.ts';
import type { CustomGradientCall, LoopBody, Primitive, PrimitiveParams, SkewParams } from './primitive.ts';
import { showShape, showType } from './showShape.ts';
import type { Graph, Value } from './value.ts';

export { showShape, showType };

/** Gives numbers to values and calls, in the order in which they are met. */
interface Names {
  readonly values: ReadonlyMap<Value, string>;
  readonly calls: ReadonlyMap<CustomGradientCall, number>;
  readonly loops: ReadonlyMap<LoopBody, PrintedLoop>;
}

/** A loop's step, whose values have names of their own. */
interface PrintedLoop {
  readonly number: number;
  readonly names: Names;
  readonly lines: readonly string[];
}

type Field = readonly [name: string, text: string];
const showAxes = (axes: readonly number[]): string => `[${axes.join(', ')}]`;
const showNumber = (value: number): string => (Object.is(value, -0) ? '-0' : `${value}`);
const none = (): readonly Field[] => [];

const showSkew = ({ axis, window, stride, dilation }: SkewParams): readonly Field[] => [
  ['axis', `${axis}`],
  ['window', `${window}`],
  ['stride', `${stride}`],
  ['dilation', `${dilation}`],
];

const showParams: { readonly [P in Primitive]: (params: PrimitiveParams[P], names: Names) => readonly Field[] } = {
  input: none,
  data: none,
  constant: ({ value }) => [['value', showNumber(value)]],
  iota: ({ axis }) => [['axis', `${axis}`]],
  neg: none,
  exp: none,
  log: none,
  sqrt: none,
  tanh: none,
  sigmoid: none,
  sin: none,
  cos: none,
  erf: none,
  log1p: none,
  expm1: none,
  floor: none,
  round: none,
  relu: none,
  add: none,
  sub: none,
  mul: none,
  div: none,
  maximum: none,
  pow: none,
  rem: none,
  bitAnd: none,
  bitOr: none,
  bitXor: none,
  shiftLeft: none,
  shiftRight: none,
  compare: ({ direction }) => [['direction', direction]],
  select: none,
  cast: none, // the dtype stands in the value's type
  randomBits: ({ word }) => [['word', word]],
  permute: ({ order }) => [['order', showAxes(order)]],
  reshape: none, // the shape stands in the value's type
  broadcast: ({ axes }) => [['axes', showAxes(axes)]],
  slice: ({ starts, limits, strides }) => [
    ['starts', showAxes(starts)],
    ['limits', `[${limits.map((limit) => limit ?? 'end').join(', ')}]`],
    ['strides', showAxes(strides)],
  ],
  pad: ({ low, high, interior, value }) => [
    ['low', showAxes(low)],
    ['high', showAxes(high)],
    ['interior', showAxes(interior)],
    ['value', showNumber(value)],
  ],
  skew: showSkew,
  unskew: showSkew,
  gather: ({ axis }) => [['axis', `${axis}`]],
  scatterAdd: ({ axis, dim, sorted }) => [['axis', `${axis}`], ['dim', `${dim}`], ...(sorted ? ([['sorted', 'true']] as const) : [])],
  reduceSum: ({ axes }) => [['axes', showAxes(axes)]],
  reduceMax: ({ axes }) => [['axes', showAxes(axes)]],
  contract: ({ left, right, leftBatch, rightBatch }) => [
    ['left', showAxes(left)],
    ['right', showAxes(right)],
    ...(leftBatch.length === 0
      ? []
      : ([
          ['leftBatch', showAxes(leftBatch)],
          ['rightBatch', showAxes(rightBatch)],
        ] as const)),
  ],
  loop: ({ body, output }, { loops }) => [
    ['body', `${loops.get(body)?.number ?? '?'}`],
    'last' in output ? ['last', `${output.last}`] : ['each', loops.get(body)?.names.values.get(output.each) ?? '%?'],
  ],
  identity: none,
  stopGradient: none,
  after: none,
  customGradient: ({ call, output }, { calls }) => [
    ['call', `${calls.get(call) ?? '?'}`],
    ['output', `${output}`],
  ],
};

function paramsOf<P extends Primitive>(value: Value<P>, names: Names): string {
  const fields = showParams[value.primitive](value.params, names);
  return fields.length === 0 ? '' : ` {${fields.map(([name, text]) => `${name}=${text}`).join(', ')}}`;
}

function printLine(value: Value, names: Names): string {
  const nameOf = (of: Value): string => names.values.get(of) ?? '%?';
  const operands = value.operands.map(nameOf).join(', ');
  return `${nameOf(value)}: ${showType(value)} = ${value.primitive}${operands === '' ? '' : ` ${operands}`}${paramsOf(value, names)}`;
}

function nameAll(values: readonly Value[]): Names {
  const calls = new Map<CustomGradientCall, number>();
  for (const { params } of values) if ('call' in params && !calls.has(params.call)) calls.set(params.call, calls.size);
  const loops = new Map<LoopBody, PrintedLoop>();
  for (const value of values) {
    if (isPrimitive(value, 'loop') && !loops.has(value.params.body)) loops.set(value.params.body, printLoop(loops.size, value, values));
  }
  return { values: new Map(values.map((value, i) => [value, `%${i}`])), calls, loops };
}

/** `step 0 along t=8 (%0: u32[], %1: f32[n=2]) -> (%3)`: the index, carries, rows and what is captured, to the carries. */
function printLoop(number: number, { params: { body } }: Value<'loop'>, values: readonly Value[]): PrintedLoop {
  const formals = formalsOf(body);
  const each = values.flatMap((value) =>
    isPrimitive(value, 'loop') && value.params.body === body && 'each' in value.params.output ? [value.params.output.each] : [],
  );
  const inside = [...new Set([...formals, ...reachable([...body.carries.map(({ after }) => after), ...each], new Set(formals))])];
  const names = nameAll(inside);
  const nameOf = (value: Value): string => names.values.get(value) ?? '%?';
  const header = `step ${number} along ${showShape([body.axis])}${body.reverse ? ' reversed' : ''}`;
  const inputs = formals.map((value) => `${nameOf(value)}: ${showType(value)}`).join(', ');
  const lines = inside.slice(new Set(formals).size).map((value) => `  ${printLine(value, names)}`);
  const title = `${header} (${inputs}) -> (${body.carries.map(({ after }) => nameOf(after)).join(', ')})`;
  return { number, names, lines: [title, ...lines, ...stepLines(names)] };
}

const stepLines = ({ loops }: Names): readonly string[] => [...loops.values()].flatMap(({ lines }) => lines.map((line) => `  ${line}`));

/** Inputs first, then what is reached, operands first. */
function valuesOf(graph: Graph): readonly Value[] {
  return [...new Set([...graph.inputs, ...reachable(graph.outputs)])];
}

/** `linear(%0: f32[n=3, in=2], %1: f32[in=2, out=2]) -> (%2)`, then a line a value: `%2: f32[n=3, out=2] = contract %0, %1 {left=[1], right=[0]}`. */
export function printGraph(graph: Graph): string {
  const values = valuesOf(graph);
  const names = nameAll(values);
  const inputs = graph.inputs.map((value) => `${names.values.get(value)}: ${showType(value)}`);
  const outputs = graph.outputs.map((value) => names.values.get(value));
  const header = `${graph.name}(${inputs.join(', ')}) -> (${outputs.join(', ')})`;
  const lines = values.slice(new Set(graph.inputs).size).map((value) => `  ${printLine(value, names)}`);
  return [header, ...lines, ...stepLines(names)].join('\n');
}

/** One value as its line in the printed graph. */
export function printValue(graph: Graph, value: Value): string {
  return printLine(value, nameAll(valuesOf(graph)));
}
