/** The bench runs for everybody it measures, and gives no time to a result that is wrong. */
import { expect, test } from 'vitest';
import { openAdapter } from '../bench/adapter.ts';
import { measureRow, summary } from '../bench/measure.ts';
import { openAdjoint } from '../bench/peers/adjoint.ts';
import { openJaxJs } from '../bench/peers/jaxJs.ts';
import type { Peer } from '../bench/peers/peer.ts';
import { openTfjs } from '../bench/peers/tfjs.ts';
import { table, versionOf } from '../bench/report.ts';
import type { Row } from '../bench/rows.ts';

const row: Row = { name: 'tiny', group: 'linear', kind: 'linear', sizes: { row: 8, in: 6, out: 10 } };

test('a row is measured for adjoint, jax-js and tfjs, against the evaluator, and a wrong result is caught', async () => {
  const adapter = await openAdapter({ device: 'software', robustness: true });
  const honest = [
    await openAdjoint(adapter.gpu, '0'),
    await openJaxJs(versionOf('@jax-js/jax')),
    await openTfjs(versionOf('@tensorflow/tfjs-core')),
  ];
  const wrong: Peer = {
    name: 'wrong',
    version: '0',
    async prepare(...args) {
      const prepared = await (honest[0] as Peer).prepare(...args);
      const [y = new Float32Array(), ...rest] = prepared.outputs;
      return { ...prepared, outputs: [y.map((element, index) => (index === 3 ? element + 0.01 : element)), ...rest] };
    },
  };
  const unable: Peer = { name: 'unable', version: '0', prepare: async () => Promise.reject(new Error('no such operation')) };

  const result = await measureRow(row, [...honest, wrong, unable], { rounds: 1 });
  expect(result.reference).toBe('f64 evaluator');
  for (const name of ['adjoint', 'jax-js', 'tfjs']) {
    const entry = result.peers[name];
    if (entry === undefined || 'problem' in entry) throw new Error(`${name}: ${entry?.problem}`);
    expect(entry.best).toBeGreaterThan(0);
    expect(entry.distance).toBeLessThan(1e-5);
  }
  expect(result.peers.wrong).toMatchObject({ problem: expect.stringMatching(/^wrong result: \S+ from the reference, 1e-4 allowed$/) });
  expect(result.peers.unable).toEqual({ problem: 'does not run: no such operation' });

  const versions = Object.fromEntries(honest.map(({ name, version }) => [name, version]));
  expect(table({ rows: [result], versions, peaks: { f32: 10, f16: undefined, copy: 10 } })).toMatch(
    /^\| row \| adjoint ms \| jax-js ms \| tfjs ms \| jax-js \/ adjoint .*\n.*\n\| tiny \| [\d.]+ \/ [\d.]+ \|/,
  );
});

test('the best and the median', () => {
  expect(summary([5, 1, 3])).toEqual({ best: 1, median: 3 });
  expect(summary([4, 1, 2, 3])).toEqual({ best: 1, median: 2.5 });
});
