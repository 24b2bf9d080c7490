/**
 * A call as it stands in a table, and the benches that it makes: on shapes never met before, and on the same shapes again.
 *
 * Invariant: in its texts `$` stands for what is new in each line, in the names of tensors and of axes.
 */
import type { Bench } from './measure.ts';

export interface Call {
  /** As it is written, with the package's functions under `a`, and those of its layers under `nn`. */
  readonly call: string;
  /** The tensors in it: dims apart by spaces, and a dtype that is not f32 behind a colon; or, in braces, any other type. */
  readonly given: Readonly<Record<string, string>>;
  /** Costs at most 30: the common operations. */
  readonly common?: true;
}

/** `call("x$.sum('n$')", { x: 'n$=3 in$=2' })` */
export const call = (call: string, given: Call['given'], rest: Pick<Call, 'common'> = {}): Call => ({ call, given, ...rest });

/** A call of a common operation. */
export const common = (text: string, given: Call['given']): Call => call(text, given, { common: true });

function typeOf(text: string): string {
  if (text.startsWith('{')) return text.slice(1, -1).replaceAll(/\b(?=Tensor<|Parameter<)/g, 'a.');
  const [dims = '', dtype] = text.split(':');
  const shape = dims
    .split(' ')
    .filter((dim) => dim !== '')
    .map((dim) => (/^\d+$/.test(dim) ? dim : `'${dim}'`));
  return `a.Tensor<[${shape.join(', ')}]${dtype === undefined ? '' : `, '${dtype}'`}>`;
}

/** One bench of a call. `unlike` makes its shapes differ from every other bench's. */
export function benchOf({ call, given }: Call, unlike: string, shapes: 'fresh' | 'repeated'): Bench {
  const numbered = (text: string, at: number): string => text.replaceAll('$', shapes === 'fresh' ? `${unlike}x${at}` : unlike);
  const declarations = Object.entries(given)
    .map(([name, text]) => `export declare const ${name}$: ${typeOf(text)};`)
    .join('\n');
  return {
    given: (at) => (shapes === 'fresh' || at === 0 ? numbered(declarations, at) : ''),
    line: (at) => `export const y_${at} = ${numbered(call, at)};`,
  };
}

/** How a call is shown: `x.matmul(w)`, `x: [n=3, in=2], w: [in=2, out=5]`. */
export function shown({ call, given }: Call): { readonly call: string; readonly given: string } {
  const plain = (text: string): string => text.replaceAll('$', '').replace(/\b(?:a|nn)\./g, '');
  const operands = Object.entries(given).map(([name, text]) => {
    if (text.startsWith('{')) return `${name}: ${plain(text.slice(1, -1))}`;
    const [dims = '', dtype = ''] = text.split(':');
    return `${name}: ${dtype}[${plain(dims).split(' ').join(', ')}]`;
  });
  return { call: plain(call), given: operands.join('; ') };
}
