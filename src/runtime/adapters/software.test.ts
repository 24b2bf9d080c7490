import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cacheFolder, unpackOnce } from './software.ts';
import { readTar } from './tar.ts';

const files = ['libvulkan.so.1', 'libvk_swiftshader.so', 'vk_swiftshader_icd.json'];

/** An archive of regular files, as `tar` writes it. */
function tar(entries: Readonly<Record<string, string>>): Buffer {
  const blocks = Object.entries(entries).flatMap(([name, content]) => {
    const header = Buffer.alloc(512);
    header.write(name);
    header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('0', 156);
    return [header, Buffer.concat([Buffer.from(content), Buffer.alloc((512 - (content.length % 512)) % 512)])];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

let folder: string;
let archive: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'adjoint-test-'));
  archive = join(folder, 'driver.tar.br');
  writeFileSync(
    archive,
    brotliCompressSync(tar({ ...Object.fromEntries(files.map((file) => [file, `content of ${file}`])), 'other.so': 'not wanted' })),
  );
  mkdirSync(join(folder, 'cache'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const cache = () => join(folder, 'cache');

it('reads an archive', () => {
  const read = readTar(tar({ a: 'x'.repeat(600), b: '' }));
  expect([...read.keys()]).toEqual(['a', 'b']);
  expect(read.get('a')?.toString()).toBe('x'.repeat(600));
});

it('refuses an archive that is cut short', () => {
  expect(() => readTar(tar({ a: 'x'.repeat(600) }).subarray(0, 1000))).toThrow("tar: 'a' is cut short");
});

it('unpacks what is needed, once', () => {
  const target = unpackOnce(archive, cache(), 'driver-1');
  expect(target).toBe(join(cache(), 'driver-1'));
  expect(readdirSync(target).sort()).toEqual([...files, 'sizes.json'].sort());
  rmSync(archive);
  expect(unpackOnce(archive, cache(), 'driver-1')).toBe(target);
});

it('replaces a folder that is not complete, and leaves nothing else behind', () => {
  const target = unpackOnce(archive, cache(), 'driver-1');
  writeFileSync(join(target, 'libvulkan.so.1'), 'cut');
  expect(unpackOnce(archive, cache(), 'driver-1')).toBe(target);
  expect(readFileSync(join(target, 'libvulkan.so.1'), 'utf8')).toBe('content of libvulkan.so.1');
  expect(readdirSync(cache())).toEqual(['driver-1']);
});

it("keeps drivers in the user's cache, or in a folder of their own where that cannot be written", () => {
  const before = process.env.XDG_CACHE_HOME;
  process.env.XDG_CACHE_HOME = join(folder, 'home');
  expect(cacheFolder()).toBe(join(folder, 'home', 'adjoint'));
  process.env.XDG_CACHE_HOME = archive;
  expect(cacheFolder()).toMatch(/adjoint-\w+$/);
  if (before === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = before;
});

it('says which file an archive lacks, and leaves nothing behind', () => {
  writeFileSync(archive, brotliCompressSync(tar({ 'libvulkan.so.1': 'only this' })));
  expect(() => unpackOnce(archive, cache(), 'driver-1')).toThrow('has no libvk_swiftshader.so');
  expect(readdirSync(cache())).toEqual([]);
});
