/** The installed version of the npm package `webgpu`, for the doctor. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export async function dawnVersion(): Promise<string> {
  try {
    const entry = createRequire(import.meta.url).resolve('webgpu');
    return JSON.parse(readFileSync(join(dirname(entry), 'package.json'), 'utf8')).version;
  } catch {
    return 'not installed (run: npm i webgpu)';
  }
}
