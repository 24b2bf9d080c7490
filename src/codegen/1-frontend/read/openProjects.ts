/**
 * The TypeScript projects of the files to build: each file belongs to the nearest tsconfig.json above it.
 *
 * Invariant: the checker sees the same copy of this package that the traced module will import.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type CompilerOptions, ModuleResolutionKind, Project, ts } from 'ts-morph';
import { sourceCondition } from '../sourceCondition.ts';

export interface OpenProject {
  readonly tsconfig: string | undefined;
  readonly project: Project;
  /** Absolute paths, sorted. */
  readonly files: readonly string[];
}

/** For files without a tsconfig.json. */
const defaultOptions: CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ModuleResolutionKind.NodeNext,
  strict: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  noEmit: true,
};

export function openProjects(files: readonly string[]): readonly OpenProject[] {
  const groups = new Map<string | undefined, string[]>();
  for (const file of files) {
    const tsconfig = nearestConfig(dirname(file));
    groups.set(tsconfig, [...(groups.get(tsconfig) ?? []), file]);
  }
  return [...groups].map(([tsconfig, members]) => {
    const project =
      tsconfig === undefined
        ? new Project({ compilerOptions: defaultOptions })
        : new Project({ tsConfigFilePath: tsconfig, skipAddingFilesFromTsConfig: true });
    addSourceCondition(project);
    project.addSourceFilesAtPaths(members);
    return { tsconfig, project, files: members };
  });
}

function nearestConfig(folder: string): string | undefined {
  const candidate = join(folder, 'tsconfig.json');
  if (existsSync(candidate)) return candidate;
  const parent = dirname(folder);
  return parent === folder ? undefined : nearestConfig(parent);
}

const readsExports: readonly (ModuleResolutionKind | undefined)[] = [
  ModuleResolutionKind.Node16,
  ModuleResolutionKind.NodeNext,
  ModuleResolutionKind.Bundler,
];

function addSourceCondition(project: Project): void {
  const { customConditions = [], moduleResolution, module } = project.getCompilerOptions();
  const implied = module === ts.ModuleKind.NodeNext || module === ts.ModuleKind.Node16 || module === ts.ModuleKind.Preserve;
  if (sourceCondition === undefined || !(readsExports.includes(moduleResolution) || (moduleResolution === undefined && implied))) return;
  project.compilerOptions.set({ customConditions: [...new Set([...customConditions, sourceCondition])] });
}

/** How a sibling is imported in this project: `./linear.ts` where that is allowed, else `./linear.js`. */
export function siblingSpecifier(project: Project, fileName: string): string {
  const { allowImportingTsExtensions, rewriteRelativeImportExtensions } = project.getCompilerOptions();
  const name = allowImportingTsExtensions || rewriteRelativeImportExtensions ? fileName : fileName.replace(/\.([mc]?)ts$/, '.$1js');
  return `./${name}`;
}
