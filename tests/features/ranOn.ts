/** Says on which adapter the features ran, and what it has, below their result. */
import { openCapable } from './capable.ts';

export async function setup(): Promise<() => void> {
  const session = await openCapable();
  const { description, features } = session.info;
  const { subgroupSize = 'several sizes', subgroupMatrices = [] } = session.abilities;
  const lines = [
    `features ran on ${description}`,
    `  ${features.join(', ')}`,
    `  subgroups of ${subgroupSize}; subgroup matrices: ${subgroupMatrices.join(', ') || 'none'}`,
  ];
  session.close();
  return () => console.log(lines.join('\n'));
}
