/**
 * Every relative link of the Markdown files leads to a file, and every anchor to a heading of it; every path of ours that stands in
 * code (`src/types`, `docs/*.md`) is there.
 *
 * Anchors follow GitHub's rule: lower case, punctuation dropped, spaces to hyphens, repeated ones numbered.
 * Links to other sites are not followed: a check that needs the network fails for reasons that are not ours.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const ignored = new Set(['node_modules', 'dist', '.git', 'coverage', 'fixtures', '.cache', '.scratch']);

/** @param {string} folder @returns {string[]} all Markdown files below */
export function markdownFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (ignored.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return markdownFiles(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** Blanks code, so that what looks like a link or a heading inside it is neither. Line numbers stay. */
const withoutCode = (/** @type {string} */ text) =>
  text
    .replace(/^([ \t]*)(```+|~~~+)[\s\S]*?^[ \t]*\2[^\n]*$/gm, (block) => block.replace(/[^\n]/g, ' '))
    .replace(/(`+)(?!`)[^\n]*?\1/g, (code) => ' '.repeat(code.length));

/** @param {string} text @returns {Set<string>} the anchors that GitHub gives its headings */
export function anchors(text) {
  const fences = text.replace(/^([ \t]*)(```+|~~~+)[\s\S]*?^[ \t]*\2[^\n]*$/gm, '');
  const seen = new Map();
  const found = new Set();
  for (const [, heading = ''] of fences.matchAll(/^#{1,6}[ \t]+(.+?)[ \t]*#*$/gm)) {
    const words = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .trim()
      .toLowerCase();
    const base = words.replace(/[^\p{L}\p{N}\p{M}\p{Pc} -]/gu, '').replaceAll(' ', '-');
    const times = seen.get(base) ?? 0;
    seen.set(base, times + 1);
    found.add(times === 0 ? base : `${base}-${times}`);
  }
  for (const [, id = ''] of fences.matchAll(/<a[^>]*\s(?:id|name)="([^"]+)"/g)) found.add(id);
  return found;
}

/** @param {string} text @returns {{ target: string, line: number }[]} links and images, inline and by reference */
export function links(text) {
  const prose = withoutCode(text);
  const forms = [
    /\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g,
    /^[ \t]*\[[^\]]+\]:[ \t]*<?(\S+?)>?[ \t]*(?:"[^"]*")?$/gm,
    /(?:href|src)="([^"]+)"/g,
  ];
  return forms.flatMap((form) =>
    [...prose.matchAll(form)].map((match) => ({ target: match[1] ?? '', line: prose.slice(0, match.index).split('\n').length })),
  );
}

const ours = ['src', 'tests', 'typetests', 'scripts', 'bench', 'examples', 'docs', 'bin'];

/** @param {string} path @returns {string[]} `{a,b}` written out */
function alternatives(path) {
  const [, before = '', choice, after = ''] = /^(.*?)\{(.*?)\}(.*)$/.exec(path) ?? [];
  return choice === undefined ? [path] : choice.split(',').flatMap((one) => alternatives(`${before}${one}${after}`));
}

/** @param {string} root @param {string} path @returns {boolean} `*` stands for any part of a name */
function exists(root, path) {
  if (!path.includes('*')) return existsSync(join(root, path));
  const name = new RegExp(`^${(path.split('/').at(-1) ?? '').replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
  const folder = join(root, dirname(path));
  return existsSync(folder) && readdirSync(folder).some((entry) => name.test(entry));
}

/** @param {string} text @returns {{ path: string, line: number }[]} the paths of ours among the code */
export function paths(text) {
  return text
    .split('\n')
    .flatMap((content, index) =>
      [...content.matchAll(/`([^`\s]+)`/g)].flatMap(([, path = '']) =>
        ours.includes(path.split('/')[0] ?? '') && /^[\w./*{},-]+$/.test(path) && path.includes('/') ? [{ path, line: index + 1 }] : [],
      ),
    );
}

/** @param {string} root @returns {{ files: number, links: number, problems: string[] }} */
export function checkLinks(root) {
  const problems = [];
  let count = 0;
  const files = markdownFiles(root);
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    for (const { path, line } of paths(text)) {
      count += 1;
      const lost = alternatives(path).filter((one) => !exists(root, one));
      if (lost.length > 0) problems.push(`${relative(root, file)}:${line}: ${lost.join(', ')} does not exist`);
    }
    for (const { target, line } of links(text)) {
      if (/^[a-z][a-z+.-]*:|^\/\//i.test(target)) continue;
      count += 1;
      const place = `${relative(root, file)}:${line}`;
      const [path = '', anchor] = target.split('#');
      const goal = path === '' ? file : resolve(dirname(file), decodeURIComponent(path));
      if (path.startsWith('/') || relative(root, goal).startsWith('..')) problems.push(`${place}: ${target} leaves the repository`);
      else if (!existsSync(goal)) problems.push(`${place}: ${target} does not exist`);
      else if (anchor !== undefined && anchor !== '' && statSync(goal).isFile() && goal.endsWith('.md')) {
        if (!anchors(readFileSync(goal, 'utf8')).has(decodeURIComponent(anchor))) problems.push(`${place}: ${target} names no heading`);
      }
    }
  }
  return { files: files.length, links: count, problems };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { files, links: count, problems } = checkLinks(resolve(import.meta.dirname, '..'));
  for (const problem of problems) console.error(problem);
  console.log(`${files} Markdown files, ${count} links and paths, ${problems.length} broken`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
