/** How large a shape is, to compare it with others before its symbols have sizes. */
import { type Dim, sizeOf } from '../../types/dim.ts';
import { evaluateSize, symbolsOf } from '../../types/size.ts';

/** What a symbolic size is taken to be. */
const typical = 256;

export function typicalElements(shape: readonly Dim[]): number {
  return shape.map(sizeOf).reduce<number>((product, size) => {
    const symbols = Object.fromEntries(symbolsOf(size).map((symbol) => [symbol, typical]));
    return product * evaluateSize(size, symbols);
  }, 1);
}
