/** Trains the model on the MNIST digits and prints its accuracy on digits it has not seen. */
import { init, jit, tensor, zerosLike } from 'adjoint';
import { SingleBar } from 'cli-progress';
import { batchOf, classCount, type Digits, readDigits } from './digits.ts';
import { initialise, scores, trainStep } from './model.ts';
import { shuffled } from './shuffled.ts';

const epochs = 3;
const batchSize = 64;
const reportEvery = 50;

const device = await init();
const [train, test] = await Promise.all([readDigits('train'), readDigits('t10k')]);
console.log(`${train.count} digits to train on, ${test.count} to test on; ${device.description}`);

const step = jit(trainStep, { name: 'train step', donate: [0, 1] });
const classify = jit(scores<'image'>, { name: 'classify' });

let p = initialise(1);
let state = { velocity: zerosLike(p) };
const stepsPerEpoch = Math.floor(train.count / batchSize);
const bar = new SingleBar({
  format: '{bar} {value}/{total} steps | loss {loss} | {speed} images/s | {eta_formatted} left',
  noTTYOutput: true,
  notTTYSchedule: 10_000,
});
bar.start(epochs * stepsPerEpoch, 0, { loss: '-', speed: '-' });
const start = performance.now();

for (let done = 0; done < epochs * stepsPerEpoch; ) {
  const order = shuffled(train.count, done);
  for (let at = 0; at + batchSize <= train.count; at += batchSize) {
    const { pixels, oneHot } = batchOf(train, order.subarray(at, at + batchSize));
    const result = step(p, state, tensor(pixels, ['batch=64', 'pixel=784']), tensor(oneHot, ['batch=64', 'class=10']));
    ({ p, state } = result);
    done += 1;
    if (done % reportEvery === 0) {
      const loss = await result.loss.item();
      const speed = (done * batchSize) / ((performance.now() - start) / 1000);
      bar.update(done, { loss: loss.toFixed(3), speed: speed.toFixed(0) });
    }
  }
}
bar.stop();

console.log(`test accuracy ${(await accuracy(test)).toFixed(4)} after ${((performance.now() - start) / 1000).toFixed(0)} s`);

async function accuracy(digits: Digits): Promise<number> {
  const results = await classify(p, tensor(digits.pixels, ['image', 'pixel=784'])).data();
  let right = 0;
  for (let image = 0; image < digits.count; image++) {
    const row = results.subarray(image * classCount, (image + 1) * classCount);
    if (row.indexOf(Math.max(...row)) === digits.labels[image]) right += 1;
  }
  return right / digits.count;
}
