#!/usr/bin/env node
/**
 * The command. In a checkout, where src is, it runs from there without a build; an installed package has dist only.
 */
import { existsSync } from 'node:fs';

const source = new URL('../src/cli/main.ts', import.meta.url);
const isCheckout = existsSync(source);
if (isCheckout) (await import('tsx/esm/api')).register({ tsconfig: false });
const { main } = await import(isCheckout ? source.href : new URL('../dist/cli/main.js', import.meta.url).href);
process.exitCode = await main(process.argv.slice(2));
