/** What is written once is still what it was: pieces make the text again, and shared data is the same data. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { literalText } from './literalText.ts';
import { shareData } from './sharedData.ts';
import { shareLines } from './sharedLines.ts';

const line = (letter: string): string => letter.repeat(60);
const textOf = (letters: string): string => [...letters].map(line).join('\n');

describe('lines', () => {
  it('that stand in two texts are one run, the longest there is', () => {
    const { runs, pieces } = shareLines([textOf('abcde'), textOf('xbcdy')]);
    expect(runs).toEqual([textOf('bcd')]);
    expect(pieces.get(textOf('abcde'))).toEqual([line('a'), 0, line('e')]);
    expect(pieces.get(textOf('xbcdy'))).toEqual([line('x'), 0, line('y')]);
  });

  it('of which another text has a part are cut there', () => {
    const { runs, pieces } = shareLines([textOf('abcdef'), textOf('abcdef1'), textOf('2cd3')]);
    expect(runs).toEqual([textOf('ab'), textOf('cd'), textOf('ef')]);
    expect(pieces.get(textOf('2cd3'))).toEqual([line('2'), 1, line('3')]);
  });

  it('that are short stay where they are', () => {
    expect(shareLines(['a\nb\nc', 'a\nb\nd']).runs).toEqual([]);
  });

  it('that are short and stand in many places are a run', () => {
    const [a, b, short] = [line('a'), line('b'), 'c'.repeat(40)];
    const three = [`${a}\n${short}\n${b}`, `${a}\n${short}\n1`, `${short}\n${b}\n2`];
    expect(shareLines(three).runs).not.toContain(short);
    expect(shareLines([...three, `${a}\n${short}\n${b}\n3`]).runs).toEqual([a, short, b]);
  });

  it('make the text again, whatever it is', () => {
    const letters = fc
      .array(fc.constantFrom('a', 'b', 'c', 'd', ''), { minLength: 1, maxLength: 30 })
      .map((all) => all.map(line).join('\n'));
    fc.assert(
      fc.property(fc.array(letters, { minLength: 1, maxLength: 6 }), (texts) => {
        const { runs, pieces } = shareLines(texts);
        for (const text of texts) {
          expect(
            pieces
              .get(text)
              ?.map((piece) => (typeof piece === 'number' ? runs[piece] : piece))
              .join('\n'),
          ).toBe(text);
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

it('data that stands twice is written once, and is what it was', () => {
  const size = (by: number) => ({ op: 'multiply', left: { op: 'ceilDivide', left: 'batch', right: 64 }, right: by });
  const data = { first: [size(2), size(3)], second: { size: size(2), text: 'x' } };
  const { names, shared } = shareData([data], (index) => `shared$${index + 1}`);
  const text = `{ ${shared.map(({ name, value }) => `const ${name} = ${literalText(value)};`).join(' ')} (${literalText(data, { references: names })}) }`;
  expect(text.match(/'multiply'/g)).toHaveLength(2);
  // biome-ignore lint/security/noGlobalEval: the claim is that the text gives the data back
  expect(globalThis.eval(text)).toEqual(data);
});
