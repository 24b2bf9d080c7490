/** Fits a line through noise by the normal equations and by gradient descent, prints both, and draws how the second nears the first. */
import { init, jit, zeros } from 'adjoint';
import { writeLineChart } from '../plots/lineChart.ts';
import { makeRows, truth } from './data.ts';
import { descend, type Rows, solve, type Targets, type Weights } from './model.ts';

const { description } = await init();
const { x, y } = makeRows(1);
const step = jit((rows: Rows, targets: Targets, w: Weights) => descend(rows, targets, w, 0.1), { name: 'gradient descent' });

const exact = await solve(x, y, zeros(['feature=4'])).array();
const show = (weights: readonly number[]): string => weights.map((weight) => weight.toFixed(4).padStart(8)).join(' ');
console.log(`200 rows of 4 features; ${description}`);
console.log(`the truth          ${show(await truth.array())}`);
console.log(`normal equations   ${show(exact)}`);

let w: Weights = zeros(['feature=4']);
const points: [number, number][] = [];
for (let at = 1; at <= 100; at++) {
  w = step(x, y, w);
  const now = await w.array();
  points.push([at, Math.max(1e-8, Math.hypot(...now.map((weight, feature) => weight - (exact[feature] ?? 0))))]);
  if ([1, 10, 100].includes(at)) console.log(`${`after ${at} steps`.padEnd(18)} ${show(now)}`);
}
const picture = new URL('./leastSquares.svg', import.meta.url).pathname;
await writeLineChart(picture, [{ name: 'gradient descent', points }], {
  title: 'Gradient descent nears the solution of the normal equations',
  x: 'step',
  y: 'distance',
  logarithmic: true,
});
console.log(`the distance between both is drawn in ${picture}`);
