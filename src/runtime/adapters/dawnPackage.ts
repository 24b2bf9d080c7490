/** The version of the npm package `webgpu`, by modules of Node that the caller brings: a browser has none. */

interface Modules {
  createRequire(from: string): { resolve(name: string): string };
  readFileSync(path: string, encoding: 'utf8'): string;
}

/** Undefined if it is not installed. */
export function installedDawn({ createRequire, readFileSync }: Modules): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve('webgpu');
    const manifest: { readonly version: string } = JSON.parse(readFileSync(entry.replace(/[^\\/]*$/, 'package.json'), 'utf8'));
    return manifest.version;
  } catch {
    return undefined;
  }
}
