/**
 * A Chromium with WebGPU on a machine that has none: unpacked from the npm package `@sparticuz/chromium`, whose libraries and fonts stand
 * in where the system lacks them. No system package, no download beyond npm.
 *
 * Invariant: the folder under its final name is complete, because it is renamed into place whole.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';
import { readTar } from '../../src/runtime/adapters/tar.ts';

/** The package's `bin`, found from its entry, which lies in `build/<format>`. */
const archives = resolve(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '../../bin');
const cache = resolve(import.meta.dirname, '../../node_modules/.cache/adjoint');

const unpacked = (file: string): Buffer => brotliDecompressSync(readFileSync(join(archives, file)));

/** The folder with `chromium`, its drivers, `lib` and fonts. */
function unpackChromium(): string {
  const version = JSON.parse(readFileSync(join(archives, '../package.json'), 'utf8')).version;
  const folder = join(cache, `chromium-${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(`${folder}-`);
  const write = (file: string, bytes: Buffer | string) => {
    mkdirSync(dirname(join(fresh, file)), { recursive: true });
    writeFileSync(join(fresh, file), bytes, { mode: 0o700 });
  };
  write('chromium', unpacked('chromium.br'));
  for (const archive of ['swiftshader.tar.br', 'al2023.tar.br', 'fonts.tar.br']) {
    for (const [file, bytes] of readTar(unpacked(archive))) write(file, bytes);
  }
  // The package's own file names folders of the service it was made for.
  write('fonts.conf', `<fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>\n`);
  try {
    renameSync(fresh, folder);
  } catch {
    // Another process was first.
    rmSync(fresh, { recursive: true, force: true });
  }
  return folder;
}

/** Chromium on SwiftShader, headless. Its own libraries come last: those of the system fit the system better. */
export async function launchChromium(): Promise<Browser> {
  const folder = unpackChromium();
  const libraries = [process.env.LD_LIBRARY_PATH, '/lib/x86_64-linux-gnu', '/usr/lib64', join(folder, 'lib')].filter(Boolean).join(':');
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: ['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
    env: { ...process.env, LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: join(folder, 'fonts.conf') },
  });
}
