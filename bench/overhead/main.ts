/**
 * What the runtime itself costs: how often a warm step calls the device, by the count; JavaScript for each dispatch and each step, on a
 * device that does nothing and on the software device with kernels of four elements; and the time from a program's first line to its
 * first numbers. Fails where a count is another than it ought to be.
 *
 * usage: npm run bench:overhead [-- --json] [--counts]   with --counts nothing is timed
 */
import { fileURLToPath } from 'node:url';
import { compilePrograms } from '../../scripts/bundleSize.mjs';
import { compile } from '../../src/codegen/compile.ts';
import * as b from '../../src/graph/build.ts';
import { makeGraph } from '../../src/graph/graph.ts';
import type { Program } from '../../src/program/program.ts';
import { openSession, Session } from '../../src/runtime/session.ts';
import { countLine, differences, openCounter, openOn, type Scenario, scenarios } from './counts.ts';
import { firstResults } from './firstResult.ts';
import { nullDevice } from './nullDevice.ts';

const [few, many] = [1, 101];
const rounds = 7;

/** So many kernels, each after the other, that take over their input's memory. */
function chain(length: number): Program {
  const [x, w] = [b.input('x', [2, 2], 'f32'), b.input('w', [2, 2], 'f32')];
  let y = x;
  for (let i = 0; i < length; i++) y = b.tanh(b.contract(y, w, { left: [1], right: [0] }));
  return compile(makeGraph('chain', [x, w], [y]), { donated: [0] });
}

/** Microseconds a step: the best round, of steps that are each a tick and a submit of their own. */
async function microsecondsAStep(session: Session, program: Program, steps: number): Promise<number> {
  const upload = () => session.upload(new Float32Array(4), [2, 2], [2, 2], 'f32');
  const w = upload();
  let x = upload();
  const step = async (): Promise<void> => {
    x = session.execute(program, [x, w], { donate: [0] })[0] ?? x;
    await null; // the tick ends, and the batch is submitted
  };
  await step();
  await x.data();
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    for (let i = 0; i < steps; i++) await step();
    best = Math.min(best, ((performance.now() - start) * 1000) / steps);
    await x.data();
  }
  return best;
}

async function overheadOf(session: Session, steps: number) {
  const [one, all] = [await microsecondsAStep(session, chain(few), steps), await microsecondsAStep(session, chain(many), steps)];
  const aDispatch = (all - one) / (many - few);
  session.close();
  return { aStep: one - few * aDispatch, aDispatch };
}

/** Microseconds each time, of the best round; on the default session. */
async function microsecondsOf({ prepare }: Scenario): Promise<number> {
  const once = prepare();
  const times = 1000;
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    for (let i = 0; i < times; i++) await once();
    best = Math.min(best, ((performance.now() - start) * 1000) / times);
    await new Promise(setImmediate);
  }
  return best;
}

async function timedScenarios(): Promise<Readonly<Record<string, number>>> {
  const session = await openOn(nullDevice());
  const times: Record<string, number> = {};
  for (const scenario of scenarios) times[scenario.name] = await microsecondsOf(scenario);
  session.close();
  return times;
}

const counter = await openCounter();
const counted = [];
for (const scenario of scenarios) counted.push({ scenario, counts: await counter.countsOf(scenario.prepare) });
await counter.close();
const wrong = counted.flatMap(({ scenario, counts }) => differences(scenario, counts));

const [asJson, countsOnly] = ['--json', '--counts'].map((flag) => process.argv.includes(flag));
if (!countsOnly) compilePrograms();
const report = {
  node: process.version,
  counts: Object.fromEntries(counted.map(({ scenario, counts }) => [scenario.name, counts])),
  wrong,
  ...(countsOnly
    ? {}
    : {
        microseconds: {
          'a device that does nothing': await overheadOf(new Session(nullDevice()), 2000),
          'the software device': await overheadOf(await openSession({ device: 'software' }), 100),
        },
        scenarios: await timedScenarios(),
        milliseconds: await firstResults(fileURLToPath(new URL('../..', import.meta.url))),
      }),
};

if (asJson) console.log(JSON.stringify(report, undefined, 2));
else {
  for (const { scenario, counts } of counted) console.log(countLine(scenario, counts));
  for (const [device, { aStep, aDispatch }] of Object.entries(report.microseconds ?? {})) {
    console.log(`${device}: ${aStep.toFixed(1)} µs a step, ${aDispatch.toFixed(2)} µs a dispatch, until it is submitted`);
  }
  for (const [name, microseconds] of Object.entries(report.scenarios ?? {})) {
    console.log(`${name}, from the call to the submit on a device that does nothing: ${microseconds.toFixed(1)} µs`);
  }
  for (const state of ['cold', 'warm'] as const) {
    for (const program of new Set(report.milliseconds?.map((one) => one.program))) {
      const runs = report.milliseconds?.filter((one) => one.program === program && one.state === state) ?? [];
      const best = (of: 'import' | 'first' | 'second') => Math.min(...runs.map((one) => one[of])).toFixed(0);
      console.log(
        `${program}, ${state}: imported after ${best('import')} ms, first result after ${best('first')} ms, the next in ${best('second')} ms`,
      );
    }
  }
}
for (const line of wrong) console.error(line);
process.exitCode = wrong.length === 0 ? 0 : 1;
