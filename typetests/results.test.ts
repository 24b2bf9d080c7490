/**
 * Nothing is silently unchecked: whatever an operation is given, right or wrong, its result is a tensor with a shape of literals
 * or a refusal with a sentence, never `any` or `never`, and only right operands pass without an error.
 */
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const folder = import.meta.dirname;
const operands = {
  'a tensor that fits': 'fits',
  'a tensor that does not': 'other',
  'a vector': 'vector',
  'a scalar': 'scalar',
  'a tensor of integers': 'whole',
  'truth values': 'truth',
  'a union': 'either',
  any: 'untyped',
  never: 'impossible',
  'a number': '2',
  'a text': "'2'",
  undefined: 'undefined',
  null: 'null',
  'an object': '{}',
  'an array': '[1]',
  'a function': '() => fits',
} as const;
const axes = [
  '0',
  "'in'",
  "['n', 'in']",
  '[]',
  '2',
  '-1',
  "'zz'",
  "['n', 'n']",
  'index',
  'name',
  'untyped',
  'impossible',
  'axis',
  'undefined',
  'null',
  '{}',
];
const shapes = [
  '[6]',
  "['n=2', 3]",
  '[5]',
  '[0]',
  '[index]',
  '[name]',
  'untyped',
  'impossible',
  '[untyped]',
  'dims',
  "['n', 'n']",
  '2',
  'null',
  '[[2, 3]]',
];
const maps = [
  "{ n: 'm' }",
  "{ n: 'in' }",
  "{ zz: 'm' }",
  '{ n: name }',
  '{ n: untyped }',
  'untyped',
  'impossible',
  'map',
  '{}',
  'null',
  '2',
  '{ n: 3 }',
];
const lists = [
  "'a', 'b'",
  "'a'",
  "'a', 'a'",
  "'a', name",
  "'a', untyped",
  '...names',
  '...untyped',
  'untyped',
  "'a', 'b', 'c'",
  "'a=2', 'b'",
  '2, 3',
  '',
];
const data = [
  '[1, 2]',
  '[[1], [2]]',
  '2',
  'true',
  '[]',
  '[1, [2]]',
  '[1, true]',
  "['a']",
  'untyped',
  'impossible',
  '[untyped]',
  'numbers',
  'null',
  'undefined',
  '{}',
  'floats',
  'new Float64Array(2)',
  'fits',
];
const expressions = [
  ...['matmul', 'add', 'sub', 'mul', 'div'].flatMap((op) => Object.values(operands).map((operand) => `left.${op}(${operand})`)),
  ...['sum', 'mean', 'max'].flatMap((op) => axes.flatMap((axis) => [`left.${op}(${axis})`, `left.${op}(${axis}, { keepdims: true })`])),
  ...shapes.flatMap((shape) => [
    `left.reshape(${shape})`,
    `ones(${shape})`,
    `zeros(${shape}, 'i32')`,
    `full(${shape}, 1)`,
    `eye(${shape})`,
    `randn(${shape})`,
    `uniform(${shape})`,
    `tensor(floats, ${shape})`,
  ]),
  ...['3', "'i=3'", "'i'", '0', 'index', 'name', 'untyped', 'impossible', 'null', '[3]'].flatMap((dim) => [
    `arange(${dim})`,
    `arange(${dim}, 'i32')`,
  ]),
  ...maps.map((map) => `left.rename(${map})`),
  ...lists.map((list) => `left.withNames(${list})`),
  ...data.flatMap((value) => [
    `tensor(${value})`,
    `tensor(${value}, ['n'])`,
    `tensor(${value}, ['n', 'in'])`,
    `tensor(${value}, ['n'], 'i32')`,
    `tensor(${value}, untyped)`,
  ]),
  ...['left', 'vector', 'scalar', 'batched', 'whole'].flatMap((value) => [`${value}.T`, `${value}.mT`]),
  ...['ones([2], untyped)', "ones([2], 'f64')", 'full([2], untyped)', 'full([2], 1, untyped)', "tensor([1], ['n'], untyped)"],
];

const fileName = join(folder, 'results.cases.ts');
const text = `import { arange, type Dim, eye, full, ones, randn, type Tensor, tensor, uniform, zeros } from '../src/index.ts';
declare const left: Tensor<['n=3', 'in=2']>;
declare const fits: Tensor<['in=2', 'out=2']>;
declare const other: Tensor<['k=2', 'out=5']>;
declare const vector: Tensor<['in=2']>;
declare const scalar: Tensor<[]>;
declare const batched: Tensor<['b=4', 'n=3', 'in=2']>;
declare const whole: Tensor<['n=3', 'in=2'], 'i32'>;
declare const truth: Tensor<['n=3', 'in=2'], 'bool'>;
declare const either: Tensor<['in=2', 'out=2']> | Tensor<['in=2', 'out=3']>;
declare const untyped: any;
declare const impossible: never;
declare const index: number;
declare const name: string;
declare const axis: 'n' | 'in';
declare const dims: Dim[];
declare const names: string[];
declare const numbers: number[];
declare const map: Record<string, string>;
declare const floats: Float32Array;
${expressions.map((expression, at) => `export const case${at} = ${expression};`).join('\n')}
`;

interface Result {
  readonly type: string;
  readonly isRefused: boolean;
  readonly isError: boolean;
}

/** Results by expression, from the compiler. */
function results(): ReadonlyMap<string, Result> {
  const config = ts.getParsedCommandLineOfConfigFile(
    join(folder, 'tsconfig.json'),
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} },
  );
  const options = config?.options ?? {};
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (path, ...rest) =>
    path === fileName ? ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true) : getSourceFile(path, ...rest);
  host.fileExists = (path) => path === fileName || fileExists(path);
  host.readFile = (path) => (path === fileName ? text : readFile(path));
  const program = ts.createProgram([fileName], options, host);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(fileName);
  if (source === undefined) throw new Error('the cases are not in the program');
  const errors = program.getSemanticDiagnostics(source).map(({ start = 0 }) => source.getLineAndCharacterOfPosition(start).line);
  return new Map(
    source.statements.filter(ts.isVariableStatement).flatMap((statement) => {
      const [declaration] = statement.declarationList.declarations;
      if (declaration?.initializer === undefined) return [];
      const type = checker.getTypeAtLocation(declaration.name);
      const shown = checker.typeToString(
        type,
        undefined,
        ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope,
      );
      const line = source.getLineAndCharacterOfPosition(declaration.getStart()).line;
      return [
        [
          declaration.initializer.getText(),
          { type: shown, isRefused: shown.startsWith('Refused<'), isError: errors.includes(line) },
        ] as const,
      ];
    }),
  );
}

const found = results();
/** Sentences quote what they speak of. */
const withoutTexts = (type: string): string => type.replace(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, '""');

describe('the results of right and wrong calls', () => {
  it('were all seen', () => {
    expect(found.size).toBe(new Set(expressions).size);
    expect(found.size).toBeGreaterThan(400);
  });

  it('are an error, a refusal, or a tensor of literals', () => {
    const silent = [...found].filter(
      ([, { type, isRefused, isError }]) =>
        !isError && !isRefused && !/^Tensor<\[(?:"",? ?|\d+,? ?)*\](?:, "")?>$/.test(withoutTexts(type)),
    );
    expect(Object.fromEntries(silent)).toEqual({});
  });

  it('are never any and never never', () => {
    const unchecked = [...found].filter(([, { type, isError }]) => !isError && /\b(?:any|never)\b/.test(withoutTexts(type)));
    expect(Object.fromEntries(unchecked)).toEqual({});
  });

  it('of operands of type any say so', () => {
    const untyped = [...found].filter(([expression]) =>
      /^left\.(?:matmul|add|sub|mul|div|sum|mean|max|reshape|rename)\(untyped/.test(expression),
    );
    expect(untyped.length).toBeGreaterThan(10);
    expect(untyped.filter(([, { isRefused }]) => !isRefused)).toEqual([]);
  });
});
