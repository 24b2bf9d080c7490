/**
 * The software device: SwiftShader's Vulkan driver and loader, as the npm package `@sparticuz/chromium` ships them. No system package.
 *
 * Invariant: a folder under the final name is complete, because it is renamed into place whole; two processes may race, one of them wins
 * and the other takes the winner's. The driver's files stay on disk, since Dawn opens them for every instance.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants, homedir, tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { cacheFolders } from './cacheFolders.ts';
import { withDriver } from './driverVariables.ts';
import { readTar } from './tar.ts';

const loaderFile = 'libvulkan.so.1';
const manifestFile = 'vk_swiftshader_icd.json';
const driverFiles = [loaderFile, 'libvk_swiftshader.so', manifestFile] as const;
const sizesFile = 'sizes.json';

interface Unusable {
  readonly usable: false;
  readonly reason: string;
}

interface SoftwareDriver {
  readonly usable: true;
  readonly folder: string;
  /** Runs `find` while the environment names this driver, then restores it: a later instance sees the system's drivers again. */
  during<Result>(find: () => Promise<Result>): Promise<Result>;
}

/** The package's folder and version, looked for from the project's folder first, then from our own. */
function findPackage(): { readonly root: string; readonly version: string } | undefined {
  for (const from of [join(process.cwd(), 'package.json'), import.meta.url]) {
    try {
      // The package exports no package.json, so walk up from its entry, past the nameless ones that only say `type`.
      for (let root = dirname(createRequire(from).resolve('@sparticuz/chromium')); dirname(root) !== root; root = dirname(root)) {
        const file = join(root, 'package.json');
        const { name, version } = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
        if (name === '@sparticuz/chromium') return { root, version };
      }
    } catch {
      // Not installed there.
    }
  }
  return undefined;
}

/** Folder by folder, because Node's recursive `mkdir` never returns where a file system answers ENOENT to its own folders, as /proc does. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process may have been first.
    if (!existsSync(folder)) throw error;
  }
}

/** A folder that only this user can write to: libraries are loaded from it. */
export function cacheFolder(): string {
  for (const folder of cacheFolders({ homedir, tmpdir }, process.env).map((one) => normalize(one))) {
    try {
      makeFolder(folder);
      if (statSync(folder).uid === (process.getuid?.() ?? 0)) {
        rmSync(mkdtempSync(join(folder, 'probe-')), { recursive: true });
        return folder;
      }
    } catch {
      // Not writable: try the next.
    }
  }
  return mkdtempSync(join(tmpdir(), 'adjoint-'));
}

function isComplete(folder: string): boolean {
  try {
    const sizes = JSON.parse(readFileSync(join(folder, sizesFile), 'utf8'));
    return driverFiles.every((file) => statSync(join(folder, file)).size === sizes[file]);
  } catch {
    return false;
  }
}

/** Unpacks `archive` into `<parent>/<name>` unless it is there already; returns that folder. */
export function unpackOnce(archive: string, parent: string, name: string): string {
  const folder = join(parent, name);
  if (isComplete(folder)) return folder;
  const files = readTar(brotliDecompressSync(readFileSync(archive)));
  const missing = driverFiles.find((file) => !files.has(file));
  if (missing) throw new Error(`the archive ${archive} has no ${missing}`);
  const fresh = mkdtempSync(join(parent, `${name}-`));
  const sizes: Record<string, number> = {};
  for (const file of driverFiles) {
    const bytes = files.get(file) ?? Buffer.alloc(0);
    writeFileSync(join(fresh, file), bytes, { mode: 0o700 });
    sizes[file] = bytes.length;
  }
  writeFileSync(join(fresh, sizesFile), JSON.stringify(sizes));
  try {
    if (existsSync(folder) && !isComplete(folder)) renameSync(folder, `${fresh}-damaged`);
    renameSync(fresh, folder);
  } catch {
    // Another process was first.
  }
  if (!isComplete(folder)) return fresh;
  rmSync(fresh, { recursive: true, force: true });
  rmSync(`${fresh}-damaged`, { recursive: true, force: true });
  return folder;
}

/** Opens the bundled Vulkan loader, so that Dawn, which opens `libvulkan.so.1` by name, finds it in memory. */
function openLoader(folder: string): void {
  // Node closes a library that registers no addon; RTLD_NODELETE keeps it loaded.
  const RTLD_NODELETE = 0x1000;
  try {
    process.dlopen({ exports: {} }, join(folder, loaderFile), constants.dlopen.RTLD_NOW | constants.dlopen.RTLD_GLOBAL | RTLD_NODELETE);
  } catch (error) {
    if (!String(error).includes('did not self-register')) throw error;
  }
}

export async function prepareSoftwareDriver(): Promise<SoftwareDriver | Unusable> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { usable: false, reason: `it holds a driver for linux-x64 only, this is ${process.platform}-${process.arch}` };
  }
  const installed = findPackage();
  if (!installed) return { usable: false, reason: 'it is not installed' };
  const archive = join(installed.root, 'bin', 'swiftshader.tar.br');
  if (!existsSync(archive)) return { usable: false, reason: `its version ${installed.version} has no bin/swiftshader.tar.br` };
  try {
    const folder = unpackOnce(archive, cacheFolder(), `swiftshader-${installed.version}`);
    openLoader(folder);
    const during = async <Result>(find: () => Promise<Result>): Promise<Result> =>
      withDriver(process.env, join(folder, manifestFile), find);
    return { usable: true, folder, during };
  } catch (error) {
    return { usable: false, reason: `its driver does not load: ${error instanceof Error ? error.message : error}` };
  }
}
