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

const notations = `import type { Einsum } from '../../src/types/tensor/einsum.ts';
import type { Rearrange, Reduce, Repeat } from '../../src/types/tensor/einops.ts';
import type { Expression } from '../../src/types/tensor/expression.ts';
declare const einsum: Einsum; declare const rearrange: Rearrange; declare const reduce: Reduce; declare const repeat: Repeat; declare const expr: Expression;
`;

/** A call with a text, on tensors of the shapes given for each line. */
const notation = (shapes: (i: number) => Readonly<Record<string, readonly string[]>>, line: (i: number) => string): Bench => ({
  given: (i) =>
    (i === 0 ? notations : '') +
    Object.entries(shapes(i))
      .map(([name, dims]) => `declare const ${name}${i}: ${t(...dims)};`)
      .join(' '),
  line: (i) => `export const y${i} = ${line(i)};`,
});
const matrices = (i: number) => ({ x: nm(i), w: mk(i), b: [`k${i}=5`], d: [`n${i}=3`, `k${i}=5`] });
const images = (i: number) => ({ x: [`n${i}`, `p${i}=48`, `q${i}=3`] });

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
  'einsum ij,jk->ik, fresh shapes': notation(matrices, (i) => `einsum('ij,jk->ik', x${i}, w${i})`),
  'einsum ij,jk->ik, repeated shapes': notation(
    () => ({ x: ['n=3', 'm=4'], w: ['m=4', 'k=5'] }),
    (i) => `einsum('ij,jk->ik', x${i}, w${i})`,
  ),
  'expr X.T @ dY, fresh shapes': notation(matrices, (i) => `expr('X.T @ dY', { X: x${i}, dY: d${i} })`),
  'expr relu(X @ W + b), fresh shapes': notation(matrices, (i) => `expr('relu(X @ W + b)', { X: x${i}, W: w${i}, b: b${i} })`),
  'expr relu(X @ W + b), fresh text and shapes': notation(matrices, (i) => `expr('relu(x${i} @ w${i} + b${i})', { x${i}, w${i}, b${i} })`),
  'expr relu(X @ W + b), repeated': notation(
    () => ({ x: ['n=3', 'm=4'], w: ['m=4', 'k=5'], b: ['k=5'] }),
    (i) => `expr('relu(X @ W + b)', { X: x${i}, W: w${i}, b: b${i} })`,
  ),
  'rearrange b (h w) c -> b h w c, fresh shapes': notation(images, (i) => `rearrange(x${i}, 'b (h w) c -> b h w c', { h: 6 })`),
  'rearrange b (h w) c -> b h w c, repeated': notation(
    () => ({ x: ['n', 'p=48', 'q=3'] }),
    (i) => `rearrange(x${i}, 'b (h w) c -> b h w c', { h: 6 })`,
  ),
  'rearrange b p c -> b q=(p c), fresh shapes': notation(images, (i) => `rearrange(x${i}, 'b p c -> b q=(p c)')`),
  'reduce b p c -> b c, fresh shapes': notation(images, (i) => `reduce(x${i}, 'b p c -> b c', 'mean')`),
  'repeat b p c -> b p c k, fresh shapes': notation(images, (i) => `repeat(x${i}, 'b p c -> b p c k', { k: 3 })`),
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
