/** Text from the model, a character at a time. */
import { jit, tensor } from 'adjoint';
import { context, type Model, scores, type Text } from './model.ts';
import { decode, encode } from './text.ts';

export const lastScores = jit((p: Model, text: Text) => scores(p, text).slice('t', 63, 64), { name: 'sample' });

export interface SampleOptions {
  readonly length: number;
  /** Below 1 the likely becomes likelier. */
  readonly temperature: number;
  /** Numbers from 0 to 1, one a character. */
  readonly random: () => number;
}

/** Continues `start`. */
export async function sample(p: Model, start: string, { length, temperature, random }: SampleOptions): Promise<string> {
  const text = [...encode(start.padStart(context, '\n'))];
  for (let made = 0; made < length; made++) {
    const window = Int32Array.from(text.slice(-context));
    const likely = await lastScores(p, tensor(window, ['batch', 't=64'])).data();
    text.push(draw(likely, temperature, random()));
  }
  return decode(text.slice(context - start.length));
}

/** The index whose share of the powers of the scores holds the place `at`. */
export function draw(scored: Float32Array, temperature: number, at: number): number {
  const highest = Math.max(...scored);
  const powers = [...scored].map((score) => Math.exp((score - highest) / temperature));
  let left = at * powers.reduce((sum, power) => sum + power, 0);
  const found = powers.findIndex((power) => {
    left -= power;
    return left < 0;
  });
  return found < 0 ? powers.length - 1 : found;
}
