/** `npm run docs`: writes docs/rules. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pages } from './pages.ts';
import { pageTexts } from './write.ts';

const folder = join(import.meta.dirname, '../../docs/rules');
const texts = pageTexts(pages);
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) if (!texts.has(name)) rmSync(join(folder, name));
for (const [name, text] of texts) writeFileSync(join(folder, name), text);
console.log(`docs/rules: ${texts.size} pages`);
