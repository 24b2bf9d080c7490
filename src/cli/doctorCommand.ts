/** `adjoint doctor`: which device is used, whether it computes right, and whether products are tuned for it. */
import type { StoredChoices } from '../tuning/storedChoices.ts';

export interface DoctorFlags {
  readonly json?: boolean;
}

export async function runDoctor(flags: DoctorFlags): Promise<number> {
  const { doctor, printDoctorReport } = await import('../runtime/doctor.ts');
  const { storedChoices } = await import('../tuning/storedChoices.ts');
  const report = await doctor({}, (info) => tuningText(storedChoices(info)));
  console.log(flags.json === true ? JSON.stringify(report, undefined, 2) : printDoctorReport(report));
  return report.ok ? 0 : 1;
}

/** How many choices there are, from where, and what to run. */
export function tuningText({ shipped, cached, path, problem }: StoredChoices): string {
  const where = [
    ...(cached > 0 ? [`${cached} measured here (${path})`] : []),
    ...(shipped > 0 ? [`${shipped} shipped with the package`] : []),
  ].join(', ');
  const found = where === '' ? 'none for this adapter, the cost model chooses tiles' : `choices for this adapter: ${where}`;
  return `${found} (adjoint build --tune measures the products of your layers)${problem === undefined ? '' : `; ${problem}`}`;
}
