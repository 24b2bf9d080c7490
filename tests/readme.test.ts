/** The README's table of mistakes is what TypeScript 7 says today. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

interface Mistake {
  readonly code: string;
  readonly message: string;
}

function mistakes(): readonly Mistake[] {
  const table = /<!-- mistakes.*?-->\n([\s\S]*?)<!-- \/mistakes -->/.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1] ?? '';
  return table
    .split('\n')
    .slice(2)
    .flatMap((row) => {
      const [, code, message] = /^\| `(.*)` \| (.*) \|$/.exec(row) ?? [];
      return code === undefined || message === undefined ? [] : [{ code, message }];
    });
}

function diagnose(lines: readonly string[]): string {
  const folder = mkdtempSync(join(root, 'node_modules', '.readme-'));
  try {
    const file = join(folder, 'mistakes.ts');
    writeFileSync(
      file,
      [
        "import { customVjp, type Dim, layer, ones, tensor, zeros, type Tensor } from 'adjoint';",
        "const X = tensor([[1, 0], [0, 1], [1, 1]], ['n', 'in']), W = tensor([[2, 1], [-1, 3]], ['in', 'out']), dY = ones(['n=3', 'out=2']);",
        "const linear = layer(<N extends Dim, I extends Dim, O extends Dim>(x: Tensor<[N, I]>, p: { w: Tensor<[I, O]>; b: Tensor<[O]> }) => x.matmul(p.w).add(p.b)), b = ones(['out=2']);",
        ...lines,
        'export { b, customVjp, dY, linear, type Tensor, W, X, zeros };',
      ].join('\n'),
    );
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: join(root, 'tsconfig.json'), include: ['mistakes.ts'] }));
    const tsc = join(root, 'node_modules/typescript-7/bin/tsc');
    return execFileSync(process.execPath, [tsc, '--noEmit', '--pretty', 'false', '-p', folder], { cwd: root, encoding: 'utf8' });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it('prints every mistake of the README in the words of the README', () => {
  const table = mistakes();
  expect(table.length).toBeGreaterThanOrEqual(10);
  const output = diagnose(table.map(({ code }) => code));
  const byLine = new Map<number, string>();
  for (const part of output.split(/^(?=\S)/m)) {
    const line = /mistakes\.ts\((\d+),/.exec(part)?.[1];
    if (line !== undefined) byLine.set(Number(line) - 4, part);
  }
  for (const [index, { code, message }] of table.entries()) expect(byLine.get(index) ?? `no error for ${code}`).toContain(message);
  expect(byLine.size).toBe(table.length);
});

it('runs the program of the README with the command of the README', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const [, program = ''] = /^```ts\n([\s\S]*?)^```$/m.exec(readme) ?? [];
  const [, options = ''] = /^npx tsx (.*)mine\.ts$/m.exec(readme) ?? [];
  const [, printed = ''] = /^console\.log\(.*\); \/\/ (.*)$/m.exec(program) ?? [];
  const folder = mkdtempSync(join(root, '.mine-'));
  try {
    writeFileSync(join(folder, 'mine.ts'), program);
    const command = [...options.trim().split(' '), join(folder, 'mine.ts')];
    const said = execFileSync(join(root, 'node_modules/.bin/tsx'), command, {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, ADJOINT_DEVICE: 'software' },
    });
    expect(printed).not.toBe('');
    expect(said.replaceAll(/\s/g, '')).toBe(printed.replaceAll(/\s/g, ''));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('finds nothing wrong with a right program', () => {
  expect(diagnose(["const dX: Tensor<['n=3', 'in=2']> = dY.matmul(W.T);", 'export { dX };'])).toBe('');
});
