/** Where this package keeps files of its own: the first of these that can be written to. Imports nothing, so that a browser may ask, too. */

interface Places {
  homedir(): string;
  tmpdir(): string;
}

export function cacheFolders({ homedir, tmpdir }: Places, environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const home = environment.XDG_CACHE_HOME || `${homedir()}/.cache`;
  return [`${home}/adjoint`, `${tmpdir()}/adjoint-${globalThis.process?.getuid?.() ?? 'cache'}`];
}
