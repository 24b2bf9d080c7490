/** `adjoint explain`: what became of layers, on the terminal or as JSON. */
import { InvalidArgumentError } from 'commander';
import type { Sizes } from '../codegen/explainProgram.ts';
import { explainText } from './explainText.ts';

export interface ExplainFlags {
  readonly json?: boolean;
  readonly size?: Sizes;
  readonly wgsl?: boolean;
}

/** One `--size axis=64`, added to those before it. */
export function readSize(text: string, before: Sizes = {}): Sizes {
  const [, axis, size] = /^([A-Za-z]\w*)=([1-9]\d*)$/.exec(text) ?? [];
  if (axis === undefined) throw new InvalidArgumentError('Write an axis and its size, such as batch=64.');
  return { ...before, [axis]: Number(size) };
}

/** Gives the exit code. */
export async function runExplain(paths: readonly string[], { json = false, size = {}, wgsl = false }: ExplainFlags): Promise<number> {
  const { explain } = await import('../codegen/explain.ts');
  const { printDiagnostic } = await import('../codegen/build.ts');
  const report = await explain(paths, { sizes: size, wgsl });
  if (json) {
    console.log(JSON.stringify(report, undefined, 2));
    return report.ok ? 0 : 1;
  }
  for (const diagnostic of report.diagnostics) console.error(printDiagnostic(diagnostic));
  if (report.files.length > 0) console.log(explainText(report.files));
  return report.ok ? 0 : 1;
}
