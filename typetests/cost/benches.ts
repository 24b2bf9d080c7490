/** What is measured: each common operation on shapes never met before and on shapes met before, and whole networks. */
import type { Bench } from './measure.ts';

const t = (...dims: readonly string[]): string => `Tensor<[${dims.map((dim) => `'${dim}'`).join(', ')}]>`;

/** A receiver and an operand of shapes that no other line has. */
const fresh = (
  left: (i: number) => readonly string[],
  right: ((i: number) => readonly string[]) | undefined,
  line: (a: string, b: string, i: number) => string,
): Bench => ({
  given: (i) => `declare const a${i}: ${t(...left(i))};${right === undefined ? '' : ` declare const b${i}: ${t(...right(i))};`}`,
  line: (i) => `export const y${i} = ${line(`a${i}`, `b${i}`, i)};`,
});
/** The same shapes in every line. */
const repeated = (left: readonly string[], right: readonly string[], line: (a: string, b: string) => string): Bench =>
  fresh(
    () => left,
    () => right,
    line,
  );

const nm = (i: number) => [`n${i}=3`, `m${i}=4`];
const mk = (i: number) => [`m${i}=4`, `k${i}=5`];

const named = "import type { Parameter } from '../../src/types/tensor/parameter.ts';\n";

export const benches: Readonly<Record<string, Bench>> = {
  'a member of a fresh tensor': fresh(nm, undefined, (a) => `${a}.dtype`),
  'matmul, fresh operands': fresh(nm, mk, (a, b) => `${a}.matmul(${b})`),
  'matmul, repeated operands': repeated(['n=3', 'm=4'], ['m=4', 'k=5'], (a, b) => `${a}.matmul(${b})`),
  'add, fresh shapes': fresh(nm, nm, (a, b) => `${a}.add(${b})`),
  'add, repeated shapes': repeated(['n=3', 'm=4'], ['n=3', 'm=4'], (a, b) => `${a}.add(${b})`),
  'add a bias, fresh shapes': fresh(
    nm,
    (i) => [`m${i}=4`],
    (a, b) => `${a}.add(${b})`,
  ),
  'add a bias, repeated shapes': repeated(['n=3', 'm=4'], ['m=4'], (a, b) => `${a}.add(${b})`),
  'add a number, fresh shape': fresh(nm, undefined, (a) => `${a}.add(2)`),
  'relu, fresh shape': fresh(nm, undefined, (a) => `${a}.relu()`),
  'relu, repeated shape': repeated(['n=3', 'm=4'], [], (a) => `${a}.relu()`),
  'sum by name, fresh shape': fresh(nm, undefined, (a, _, i) => `${a}.sum('n${i}')`),
  'sum by name, repeated shape': repeated(['n=3', 'm=4'], [], (a) => `${a}.sum('n')`),
  'T, fresh shape': fresh(nm, undefined, (a) => `${a}.T`),
  'T, repeated shape': repeated(['n=3', 'm=4'], [], (a) => `${a}.T`),
  'ones, fresh shape': { line: (i) => `export const y${i} = ones(['n${i}=3', 'm${i}=4']);` },
};

/** Networks, layer on layer. */
export const chains: Readonly<Record<string, Bench>> = {
  'a chain of dense layers, fresh widths': {
    given: (i) =>
      `declare const w${i}: ${t(`h${i}=64`, `h${i + 1}=64`)}; declare const b${i}: ${t(`h${i + 1}=64`)};${i === 0 ? `declare const y0: ${t('n=8', 'h0=64')};` : ''}`,
    line: (i) => `export const y${i + 1} = y${i}.matmul(w${i}).add(b${i}).relu();`,
    operations: 3,
  },
  'a chain of dense layers, two widths': {
    given: (i) =>
      `declare const w${i}: ${i % 2 ? t('h2=64', 'h=64') : t('h=64', 'h2=64')}; declare const b${i}: ${t(i % 2 ? 'h=64' : 'h2=64')};${i === 0 ? `declare const y0: ${t('n=8', 'h=64')};` : ''}`,
    line: (i) => `export const y${i + 1} = y${i}.matmul(w${i}).add(b${i}).relu();`,
    operations: 3,
  },
  'matmul, add, relu, T, matmul and three constructors, fresh shapes': {
    line: (i) => `const x${i} = ones(['n${i}=3', 'm${i}=4']); const w${i} = ones(['m${i}=4', 'k${i}=5']); const b${i} = ones(['k${i}=5']);
export const y${i} = w${i}.matmul(x${i}.matmul(w${i}).add(b${i}).relu().T);`,
    operations: 8,
  },
  'a parameter of a fresh shape, its first use': {
    given: (i) => `${i === 0 ? named : ''}declare const w${i}: Parameter<'w${i}', ['n${i}=3', 'm${i}=4']>;`,
    line: (i) => `export const y${i} = w${i}.mul(2);`,
  },
  'a parameter of a fresh shape, a later use': {
    given: (i) => `${i === 0 ? named : ''}declare const w${i}: Parameter<'w${i}', ['n${i}=3', 'm${i}=4']>; const u${i} = w${i}.add(1);`,
    line: (i) => `export const y${i} = w${i}.mul(2);`,
  },
  'a parameter where a tensor is due': {
    given: (i) => `${i === 0 ? named : ''}declare const w${i}: Parameter<'w${i}', ['n${i}=3', 'm${i}=4']>;`,
    line: (i) => `export const y${i}: Tensor<['n${i}=3', 'm${i}=4']> = w${i};`,
  },
};
