/**
 * Reads a tar archive of regular files, in memory. Enough for the one archive we open, so that a bare machine needs neither the `tar`
 * program nor another package. Source: POSIX ustar, 512-byte headers, name at 0, size in octal at 124, type at 156.
 */
export function readTar(archive: Buffer): ReadonlyMap<string, Buffer> {
  const text = (from: number, length: number) => archive.toString('utf8', from, from + length).replace(/\0[\s\S]*$/, '');
  const files = new Map<string, Buffer>();
  for (let at = 0; at + 512 <= archive.length; ) {
    const name = text(at, 100);
    if (name === '') break;
    const size = Number.parseInt(text(at + 124, 12), 8);
    const end = at + 512 + size;
    if (!Number.isFinite(size) || end > archive.length) throw new RangeError(`tar: '${name}' is cut short`);
    const type = text(at + 156, 1);
    if (type === '0' || type === '') files.set(name.replace(/^\.\//, ''), archive.subarray(at + 512, end));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}
