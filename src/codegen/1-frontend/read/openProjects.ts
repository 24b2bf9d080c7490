/**
 * The TypeScript projects of the files to build: each file belongs to the nearest tsconfig.json above it.
 *
 * Invariant: the checker sees the same copy of this package that the traced module will import.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CompilerOptions, ModuleResolutionKind as ResolutionKind, Project as TsMorphProject } from 'ts-morph';
import { sourceCondition } from '../sourceCondition.ts';
import { type CheckedProgram, checkProgram } from './checkProgram.ts';
import { probePathOf, probeText } from './probe.ts';
import { ModuleResolutionKind, Project, ts } from './tsMorph.ts';

export interface OpenProject {
  readonly tsconfig: string | undefined;
  readonly options: CompilerOptions;
  readonly checked: CheckedProgram;
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

/** A tsconfig.json that cannot be read; its files are not built. */
export interface BrokenConfig {
  readonly tsconfig: string;
  readonly problem: string;
}

export interface OpenedProjects {
  readonly projects: readonly OpenProject[];
  readonly broken: readonly BrokenConfig[];
}

export function openProjects(files: readonly string[]): OpenedProjects {
  const groups = new Map<string | undefined, string[]>();
  for (const file of files) {
    const tsconfig = nearestConfig(dirname(file));
    groups.set(tsconfig, [...(groups.get(tsconfig) ?? []), file]);
  }
  const projects: OpenProject[] = [];
  const broken: BrokenConfig[] = [];
  for (const [tsconfig, members] of groups) {
    const project = openProject(tsconfig);
    if (!(project instanceof Project)) {
      broken.push(project);
      continue;
    }
    const options = project.getCompilerOptions();
    const texts = new Map(members.map((path) => [probePathOf(path), probeText(options, path)]));
    const library = project.getModuleResolutionHost();
    const checked = checkProgram({ files: members, texts, options, readLibrary: (path) => library.readFile(path) });
    projects.push({ tsconfig, options, checked, files: members });
  }
  return { projects, broken };
}

function openProject(tsconfig: string | undefined): TsMorphProject | BrokenConfig {
  if (tsconfig === undefined) return withSourceCondition(new Project({ compilerOptions: defaultOptions }));
  try {
    const project = new Project({ tsConfigFilePath: tsconfig, skipAddingFilesFromTsConfig: true });
    const [problem] = project.getConfigFileParsingDiagnostics();
    if (problem === undefined) return withSourceCondition(project);
    const text = problem.getMessageText();
    return { tsconfig, problem: typeof text === 'string' ? text : text.getMessageText() };
  } catch (error) {
    return { tsconfig, problem: error instanceof Error ? error.message : String(error) };
  }
}

function nearestConfig(folder: string): string | undefined {
  const candidate = join(folder, 'tsconfig.json');
  if (existsSync(candidate)) return candidate;
  const parent = dirname(folder);
  return parent === folder ? undefined : nearestConfig(parent);
}

const readsExports: readonly (ResolutionKind | undefined)[] = [
  ModuleResolutionKind.Node16,
  ModuleResolutionKind.NodeNext,
  ModuleResolutionKind.Bundler,
];

function withSourceCondition(project: TsMorphProject): TsMorphProject {
  const { customConditions = [], moduleResolution, module } = project.getCompilerOptions();
  const implied = module === ts.ModuleKind.NodeNext || module === ts.ModuleKind.Node16 || module === ts.ModuleKind.Preserve;
  if (sourceCondition === undefined || !(readsExports.includes(moduleResolution) || (moduleResolution === undefined && implied)))
    return project;
  project.compilerOptions.set({ customConditions: [...new Set([...customConditions, sourceCondition])] });
  return project;
}
