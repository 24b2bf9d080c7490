/**
 * The command line: `adjoint build`, `adjoint explain`, `adjoint types` and `adjoint doctor`.
 *
 * Invariant: exit code 0 for success, 1 for what the command found, 2 for a command line that makes no sense.
 */
import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { type BuildFlags, readTuneSizes, runBuild } from './buildCommand.ts';
import { runDoctor } from './doctorCommand.ts';
import { type ExplainFlags, readSize, runExplain } from './explainCommand.ts';
import type { TypesFlags } from './typesCommand.ts';

const exitCodes = `
Exit codes:
  0  everything is in order
  1  there are errors; with --check: or something is missing, stale or orphaned; doctor: no device computes
  2  the command line makes no sense`;

/** Runs one command line (without `node` and the script); gives the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = new Command('adjoint')
    .description('Shapes in types, layers as fused WGSL kernels.')
    .version(packageVersion(), '-v, --version')
    .addHelpText('after', exitCodes)
    .exitOverride();
  program
    .command('build')
    .description('write the exported layers of TypeScript files as generated modules: linear.ts -> linear.adjoint.ts')
    .argument('<paths...>', 'files, folders or globs')
    .option('--check', 'write nothing; list missing, stale and orphaned modules')
    .option('--json', 'print the result as JSON')
    .addOption(
      new Option('--tune', 'measure the tiles of the products on the adapter at hand, store the fastest, and build with them').conflicts([
        'check',
        'tuned',
      ]),
    )
    .option('--tune-sizes <sizes>', 'what --tune takes symbolic axes to be, in turn (default: 2,512)', readTuneSizes)
    .option('--no-tuned', 'by the cost model alone: forget the choices that modules were built with')
    .addHelpText(
      'after',
      `
Examples:
  adjoint build src/model.ts         writes src/model.adjoint.ts
  adjoint build src                  every file below src that exports layers
  adjoint build --check 'src/**/*.ts'   for continuous integration
  adjoint build --tune src           once a machine; what is stored already is not measured again
${exitCodes}`,
    )
    .action(async (paths: readonly string[], flags: BuildFlags) => {
      exitCode = await runBuild(paths, flags);
    });
  program
    .command('doctor')
    .description('say which device is used and why, and whether it computes right')
    .option('--json', 'print the report as JSON')
    .addHelpText('after', exitCodes)
    .action(async (flags: { readonly json?: boolean }) => {
      exitCode = await runDoctor(flags);
    });
  program
    .command('explain')
    .description('say what became of exported layers and jitted functions: shapes, gradients, kernels, FLOPs, bytes, memory')
    .argument('<paths...>', 'files, folders or globs')
    .option('--json', 'print the report as JSON')
    .option('--wgsl', 'print every kernel as the device compiles it, too')
    .option('--size <axis=size>', 'the size of a symbolic axis, so that figures are numbers; may be given again', readSize)
    .addHelpText(
      'after',
      `
Examples:
  adjoint explain src/model.ts
  adjoint explain src/model.ts --size batch=64 --json
${exitCodes}`,
    )
    .action(async (paths: readonly string[], flags: ExplainFlags) => {
      exitCode = await runExplain(paths, flags);
    });
  program
    .command('types')
    .description('write what safetensors files hold as declarations: model.safetensors -> model.safetensors.d.ts')
    .argument('<files...>', 'safetensors files')
    .option('--check', 'write nothing; list missing and stale declarations')
    .addHelpText(
      'after',
      `
Example:
  adjoint types model.safetensors
  const p = await loadSafetensors<Checkpoint>('model.safetensors', initialise(1));
  With Checkpoint imported from model.safetensors.d.ts, a structure of other shapes does not compile.
${exitCodes}`,
    )
    .action(async (files: readonly string[], flags: TypesFlags) => {
      // here, not above: it reads files with the runtime, which no other command needs to start
      const { runTypes } = await import('./typesCommand.ts');
      exitCode = await runTypes(files, flags);
    });
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  return exitCode;
}

function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string };
  return manifest.version;
}
