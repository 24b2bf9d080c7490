/** Trains one of the models on the MNIST digits, prints its accuracy on digits it has not seen, and draws the loss. */
import { init, type NamedParameters, tensor } from 'adjoint';
import { SingleBar } from 'cli-progress';
import { writeLineChart } from '../plots/lineChart.ts';
import { type Classifier, makeClassifier } from './classifier.ts';
import * as convolutional from './convolutional.ts';
import { batchOf, classCount, type Digits, readDigits } from './digits.ts';
import * as perceptron from './perceptron.ts';
import { shuffled } from './shuffled.ts';

const batchSize = 100;
const reportEvery = 50;
const epochs = { perceptron: 4, convolutional: 3 } as const;

const name = process.argv[2] ?? 'perceptron';
if (name !== 'perceptron' && name !== 'convolutional') {
  console.error(`mnist: there is no model '${name}' (take perceptron or convolutional)`);
  process.exit(2);
}

const device = await init();
const [train, test] = await Promise.all([readDigits('train'), readDigits('t10k')]);
console.log(`${name}: ${train.count} digits to train on, ${test.count} to test on; ${device.description}`);

const stepsPerEpoch = Math.floor(train.count / batchSize);
const steps = epochs[name] * stepsPerEpoch;
const { losses, accuracy, seconds } =
  name === 'perceptron' ? await run(makeClassifier(perceptron, steps)) : await run(makeClassifier(convolutional, steps));
console.log(`test accuracy ${accuracy.toFixed(4)} after ${seconds.toFixed(0)} s`);
const picture = new URL(`./${name}.svg`, import.meta.url).pathname;
await writeLineChart(picture, [{ name, points: losses }], { title: `MNIST, ${name}`, x: 'step', y: 'loss', logarithmic: true });
console.log(`the loss is drawn in ${picture}`);

interface Run {
  readonly losses: readonly (readonly [step: number, loss: number])[];
  readonly accuracy: number;
  readonly seconds: number;
}

async function run<P extends NamedParameters<P>>({ start, step, classify }: Classifier<P>): Promise<Run> {
  let { parameters, state } = start(1);
  const losses: [number, number][] = [];
  const bar = new SingleBar({
    format: '{bar} {value}/{total} steps | loss {loss} | {speed} images/s | {eta_formatted} left',
    noTTYOutput: true,
    notTTYSchedule: 10_000,
  });
  bar.start(steps, 0, { loss: '-', speed: '-' });
  const begin = performance.now();
  for (let done = 0; done < steps; ) {
    const order = shuffled(train.count, done);
    for (let at = 0; at + batchSize <= train.count; at += batchSize) {
      const { pixels, labels } = batchOf(train, order.subarray(at, at + batchSize));
      const result = step(parameters, state, tensor(pixels, ['batch=100', 'pixel=784']), tensor(labels, ['batch=100']));
      ({ parameters, state } = result);
      done += 1;
      if (done % reportEvery === 0) {
        const loss = await result.loss.item();
        losses.push([done, loss]);
        const speed = (done * batchSize) / ((performance.now() - begin) / 1000);
        bar.update(done, { loss: loss.toFixed(3), speed: speed.toFixed(0) });
      }
    }
  }
  bar.stop();
  const scores = await classify(parameters, tensor(test.pixels, ['image', 'pixel=784'])).data();
  return { losses, accuracy: accuracyOf(scores, test), seconds: (performance.now() - begin) / 1000 };
}

function accuracyOf(scores: Float32Array, { count, labels }: Digits): number {
  let right = 0;
  for (let image = 0; image < count; image++) {
    const row = scores.subarray(image * classCount, (image + 1) * classCount);
    if (row.indexOf(Math.max(...row)) === labels[image]) right += 1;
  }
  return right / count;
}
