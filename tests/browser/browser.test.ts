/**
 * A compiled layer in a browser: the example's page, built by Vite, served from localhost, opened by a headless Chromium with WebGPU on
 * SwiftShader. What it computes is what Node computes; what it downloads holds no compiler and nothing of Node.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { init } from 'adjoint/runtime';
import { build as bundle } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { build, type PreviewServer, preview, type Rolldown } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { largerLayer, workedExample } from '../../examples/browser/compute.ts';
import { build as buildModules } from '../../src/codegen/build.ts';
import { expected } from '../fixtures/workedExample.ts';
import { launchChromium } from './chromium.ts';
import { compute } from './recurrent/compute.ts';

const root = resolve(import.meta.dirname, '../..');
const configFile = join(root, 'examples/browser/vite.config.ts');
const outDir = mkdtempSync(join(tmpdir(), 'adjoint-browser-'));

const complaints: string[] = [];
let chunks: readonly Rolldown.OutputChunk[];
let server: PreviewServer;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  const onwarn = ({ message }: Rolldown.RolldownLog) => complaints.push(`vite: ${message}`);
  const built = await build({ configFile, logLevel: 'silent', build: { outDir, emptyOutDir: true, rolldownOptions: { onwarn } } });
  chunks = (built as Rolldown.RolldownOutput).output.filter((file) => file.type === 'chunk');
  server = await preview({ configFile, logLevel: 'silent', build: { outDir }, preview: { host: '127.0.0.1', port: 0 } });
  browser = await launchChromium();
  page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`page: ${error.message}`));
  page.on('requestfailed', (request) => complaints.push(`request: ${request.url()}`));
  await page.goto(server.resolvedUrls?.local[0] ?? 'about:blank');
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(outDir, { recursive: true, force: true });
});

/** What the page computed, its arrays as plain numbers. */
const onThePage = () =>
  page.evaluate(async () => {
    // seam: the page's global, which only the page's types know
    const { worked, elements } = await (globalThis as unknown as { computed: Promise<Computed> }).computed;
    return { worked, elements: Object.fromEntries(Object.entries(elements).map(([name, values]) => [name, Array.from(values)])) };
  });

interface Computed {
  readonly worked: Awaited<ReturnType<typeof workedExample>>;
  readonly elements: Awaited<ReturnType<typeof largerLayer>>['elements'];
}

test('the page computes what Node computes, to the last bit', async () => {
  const { worked, elements } = await onThePage();
  expect(worked).toEqual(expected);
  await init({ device: 'software' });
  expect(worked).toEqual(await workedExample());
  const node = await largerLayer();
  expect(Object.keys(elements)).toEqual(['Y', 'dX', 'dW', 'db']);
  for (const [name, values] of Object.entries(node.elements)) expect(elements[name], name).toEqual(Array.from(values));
});

test('it says on what, and shows the result', async () => {
  await onThePage();
  const text = await page.locator('#output').textContent();
  expect(text).toContain('swiftshader');
  expect(text).toContain('dX = [[3,2],[3,2],[3,2]]');
  expect(text).toMatch(/forward and backward in \d+\.\d ms/);
});

test('the page downloads the runtime and the compiled module: no compiler, nothing of Node', () => {
  const helpers = /^\0|^__vite-browser-external$/; // of the bundler, the second for what package.json leaves out of browsers
  const modules = chunks.flatMap(({ moduleIds }) => moduleIds.filter((id) => !helpers.test(id)).map((id) => relative(root, id)));
  expect(modules).toContain('examples/linear/linear.adjoint.ts');
  expect(modules).toContain('src/runtime/adapters/browser.ts');
  expect(modules.filter((id) => !/^(src\/(runtime|program|types)\/|src\/runtime\.ts$|examples\/)/.test(id))).toEqual([]);
  expect(modules.filter((id) => /adapters\/(node|software|dawn)/.test(id))).toEqual([]);
});

test('neither the build nor the page complains; one line says that there is no GPU', async () => {
  await onThePage();
  expect(complaints).toEqual(['warning: adjoint: no GPU found, running on the software device (SwiftShader)']);
});

test.each([
  ['a browser without WebGPU', '', 'this environment has no WebGPU'],
  ['a wish for a GPU where there is none', '?device=gpu', "'google swiftshader' is not a gpu device"],
])('%s is told what is missing', async (_, search, reason) => {
  const other = await browser.newPage();
  if (search === '') await other.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'gpu'));
  other.setDefaultTimeout(60_000);
  await other.goto(`${server.resolvedUrls?.local[0]}${search}`);
  const text = await other.locator('#output').filter({ hasText: 'DeviceUnavailableError' }).textContent();
  expect(text).toContain(reason);
  expect(text).toContain('use a browser with WebGPU');
});

test('a loop: an LSTM built ahead of time, forward and backward, computes what it does under Node, to the last bit', async () => {
  const folder = join(import.meta.dirname, 'recurrent');
  expect(await buildModules(['layers.ts'], { cwd: folder })).toMatchObject({ ok: true });
  const { outputFiles } = await bundle({
    stdin: {
      contents: `import { recurrent } from './layers.adjoint.ts';
import { compute } from './compute.ts';
globalThis.recurrent = compute(recurrent);`,
      resolveDir: folder,
    },
    conditions: ['adjoint-source'],
    platform: 'browser',
    format: 'esm',
    bundle: true,
    write: false,
  });
  const [{ text } = expect.fail('nothing was bundled')] = outputFiles;
  expect(text).toMatch(/times: 6\b/); // the module holds a loop
  await onThePage();
  await page.addScriptTag({ content: text, type: 'module' });
  await page.waitForFunction(() => 'recurrent' in globalThis);
  // seam: the page's global, which only the page's types know
  const there = await page.evaluate(() => (globalThis as unknown as { recurrent: ReturnType<typeof compute> }).recurrent);

  await init({ device: 'software' });
  const { recurrent } = await import(join(folder, 'layers.adjoint.ts'));
  const here = await compute(recurrent);
  expect(Object.keys(here)).toEqual(['y', 'h', 'c', 'dx', 'dpx', 'dph', 'dpb', 'dh', 'dc']);
  for (const [name, values] of Object.entries(here)) expect(there[name], name).toEqual(values);
  expect(new Set(here.dph).size).toBeGreaterThan(100); // of 196: no gradient is lost
});
