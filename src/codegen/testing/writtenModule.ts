/** A program as a generated module gives it: written as TypeScript, compiled as a user's bundler would, and run. */
import { ts } from 'ts-morph';
import type { CompiledLayer } from '../../program/compiledLayer.ts';
import type { DescribedProgram, Program } from '../../program/program.ts';
import { generateModule } from '../1-frontend/write/generateModule.ts';

/** The program after the way through the text of a module. */
export function throughModule(program: DescribedProgram): Program {
  const compiled: CompiledLayer<DescribedProgram> = {
    name: 'written',
    typeParameters: [],
    arguments: [],
    result: { kind: 'tuple', items: [] },
    forward: program,
    residualForward: program,
    backward: program,
    backwardInputs: [],
  };
  const text = generateModule('written.ts', './written.ts', [{ compiled, parameters: [] }]);
  const { outputText } = ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  const exported: { written?: CompiledLayer } = {};
  // The runtime's part, `compiledLayer`, would make it a function: the data that it is given is what is wanted here.
  const required = (): object => ({ compiledLayer: (definition: CompiledLayer) => definition });
  new Function('exports', 'require', outputText)(exported, required);
  if (exported.written === undefined) throw new Error('the generated module exports no layer');
  return exported.written.forward;
}
