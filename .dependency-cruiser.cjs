/**
 * The dependency rule: imports point down only.
 *
 *   types <- graph, program <- codegen, runtime <- tuning, safetensors <- language <- nn, cli
 *
 * codegen and runtime meet in program and nowhere else. Tests and testing folders may look anywhere;
 * nothing that ships may look at them. tests/boundaries.test.ts breaks every rule below once.
 */

const exempt = String.raw`\.test\.ts$|/(testing|fixtures)/`;
const faces = String.raw`^src/(index|compiler|runtime|doctor|random|sizes|safetensors|testing)\.ts$`;
const npm = (/** @type {string} */ names) => `(^|node_modules/)(${names})(/|$)`;

/**
 * A layer may import itself and the layers named, nothing else of src.
 * @param {string} name @param {readonly string[]} below @param {string} comment
 */
const layer = (name, below, comment) => ({
  name: `${name}-imports-down-only`,
  comment,
  severity: 'error',
  from: { path: `^src/${name}/`, pathNot: exempt },
  to: { path: '^src/', pathNot: [...[name, ...below].map((folder) => `^src/${folder}/`), faces] },
});

/** Pairs of files that describe one another, in types only. A cycle through a third file is still refused, from there. */
const typePairs = [
  // a value names its primitive; a custom gradient's parameters hold values
  String.raw`^src/graph/(primitive|value)\.ts$`,
  // a tensor asks to be realised; what is realised are tensors
  String.raw`^src/language/(lazyTensor|realize)\.ts$`,
  // a diagnostic's code is a key of the catalogue, whose entries make diagnostics
  String.raw`^src/codegen/1-frontend/diagnostics/(catalogue|diagnostic)\.ts$`,
];

/** A phase of the compiler knows its own folder and the phases before it. */
const phases = ['1-frontend', '2-simplify', '3-fuse', '4-plan', '5-emit'];
const phaseOrder = phases.slice(0, -1).map((phase, index) => ({
  name: `phase-${phase}-imports-no-later-phase`,
  comment: 'the folders are the pipeline: a phase that needs a later one belongs after it',
  severity: 'error',
  from: { path: `^src/codegen/${phase}/`, pathNot: exempt },
  to: { path: `^src/codegen/(${phases.slice(index + 1).join('|')})/` },
}));

module.exports = {
  forbidden: [
    layer('types', [], 'the shape language stands alone'),
    layer('graph', ['types'], 'the graph knows shapes, and nothing about how it is compiled or run'),
    layer('program', ['types'], 'the contract between compiler and runtime is plain data'),
    layer('codegen', ['program', 'graph', 'types'], 'the compiler never imports the runtime or the language: they meet in program'),
    layer('runtime', ['program', 'types'], 'the runtime ships without a compiler'),
    layer('safetensors', ['runtime', 'program', 'types'], 'tensors of either face, to and from disk, without a compiler'),
    layer('tuning', ['runtime', 'program', 'types'], 'measures kernels on a device, and stores which were fastest; needs no compiler'),
    layer('language', ['tuning', 'runtime', 'codegen', 'program', 'graph', 'types'], 'the language records, compiles and runs'),
    layer('nn', [], 'layers, losses and optimizers are written in the language itself: they import src/index.ts only'),
    layer(
      'cli',
      ['safetensors', 'language', 'tuning', 'runtime', 'codegen', 'program', 'graph', 'types'],
      'the command line stands on top',
    ),
    {
      name: 'no-face-from-inside',
      comment:
        'index.ts, compiler.ts, runtime.ts, doctor.ts, random.ts, sizes.ts, safetensors.ts and testing.ts are for users; inside src, import the file that has the thing',
      severity: 'error',
      from: { path: '^src/', pathNot: [exempt, '^src/nn/'] },
      to: { path: faces },
    },
    {
      name: 'nn-imports-index-only',
      comment: 'of the faces, nn knows the language',
      severity: 'error',
      from: { path: '^src/nn/', pathNot: exempt },
      to: { path: String.raw`^src/(compiler|runtime|doctor|random|sizes|safetensors|testing)\.ts$` },
    },
    ...phaseOrder,
    {
      name: 'phases-meet-in-compile',
      comment:
        'compile.ts, compileLayer.ts, compileFiles.ts, build.ts and explain*.ts read as the tables of contents; everyone else asks them',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [
          exempt,
          faces,
          '^src/codegen/[1-5]-',
          String.raw`^src/codegen/(compile|compileLayer|compileFiles|build|explain|explainProgram)\.ts$`,
        ],
      },
      to: { path: '^src/codegen/[1-5]-' },
    },
    {
      name: 'ts-morph-in-frontend-only',
      comment: 'only the frontend reads TypeScript; run-time compilation must not load a compiler for it',
      severity: 'error',
      from: { path: '^src/', pathNot: [exempt, '^src/codegen/1-frontend/'] },
      to: { path: npm('ts-morph|@ts-morph|typescript') },
    },
    {
      name: 'webgpu-in-adapters-only',
      comment: 'the rest of the runtime is the same in Node and in browsers',
      severity: 'error',
      from: { path: '^src/', pathNot: [exempt, '^src/runtime/adapters/'] },
      to: { path: npm('webgpu') },
    },
    {
      name: 'node-modules-at-the-edges-only',
      comment: 'all but the build, the command line and the adapters also works in browsers',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [
          exempt,
          String.raw`^src/(codegen/(1-frontend/|(build|compileFiles|explain)\.ts$)|cli/|runtime/adapters/|safetensors/files\.ts$)`,
        ],
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-cycle-of-values',
      comment: 'a cycle makes the order of evaluation decide what is defined; split what both need into a file of its own',
      severity: 'error',
      from: { path: '^src/', pathNot: exempt },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-cycle-of-types-outside-types',
      comment: 'the tensor interfaces of src/types refer to one another; elsewhere only the pairs listed above may',
      severity: 'error',
      from: { path: '^src/', pathNot: [exempt, '^src/types/', ...typePairs] },
      to: { circular: true, via: { dependencyTypes: ['type-only'] } },
    },
    {
      name: 'no-testing-code-in-the-product',
      comment: 'tests and fixtures do not ship',
      severity: 'error',
      from: { path: '^src/', pathNot: exempt },
      to: { path: exempt },
    },
    {
      name: 'no-undeclared-package',
      comment: 'what src imports must be a dependency: development dependencies are absent where the package is installed',
      severity: 'error',
      from: { path: '^src/', pathNot: exempt },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown'],
        dependencyTypesNot: ['type-only'],
        pathNot: npm('@webgpu/types'),
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['adjoint-source', 'import', 'node', 'default', 'types'] },
  },
};
