/** `npm run docs`: writes docs/support.md. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { supportPage } from './page.ts';

writeFileSync(join(import.meta.dirname, '../../docs/support.md'), supportPage());
console.log('docs/support.md');
