/** The verdict on every mutant of some files: refused by the types, no change to what is computed, or alive. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';
import { callsOf } from './callsOf.ts';
import { compile, type Diagnostic, removeFolder, scratchFolder, type Variant } from './compile.ts';
import type { CorpusFile } from './corpus.ts';
import { type Fix, tryFixes } from './fixes.ts';
import { type Mutant, mutantsOf, programOf, textOf } from './mutate.ts';
import { comparison } from './values.ts';

export interface Verdict {
  readonly mutant: Mutant;
  readonly is: 'refused' | 'refused at its callers' | 'equivalent' | 'alive';
  /** What the compiler says, or how the results differ. */
  readonly because: string;
}

export interface Judgement {
  /** Files of the corpus that export nothing that takes tensors: nothing in them is mutated. */
  readonly passedOver: readonly string[];
  readonly verdicts: readonly Verdict[];
  readonly fixes: readonly Fix[];
}

const root = join(import.meta.dirname, '../..');

export async function judge(files: readonly CorpusFile[]): Promise<Judgement> {
  const program = programOf(
    root,
    files.map(({ file }) => join(root, file)),
  );
  const called = files.map(({ file, calls }) => {
    const bySignature = callsOf(program, join(root, file));
    const isByHand = (name: string): boolean => calls.some((call) => call.name === name);
    return {
      file,
      calls: [...calls, ...bySignature.calls.filter(({ name }) => !isByHand(name))],
      uncalled: bySignature.uncalled.filter((name) => !isByHand(name)),
    };
  });
  const isMutated = ({ calls, uncalled }: (typeof called)[number]): boolean => calls.length + uncalled.length > 0;
  const corpus = called.filter(isMutated);
  const passedOver = called.filter((file) => !isMutated(file)).map(({ file }) => file);
  const folder = scratchFolder(root);
  try {
    const originals = corpus.map(({ file }, at) => variantOf(program, file, `${at}-${basename(file, '.ts')}/original.ts`));
    const mutants = corpus.flatMap(({ file, calls, uncalled }, at) => {
      const differs = comparison(join(root, file), calls, uncalled);
      return mutantsOf(root, program, join(root, file)).map((mutant, index) => {
        const original = readFileSync(join(root, file), 'utf8');
        const variant = variantOf(program, file, `${at}-${basename(file, '.ts')}/${index}.ts`);
        return { mutant, differs, variant: { ...variant, text: textOf(original, mutant) } };
      });
    });
    const said = compile(root, folder, [...originals, ...mutants.map(({ variant }) => variant)]);
    for (const { name, original } of originals) {
      const [wrong] = said.get(name) ?? [];
      if (wrong !== undefined) throw new Error(`mutants: ${original} is refused as it stands: ${wrong.text}`);
    }

    const verdicts: Verdict[] = [];
    const refused: { variant: Variant; diagnostics: readonly Diagnostic[] }[] = [];
    for (const { mutant, differs, variant } of mutants) {
      const diagnostics = said.get(variant.name) ?? [];
      const [first] = diagnostics;
      if (first !== undefined) {
        const isInPlace = diagnostics.some(({ line }) => line <= variant.text.trimEnd().split('\n').length);
        verdicts.push({ mutant, is: isInPlace ? 'refused' : 'refused at its callers', because: first.text });
        refused.push({ variant, diagnostics });
        continue;
      }
      const difference = await differs(join(folder, variant.name));
      verdicts.push({ mutant, is: difference === undefined ? 'equivalent' : 'alive', because: difference ?? 'the same numbers' });
    }
    return { passedOver, verdicts, fixes: tryFixes(root, folder, refused) };
  } finally {
    removeFolder(folder);
  }
}

/** The file as it stands, under another name. */
function variantOf(program: ts.Program, file: string, name: string): Variant {
  const source = program.getSourceFile(join(root, file));
  const module = source && program.getTypeChecker().getSymbolAtLocation(source);
  if (source === undefined || module === undefined) throw new Error(`mutants: ${file} is no module`);
  const exported = program
    .getTypeChecker()
    .getExportsOfModule(module)
    .filter(({ flags }) => (flags & ts.SymbolFlags.Value) !== 0)
    .map((symbol) => symbol.name);
  return { name, text: source.text, original: file, exported };
}
