/** The installed version of the npm package `webgpu`, for the doctor. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { installedDawn } from './dawnPackage.ts';

export async function dawnVersion(): Promise<string> {
  return installedDawn({ createRequire, readFileSync }) ?? 'not installed (run: npm i webgpu)';
}
