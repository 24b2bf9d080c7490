/** Vite's settings for the page. `adjoint-source` reads this repository's own sources; a project that installed adjoint needs none of this. */
import { defaultClientConditions, defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions: ['adjoint-source', ...defaultClientConditions] },
  build: { target: 'esnext', modulePreload: false },
});
