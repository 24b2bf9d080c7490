/** Files of tensors: what is saved comes back bit for bit; what lies is refused with a sentence, and nothing is half loaded. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import {
  type Dim,
  jit,
  ones,
  type Parameter,
  parameters,
  randn,
  type State,
  type Tensor,
  tensor,
  updateWithState,
  valueAndGrad,
  zeros,
  zerosLike,
} from '../index.ts';
import * as runtime from '../runtime.ts';
import { fromSafetensors, loadSafetensors, SafetensorsError, saveSafetensors, toSafetensors } from '../safetensors.ts';

const folder = mkdtempSync(join(tmpdir(), 'adjoint-safetensors-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const model = () => ({
  w: tensor(
    [
      [1, -0, Number.NaN],
      [Number.NEGATIVE_INFINITY, 1e-45, 6],
    ],
    ['in', 'out'],
  ),
  ids: tensor([1, -2], ['n'], 'i32'),
  words: tensor([4294967295], ['n'], 'u32'),
  mask: tensor([true, false, true], ['n']),
  layers: [{ b: tensor(0.5) }, { b: tensor(new Float32Array([1, 2]), ['batch']) }] as const,
  step: 3,
  rate: -0,
  kind: 'adam',
  none: null,
});

/** A file with this header, as text, and so many bytes of data. */
function file(header: string | object, data = 0, length?: bigint): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.byteLength + data);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(json.byteLength), true);
  bytes.set(json, 8);
  return bytes;
}

const entry = (dtype: string, shape: readonly unknown[], begin: number, end: number) => ({ dtype, shape, data_offsets: [begin, end] });

async function refusal(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SafetensorsError);
  return (error as SafetensorsError).message;
}

describe('what is saved', () => {
  it('comes back bit for bit, with dims, dtypes, names and plain values', async () => {
    const bytes = await toSafetensors(model());
    const like = { ...model(), step: 0, rate: 1 };
    const back = await fromSafetensors(bytes, like);
    expect(Buffer.from(await toSafetensors(back))).toEqual(Buffer.from(bytes));
    expect(back).toMatchObject({ step: 3, rate: -0, kind: 'adam', none: null });
    expect(back.w.shape).toEqual(['in=2', 'out=3']);
    expect(new Uint32Array((await back.w.data()).buffer)).toEqual(new Uint32Array((await model().w.data()).buffer));
    expect(await back.layers[1].b.array()).toEqual([1, 2]);
    expect(await back.mask.array()).toEqual([true, false, true]);
  });

  it('is aligned and carries the metadata', async () => {
    const bytes = await toSafetensors(model(), { metadata: { licence: 'MIT' } });
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    expect(header.__metadata__.licence).toBe('MIT');
    expect((8 + length) % 8).toBe(0);
    expect(header['layers.1.b']).toMatchObject({ dtype: 'F32', shape: [2] });
    expect(header.mask.dtype).toBe('BOOL');
  });

  it('is read by either face: tensors are of the kind of those in `like`', async () => {
    const bytes = await toSafetensors({ w: ones(['n=3']) });
    const { w } = await fromSafetensors(bytes, { w: runtime.zeros(['n=3']) });
    expect(await w.array()).toEqual([1, 1, 1]);
    expect(() => w.neg()).toThrow('adjoint/runtime only runs compiled layers');
    expect(Buffer.from(await toSafetensors({ w }))).toEqual(Buffer.from(bytes));
  });

  it('keeps parameters parameters', async () => {
    const p = parameters({ w: randn(['n=3'], { seed: 1 }) });
    const back: { w: Parameter<'w', ['n=3']> } = await fromSafetensors(await toSafetensors(p), p);
    expect(() =>
      updateWithState(back, valueAndGrad((q: typeof p) => q.w.sum())(back).gradient, {}, (w) => ({ parameter: w, state: {} })),
    ).not.toThrow();
  });

  it('needs names', async () => {
    await expect(toSafetensors(ones(['n=3']))).rejects.toThrow(
      'toSafetensors: one tensor alone has no name (put it into an object: { w })',
    );
    await expect(toSafetensors({ 'a.b': ones([1]), a: { b: ones([1]) } })).rejects.toThrow("two tensors have the name 'a.b'");
    await expect(toSafetensors({ w: ones([1]) }, { metadata: { 'adjoint.x': '' } })).rejects.toThrow("the name 'adjoint.x' is taken");
  });

  it('may be nothing', async () => {
    expect(await fromSafetensors(await toSafetensors({}), {})).toEqual({});
  });
});

describe('a file of the format’s own library', () => {
  const bytes = new Uint8Array(readFileSync('tests/references/numpy.safetensors'));
  const like = {
    layers: [{ w: zeros(['in=2', 'out=3']), b: zeros(['out=3']) }] as const,
    count: zeros([], 'i32'),
    ids: zeros([2], 'u32'),
    mask: zeros([3], 'bool'),
  };

  it('is read, its sizes compared', async () => {
    const { layers, count, ids, mask } = await fromSafetensors(bytes, like);
    expect(await layers[0].w.array()).toEqual([
      [0, 1 / 8, 2 / 8],
      [3 / 8, 4 / 8, 5 / 8],
    ]);
    expect(await layers[0].b.array()).toEqual([-1.5, 0, Number.POSITIVE_INFINITY]);
    expect(await count.item()).toBe(7);
    expect(await ids.array()).toEqual([0, 4294967295]);
    expect(await mask.array()).toEqual([true, false, true]);
  });

  it('is refused where names, shapes or dtypes differ, all differences in one sentence', async () => {
    const { mask: _, ...rest } = like;
    expect(await refusal(fromSafetensors(bytes, { ...rest, count: zeros([]), ids: zeros([3], 'u32'), extra: zeros([1]) }))).toBe(
      "fromSafetensors: the bytes: 'count' is i32[] in the file, not f32[]; 'ids' is u32[2] in the file, not u32[3]; it has no 'extra', f32[1]; it also holds 'mask', which nothing here takes (load it into the structure that was saved)",
    );
    expect(await (await fromSafetensors(bytes, { count: like.count }, { extra: 'ignore' })).count.item()).toBe(7);
  });
});

describe('a file that does not fit', () => {
  it('differs in the name of an axis', async () => {
    const bytes = await toSafetensors({ w: ones(['h=2', 'h2=2']) });
    expect(await refusal(fromSafetensors(bytes, { w: ones(['h2=2', 'h=2']) }))).toContain(
      "'w' is f32[h=2, h2=2] in the file, not f32[h2=2, h=2]",
    );
  });

  it('differs in the size of a symbolic axis', async () => {
    const of = (size: number) => ({ x: tensor(new Float32Array(size), ['batch']) });
    expect(await refusal(fromSafetensors(await toSafetensors(of(2)), of(3)))).toContain(
      "'x' is f32[batch] in the file, not f32[batch]: the sizes are [2], not [3]",
    );
  });

  it('differs in a plain value', async () => {
    const bytes = await toSafetensors({ kind: 'sgd', x: ones([1]) });
    expect(await refusal(fromSafetensors(bytes, { kind: 'adam', x: ones([1]) }))).toContain(`'kind' is "sgd" in the file, not "adam"`);
    expect(await refusal(fromSafetensors(bytes, { kind: 1, x: ones([1]) }))).toContain(`'kind' is "sgd" in the file, not 1`);
    expect(await refusal(fromSafetensors(bytes, { kind: 'sgd', step: 1, x: ones([1]) }))).toContain("it has no value 'step'");
  });

  it('has many differences: some are named, the rest counted', async () => {
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`w${index}`, ones([1])]));
    expect(await refusal(fromSafetensors(await toSafetensors({}), many))).toContain("it has no 'w4', f32[1]; and 4 more");
  });
});

const huge = 2 ** 52;
const hostile: readonly (readonly [what: string, bytes: Uint8Array, says: string])[] = [
  ['is empty', new Uint8Array(0), 'the file has 0 bytes, too few for the length of a header'],
  ['is shorter than its prefix', new Uint8Array(7), 'the file has 7 bytes'],
  ['has a header of 2^64 - 1 bytes', file('{}', 0, 2n ** 64n - 1n), 'the header says it has 18446744073709551615 bytes, more than'],
  ['has a header beyond its end', file('{}', 0, 3n), 'the header says it has 3 bytes, and the file has 2 after its first 8'],
  ['has no JSON', file('{"a":'), 'the header is no JSON object'],
  ['has a header that is a list', file('[]'), 'the header is no JSON object'],
  ['has a header of no bytes', file(''), 'the header is no JSON object'],
  [
    'has a header that is nested a million deep',
    file(`{"a":${'['.repeat(1e6)}${']'.repeat(1e6)}}`),
    "the tensor 'a' is described by no object",
  ],
  ['has no UTF-8', Uint8Array.from([...file('{"a":1}')].map((byte, at) => (at === 10 ? 0xff : byte))), 'the header is no UTF-8'],
  [
    'names a tensor twice',
    file('{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\\u0061":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}'),
    "the name 'a' stands twice",
  ],
  ['has an unknown dtype', file({ a: entry('F3', [1], 0, 4) }, 4), "the tensor 'a' has the unknown dtype 'F3'"],
  ['has a dtype out of the prototype', file({ a: entry('toString', [1], 0, 4) }, 4), "the unknown dtype 'toString'"],
  ['has a negative size', file({ a: entry('F32', [-1], 0, 4) }, 4), 'a shape that is no list of sizes'],
  ['has a size that is no whole number', file({ a: entry('F32', [0.5], 0, 4) }, 4), 'a shape that is no list of sizes'],
  ['has sizes whose product overflows', file({ a: entry('F32', [huge, huge], 0, 4) }, 4), 'a shape of more elements than can be counted'],
  ['has offsets beyond its end', file({ a: entry('F32', [2], 0, 8) }, 4), "the tensor 'a' lies from byte 0 to 8 of 4 bytes of data"],
  ['has offsets that run backwards', file({ a: entry('F32', [0], 4, 0) }, 4), "the tensor 'a' lies from byte 4 to 0"],
  ['has one offset', file({ a: { dtype: 'F32', shape: [1], data_offsets: [4] } }, 4), 'offsets that are no two places'],
  ['has fewer bytes than its shape', file({ a: entry('F32', [2], 0, 4) }, 4), "the tensor 'a' has 4 bytes, and F32[2] takes 8"],
  ['has tensors that overlap', file({ a: entry('F32', [1], 0, 4), b: entry('U8', [4], 2, 6) }, 6), "the tensor 'b' overlaps another"],
  ['has a gap', file({ a: entry('F32', [1], 0, 4), b: entry('F32', [1], 8, 12) }, 12), "4 bytes before the tensor 'b' belong to no tensor"],
  ['is longer than its tensors', file({ a: entry('F32', [1], 0, 4) }, 9), 'the last 5 bytes of the file belong to no tensor'],
  ['has metadata that is no text', file({ __metadata__: { a: 1 } }), "the metadata 'a' is no text"],
  ['has metadata that is no object', file({ __metadata__: [] }), '__metadata__ is no object'],
  [
    'has dims of other sizes',
    file({ __metadata__: { 'adjoint.shapes': '{"a":["n=2"]}' }, a: entry('F32', [1], 0, 4) }, 4),
    "the tensor 'a' has the sizes [1], and the dims",
  ],
  [
    'has dims that are no dims',
    file({ __metadata__: { 'adjoint.shapes': '{"a":["x\'; import evil"]}' }, a: entry('F32', [1], 0, 4) }, 4),
    'and the dims',
  ],
  ['has shapes that are no table', file({ __metadata__: { 'adjoint.shapes': '7' } }), "the metadata 'adjoint.shapes' is no table"],
  ['has values that are no texts', file({ __metadata__: { 'adjoint.values': '{"a":1}' } }), "the value 'a' is no text"],
];

describe('a file that', () => {
  it.each(hostile)('%s is refused', async (_, bytes, says) => {
    const message = await refusal(fromSafetensors(bytes, { a: zeros([1]) }));
    expect(message).toContain(says);
    expect(message.length).toBeLessThan(400);
  });

  it('has a bool of 2 is refused', async () => {
    const bytes = file({ a: entry('BOOL', [1], 0, 1) }, 1);
    bytes[bytes.length - 1] = 2;
    expect(await refusal(fromSafetensors(bytes, { a: zeros([1], 'bool') }))).toContain(
      "the tensor 'a' is bool and has elements other than 0 and 1",
    );
  });

  it('names __proto__ changes nothing', async () => {
    const bytes = file(`{"__proto__":${JSON.stringify(entry('F32', [1], 0, 4))}}`, 4);
    expect(await refusal(fromSafetensors(bytes, {}))).toContain("it also holds '__proto__'");
    expect(({} as Record<string, unknown>).dtype).toBeUndefined();
  });

  it('is cut or changed anywhere either loads whole or is refused: never another error', async () => {
    const whole = await toSafetensors({ a: tensor([1, 2], ['n']), b: tensor([true]), step: 1 });
    const load = (bytes: Uint8Array) =>
      fromSafetensors(bytes, { a: zeros(['n=2']), b: zeros([1], 'bool'), step: 0 }).then(
        async (loaded) => expect((await loaded.a.data()).length + (await loaded.b.data()).length).toBe(3),
        (error: unknown) => expect(error).toBeInstanceOf(SafetensorsError),
      );
    for (let length = 0; length < whole.length; length++) await refusal(fromSafetensors(whole.slice(0, length), {}));
    const change = fc.record({ at: fc.nat(whole.length - 1), byte: fc.integer({ min: 0, max: 255 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const bytes = whole.slice();
        for (const { at, byte } of changes) bytes[at] = byte;
        await load(bytes);
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});

describe('on disk', () => {
  it('a file is replaced at once, and no unfinished file stays', async () => {
    const path = join(folder, 'a.safetensors');
    await saveSafetensors(path, { w: ones(['n=2']) });
    await saveSafetensors(path, { w: ones(['n=3']) });
    expect(await (await loadSafetensors(path, { w: zeros(['n=3']) })).w.array()).toEqual([1, 1, 1]);
    await expect(saveSafetensors(join(folder, 'none/a.safetensors'), { w: ones([1]) })).rejects.toThrow('ENOENT');
    await expect(saveSafetensors(folder, { w: ones([1]) })).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(['a.safetensors']);
  });

  it('a file that cannot be read, is a folder or was cut is refused', async () => {
    const path = join(folder, 'cut.safetensors');
    await saveSafetensors(path, { w: ones(['n=2']) });
    truncateSync(path, readFileSync(path).length - 1);
    expect(await refusal(loadSafetensors(path, { w: zeros(['n=2']) }))).toContain(
      `loadSafetensors: ${path}: the tensor 'w' lies from byte 0 to 8 of 7 bytes of data`,
    );
    expect(await refusal(loadSafetensors(folder, {}))).toContain('it is no file (give the path of a safetensors file)');
    await expect(loadSafetensors(join(folder, 'none'), {})).rejects.toThrow('ENOENT');
  });
});

describe('training', () => {
  const initialise = () => parameters({ w: randn(['in=3', 'out=2'], { seed: 1 }), b: zeros(['out=2']) });
  type Model = ReturnType<typeof initialise>;
  const loss = <N extends Dim>(p: Model, x: Tensor<[N, 'in=3']>) => {
    const y = x.matmul(p.w).add(p.b).tanh();
    return y.mul(y).mean();
  };
  const step = jit((p: Model, state: { readonly velocity: State<Model> }, x: Tensor<['n=5', 'in=3']>) => {
    const { value, gradient } = valueAndGrad((q: Model) => loss(q, x))(p);
    const next = updateWithState(p, gradient, state, (w, g, { velocity }) => {
      const faster = velocity.mul(0.9).add(g);
      return { parameter: w.sub(faster.mul(0.1)), state: { velocity: faster } };
    });
    return { value, p: next.parameters, state: next.state };
  });
  const start = () => ({ p: initialise(), state: { velocity: zerosLike(initialise()) }, step: 0 });
  type Training = ReturnType<typeof start>;

  function train(from: Training, steps: number): Training {
    let { p, state } = from;
    for (let i = from.step; i < from.step + steps; i++) ({ p, state } = step(p, state, randn(['n=5', 'in=3'], { seed: 100 + i })));
    return { p, state, step: from.step + steps };
  }

  it('resumed from a file continues bit for bit', async () => {
    const path = join(folder, 'training.safetensors');
    const uninterrupted = await toSafetensors(train(start(), 6));
    await saveSafetensors(path, train(start(), 3));
    const resumed = await loadSafetensors(path, start());
    expect(resumed.step).toBe(3);
    expect(Buffer.from(await toSafetensors(train(resumed, 3)))).toEqual(Buffer.from(uninterrupted));
    expect(Buffer.from(await toSafetensors(train(resumed, 2)))).not.toEqual(Buffer.from(uninterrupted));
  });
});

describe('adjoint types', () => {
  const adjoint = (...args: readonly string[]) => spawnSync(process.execPath, ['bin/adjoint.js', ...args], { encoding: 'utf8' });
  const path = join(folder, 'model.safetensors');

  it('writes the declaration, says when it is stale, and a wrong structure does not compile', async () => {
    const like = {
      layers: [{ w: ones(['in=2', 'out=3']) }] as const,
      mask: zeros([2], 'bool'),
      'odd key': ones(['batch=1']),
      step: 1,
      kind: "it's",
    };
    await saveSafetensors(path, like);
    expect(adjoint('types', '--check', path)).toMatchObject({ status: 1, stdout: `${path}.d.ts: stale (run adjoint types)\n` });
    expect(adjoint('types', path)).toMatchObject({ status: 0, stdout: `${path}.d.ts: written, 3 tensors\n`, stderr: '' });
    expect(adjoint('types', '--check', path)).toMatchObject({ status: 0, stdout: `${path}.d.ts: up to date\n` });
    expect(readFileSync(`${path}.d.ts`, 'utf8')).toMatchInlineSnapshot(`
      "/** What model.safetensors holds. Written by \`adjoint types\`: run it again when the file changes. */
      import type { Tensor } from 'adjoint';

      export type Checkpoint = {
        readonly layers: readonly [
          {
            readonly w: Tensor<['in=2', 'out=3']>;
          },
        ];
        readonly 'odd key': Tensor<['batch=1']>;
        readonly mask: Tensor<[2], 'bool'>;
        readonly step: number;
        readonly kind: 'it\\'s';
      };
      "
    `);
    writeFileSync(
      join(folder, 'use.ts'),
      [
        `import { ones, zeros } from 'adjoint';`,
        `import { loadSafetensors } from 'adjoint/safetensors';`,
        `import type { Checkpoint } from './model.safetensors.d.ts';`,
        `const like = { layers: [{ w: ones(['in=2', 'out=3']) }], mask: zeros([2], 'bool'), 'odd key': ones(['batch=1']), step: 1, kind: "it's" } as const;`,
        `export const right = loadSafetensors<Checkpoint>('model.safetensors', like);`,
        `export const wrong = loadSafetensors<Checkpoint>('model.safetensors', { ...like, layers: [{ w: ones(['out=3', 'in=2']) }] });`,
        '',
      ].join('\n'),
    );
    const options = {
      noEmit: true,
      strict: true,
      skipLibCheck: true,
      module: 'esnext',
      moduleResolution: 'bundler',
      lib: ['es2023', 'esnext.disposable', 'dom'],
      target: 'es2022',
      types: ['node'],
      typeRoots: [join(process.cwd(), 'node_modules/@types')],
      allowImportingTsExtensions: true,
      paths: { adjoint: [join(process.cwd(), 'src/index.ts')], 'adjoint/safetensors': [join(process.cwd(), 'src/safetensors.ts')] },
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['use.ts'] }));
    const { stdout } = spawnSync(process.execPath, ['node_modules/typescript-7/bin/tsc', '-p', join(folder, 'tsconfig.json')], {
      encoding: 'utf8',
    });
    const errors = stdout.split('\n').filter((line) => line.includes('use.ts'));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(
      /use\.ts\(6,\d+\): error TS2322: Type 'Tensor<\["out=3", "in=2"\]>' is not assignable to type 'Tensor<\["in=2", "out=3"\]>'/,
    );
  });

  it('refuses what has no type here, and what is no safetensors file', () => {
    const other = join(folder, 'other.safetensors');
    for (const [bytes, says] of [
      [
        file({ a: entry('BF16', [1], 0, 2) }, 2),
        "the tensor 'a' is BF16 (tensors here are F32, F16, I32, U32 or BOOL: convert it where the file was made)",
      ],
      [file({ a: entry('F32', [0], 0, 0) }), "the tensor 'a' has no elements: [0]"],
      [file({ a: entry('F32', [1], 0, 4), 'a.b': entry('F32', [1], 4, 8) }, 8), "the name 'a.b' is also the beginning of another"],
      [file({ 'a.b': entry('F32', [1], 0, 4), a: entry('F32', [1], 4, 8) }, 8), "the name 'a' is also the beginning of another"],
      [new Uint8Array(3), 'the file has 3 bytes'],
    ] as const) {
      writeFileSync(other, bytes);
      const { status, stderr } = adjoint('types', other);
      expect(stderr).toContain(says);
      expect(status).toBe(1);
    }
    expect(adjoint('types', join(folder, 'none')).stderr).toContain('it cannot be read: ENOENT');
    expect(readdirSync(folder)).not.toContain('other.safetensors.d.ts');
  }, 60_000);
});
