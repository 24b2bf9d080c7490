/** The types refuse what they refused before, every survivor has its reason, and the measure bites. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { corpus } from './corpus.ts';
import { type Judgement, judge } from './judge.ts';
import { type Reason, report, type Scores, scoreOf } from './report.ts';

const read = (name: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, name), 'utf8'));
const recorded = read('score.json') as Scores;

/** A part that is quick: `npm run mutants` does all. */
const part = corpus.filter(
  ({ file }) =>
    file in recorded &&
    !/optimizers|mnist|perceptron|lowRank|recurrent|batchNorm|layerParameters|initialisers|nn\/attention|rotary/.test(file),
);

it('finds every mutant of the layers refused, equivalent or explained', { timeout: 600_000 }, async () => {
  const judgement = await judge(part);
  const { complaints } = report(judgement, read('survivors.json') as readonly Reason[], recorded);
  expect(complaints).toEqual([]);
  expect(judgement.verdicts.length).toBeGreaterThan(400);
  expect(judgement.fixes.length).toBeGreaterThan(50);
});

const square = (file: string): Promise<Judgement> =>
  judge([
    {
      file: `tests/mutants/fixtures/${file}.ts`,
      calls: [
        {
          name: 'linear',
          given: [
            ['n=2', 'in=2'],
            ['in=2', 'out=2'],
          ],
        },
      ],
    },
  ]);

it('tells names from equal anonymous sizes: without names, dropped transposes and swapped gradients survive', async () => {
  const [named, anonymous] = [await square('named'), await square('anonymous')];
  const alive = ({ verdicts }: Judgement, kind: string) =>
    verdicts.filter(({ is, mutant }) => is === 'alive' && mutant.kind === kind).length;
  for (const kind of ['transpose dropped', 'transpose added', 'operands swapped', 'entries swapped', 'other saved tensor']) {
    expect([kind, alive(named, kind)]).toEqual([kind, 0]);
    expect([kind, alive(anonymous, kind) > 0]).toEqual([kind, true]);
  }
  expect(scoreOf(named.verdicts).share).toBe(1);
  expect(scoreOf(anonymous.verdicts).share).toBeLessThan(0.7);

  // What the report makes of it: a survivor without a reason, a reason without a survivor, and a share that fell.
  const stale: Reason = { file: 'tests/mutants/fixtures/anonymous.ts', reason: 'None.', mutations: ['w.T -> w'] };
  const unexplained = {
    passedOver: [],
    verdicts: anonymous.verdicts.map((verdict) => ({ ...verdict, mutant: { ...verdict.mutant, isSameType: false } })),
    fixes: [],
  };
  const best = { refused: 1, mutants: 1, share: 1, tellable: 1 };
  const complaints = report(unexplained, [stale], { 'tests/mutants/fixtures/anonymous.ts': best }).complaints.join('\n');
  expect(complaints).toContain('no reason for tests/mutants/fixtures/anonymous.ts:6: transpose dropped: w.T -> w in dy.matmul(w.T)');
  expect(complaints).toContain('a reason that nothing needs: tests/mutants/fixtures/anonymous.ts: w.T -> w');
  expect(complaints).toContain('tests/mutants/fixtures/anonymous.ts: the share refused fell from 1');
  expect(report(unexplained, [], {}).complaints.join('\n')).toContain('tests/mutants/fixtures/anonymous.ts has no recorded score');
});
