/** How a sibling is imported in a project: `./linear.ts` where that is allowed, else `./linear.js`. */
import type { CompilerOptions } from 'ts-morph';

export function siblingSpecifier(options: CompilerOptions, fileName: string): string {
  const { allowImportingTsExtensions, rewriteRelativeImportExtensions } = options;
  const name = allowImportingTsExtensions || rewriteRelativeImportExtensions ? fileName : fileName.replace(/\.([mc]?)ts$/, '.$1js');
  return `./${name}`;
}
