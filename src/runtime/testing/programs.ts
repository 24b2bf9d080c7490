/** Small programs, written by hand, that the runtime's tests run. */
import { type Kernel, type Port, type Program, programFormat, symbolsMarker } from '../../program/program.ts';
import { type Dim, type Size, sizeOf } from '../../types/dim.ts';
import { ceilDivideSizes, multiplySizes } from '../../types/size.ts';

const workgroupSize = 4;
const elementsOf = (shape: readonly Dim[]): Size => multiplySizes(...shape.map(sizeOf));
const f32 = (name: string, shape: readonly Dim[], buffer: number): Port => ({ name, shape, dtype: 'f32', buffer });

/** One thread an element: `out[i] = <expression of i>`, over the bindings `b0`, `b1`, … of which the last is written. */
function elementwise(label: string, buffers: readonly number[], count: string, elements: Size, expression: string): Kernel {
  const last = buffers.length - 1;
  const declarations = buffers.map(
    (_, binding) => `@group(0) @binding(${binding}) var<storage, ${binding === last ? 'read_write' : 'read'}> b${binding}: array<f32>;`,
  );
  const wgsl = `${symbolsMarker}
${declarations.join('\n')}
@compute @workgroup_size(${workgroupSize})
fn main(@builtin(workgroup_id) w: vec3u, @builtin(num_workgroups) n: vec3u, @builtin(local_invocation_index) t: u32) {
  let i = (w.x + w.y * n.x) * ${workgroupSize}u + t;
  if (i >= ${count}) { return; }
  b${last}[i] = ${expression};
}
`;
  return {
    label,
    bindings: buffers.map((buffer, binding) => ({ buffer, access: binding === last ? 'read_write' : 'read' })),
    variants: [{ name: 'simple', requires: {}, wgsl, workgroups: ceilDivideSizes(elements, workgroupSize) }],
  };
}

function program(
  name: string,
  symbols: readonly string[],
  inputs: Port[],
  outputs: Port[],
  temporaries: Size[],
  kernels: Kernel[],
): Program {
  const plan = (role: 'input' | 'output') => (port: Port) => ({
    label: port.name,
    role,
    elements: elementsOf(port.shape),
    dtype: port.dtype,
  });
  const buffers = [
    ...inputs.map(plan('input')),
    ...outputs.map(plan('output')),
    ...temporaries.map((elements, index) => ({ label: `temporary ${index}`, role: 'temporary' as const, elements, dtype: 'f32' as const })),
  ];
  return { format: programFormat, name, symbols, inputs, outputs, buffers, kernels };
}

/** `y = x + w`, of a literal shape. */
export function addProgram(shape: readonly Dim[] = ['n=5']): Program {
  const elements = elementsOf(shape);
  const inputs = [f32('x', shape, 0), f32('w', shape, 1)];
  return program('add', [], inputs, [f32('y', shape, 2)], [], [elementwise('sum', [0, 1, 2], `${elements}u`, elements, 'b0[i] + b1[i]')]);
}

/** `y[batch, 2] = x[batch, 2] + w[batch, 2]`: one symbolic axis that two inputs share. */
export const addBatch: Program = (() => {
  const shape = ['batch', 'in=2'];
  const inputs = [f32('x', shape, 0), f32('w', shape, 1)];
  const kernel = elementwise('sum', [0, 1, 2], 'size_batch * 2u', elementsOf(shape), 'b0[i] + b1[i]');
  return program('addBatch', ['batch'], inputs, [f32('y', shape, 2)], [], [kernel]);
})();

/** `y = (x + w) * x`: two kernels with a temporary between them. */
export const addThenMultiply: Program = (() => {
  const shape = ['n=6'];
  const inputs = [f32('x', shape, 0), f32('w', shape, 1)];
  const kernels = [elementwise('sum', [0, 1, 3], '6u', 6, 'b0[i] + b1[i]'), elementwise('product', [0, 3, 2], '6u', 6, 'b0[i] * b1[i]')];
  return program('addThenMultiply', [], inputs, [f32('y', shape, 2)], [6], kernels);
})();

/** `y = x + 1` over 280,000 elements: 70,000 workgroups, more than fit one axis. */
export const manyWorkgroups: Program = (() => {
  const shape = ['n=280000'];
  const kernel = elementwise('increment', [0, 1], '280000u', 280000, 'b0[i] + 1.0');
  return program('manyWorkgroups', [], [f32('x', shape, 0)], [f32('y', shape, 1)], [], [kernel]);
})();

/** `w' = w - 0.5 * g`, and a loss of one element: the shape of a training step, with `w` to be donated. */
export const step: Program = (() => {
  const inputs = [f32('w', ['n=6'], 0), f32('g', ['n=6'], 1)];
  const outputs = [f32('w', ['n=6'], 2), f32('loss', [1], 3)];
  const kernels = [elementwise('update', [0, 1, 2], '6u', 6, 'b0[i] - 0.5 * b1[i]'), elementwise('loss', [2, 3], '1u', 1, 'b0[0]')];
  return program('step', [], inputs, outputs, [], kernels);
})();

/** `add`, with a mistake in line 7 of its WGSL. */
export const broken: Program = (() => {
  const good = addProgram();
  const kernels = good.kernels.map((kernel) => ({
    ...kernel,
    variants: kernel.variants.map((variant) => ({ ...variant, wgsl: variant.wgsl.replace('let i = ', 'let i = nonsense + ') })),
  }));
  return { ...good, name: 'broken', kernels };
})();
