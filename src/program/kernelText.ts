/**
 * A kernel's text as it is stored, and as the device compiles it. Register tiles are hundreds of lines that differ in numbers:
 * stored, they are one line, `repeat i=8 j=4: s{i}_{j} += a{i} * b{j};`, the last variable running fastest. And the line
 * `symbolsMarker` becomes the sizes of symbolic axes.
 */
import { symbolConstant, symbolsMarker } from './program.ts';

/** A stored line that stands for one line for each combination of its variables, each of which runs from 0. */
export function repeat(loops: string, line: string): string {
  return `repeat ${loops}: ${line}`;
}

export function expandKernel(stored: string, symbols: Readonly<Record<string, number>>): string {
  const constants = Object.entries(symbols).map(([symbol, size]) => `const ${symbolConstant(symbol)}: u32 = ${size}u;`);
  return stored
    .replace(symbolsMarker, () => constants.join('\n'))
    .replace(/^( *)repeat ((?:[a-z]=\d+ ?)+): (.*)$/gm, (_, space: string, loops: string, line: string) =>
      loops
        .split(' ')
        .reduce(
          (lines: readonly string[], loop) => {
            const [name = '', count = '0'] = loop.split('=');
            return lines.flatMap((one) => Array.from({ length: Number(count) }, (_, i) => one.replaceAll(`{${name}}`, `${i}`)));
          },
          [space + line],
        )
        .join('\n'),
    );
}
