/** The page: computes on the browser's WebGPU and writes what came out, or why nothing did. */
import { init } from 'adjoint/runtime';
import { largerLayer, workedExample } from './compute.ts';

const output = document.querySelector('#output');
const show = (text: string) => output?.append(`${text}\n`);

async function compute() {
  const wish = new URLSearchParams(location.search).get('device'); // ?device=gpu
  const { description } = await init(wish === 'gpu' || wish === 'software' ? { device: wish } : {});
  show(`device: ${description}\n`);
  const worked = await workedExample();
  for (const [name, rows] of Object.entries(worked)) show(`${name.padEnd(2)} = ${JSON.stringify(rows)}`);
  const { elements, milliseconds } = await largerLayer();
  show(`\n257 inputs, 65 outputs, a batch of 129: forward and backward in ${milliseconds.toFixed(1)} ms, readback included`);
  return { worked, elements };
}

/** For the console, and for the test: a promise of everything that was computed. */
const computed = compute();
Object.assign(globalThis, { computed });
computed.catch((error: unknown) => show(String(error)));
