import { cost, chainCosts } from '/work/main/typetests/cost/measure.ts';
const imp = `import type { Einsum } from '../../src/types/tensor/einsum.ts'; import type { Expression } from '../../src/types/tensor/expression.ts'; import type { Rearrange, Reduce, Repeat } from '../../src/types/tensor/einops.ts'; declare const einsum: Einsum; declare const expr: Expression; declare const rearrange: Rearrange; declare const reduce: Reduce; declare const repeat: Repeat;\n`;
const t = (...d: string[]) => `Tensor<[${d.map((x) => `'${x}'`).join(', ')}]>`;
const b = (given: (i: number) => string, line: (i: number) => string) => ({ given: (i: number) => (i === 0 ? imp : '') + given(i), line });
const three = (i: number) => `declare const a${i}: ${t('b=2', `n${i}=3`, `m${i}=4`)}; declare const c${i}: ${t('b=2', `m${i}=4`, `k${i}=5`)};`;
const two = (i: number) => `declare const X${i}: ${t(`n${i}=3`, `m${i}=4`)}; declare const W${i}: ${t(`m${i}=4`, `k${i}=5`)}; declare const v${i}: ${t(`k${i}=5`)};declare const d${i}: ${t(`n${i}=3`, `k${i}=5`)};`;
const img = (i: number) => `declare const x${i}: ${t(`b${i}`, `p${i}=48`, `c${i}=3`)};`;
const fresh = 'abcdefghijklmnopqrstuvwxyz';
const benches = {
  'einsum bij,bjk->bik fresh shapes': b(three, (i) => `export const y${i} = einsum('bij,bjk->bik', a${i}, c${i});`),
  'einsum fresh letters and shapes': b(three, (i) => `export const y${i} = einsum('b${fresh[i % 20]}${fresh[(i >> 4) % 24 === i % 20 ? 25 : 24]},b${fresh[(i >> 4) % 24 === i % 20 ? 25 : 24]}z' as never, a${i}, c${i});`),
  'einsum ij->ji fresh shapes': b(two, (i) => `export const y${i} = einsum('ij->ji', X${i});`),
  'einsum repeated': b((i) => `declare const a${i}: ${t('b=2', 'n=3', 'm=4')}; declare const c${i}: ${t('b=2', 'm=4', 'k=5')};`, (i) => `export const y${i} = einsum('bij,bjk->bik', a${i}, c${i});`),
  'expr X.T @ dY fresh': b(two, (i) => `export const y${i} = expr('X.T @ dY', { X: X${i}, dY: d${i} });`),
  'expr X.T @ dY fresh text and shapes': b(two, (i) => `export const y${i} = expr('X${i}.T @ d${i}', { X${i}, d${i} });`),
  'expr relu(X @ W + b) fresh shapes': b(two, (i) => `export const y${i} = expr('relu(X @ W + b)', { X: X${i}, W: W${i}, b: v${i} });`),
  'expr relu(X @ W + b) fresh text and shapes': b(two, (i) => `export const y${i} = expr('relu(X${i} @ W${i} + v${i})', { X${i}, W${i}, v${i} });`),
  'expr repeated': b((i) => `declare const X${i}: ${t('n=3', 'm=4')}; declare const d${i}: ${t('n=3', 'k=4')};`, (i) => `export const y${i} = expr('X.T @ dY', { X: X${i}, dY: d${i} });`),
  'rearrange b (h w) c -> b h w c fresh shapes': b(img, (i) => `export const y${i} = rearrange(x${i}, 'b (h w) c -> b h w c', { h: 6 });`),
  'rearrange b (h w) c -> b h w c fresh names': b(img, (i) => `export const y${i} = rearrange(x${i}, 'b (h${i} w) c -> b h${i} w c', { h${i}: 6 });`),
  'rearrange b p c -> c b p fresh shapes': b(img, (i) => `export const y${i} = rearrange(x${i}, 'b p c -> c b p');`),
  'rearrange merge fresh shapes': b(img, (i) => `export const y${i} = rearrange(x${i}, 'b p c -> b q=(p c)');`),
  'reduce b p c -> b c fresh shapes': b(img, (i) => `export const y${i} = reduce(x${i}, 'b p c -> b c', 'mean');`),
  'repeat b p c -> b p c k fresh shapes': b(img, (i) => `export const y${i} = repeat(x${i}, 'b p c -> b p c k', { k: 3 });`),
};
for (const [name, bench] of Object.entries(benches)) { try { console.log(cost(bench, 50), name); } catch (e) { console.log(name, String(e).slice(0, 300)); } }
