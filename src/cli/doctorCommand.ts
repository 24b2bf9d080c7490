/** `adjoint doctor`: which device is used, and whether it computes right. */

export interface DoctorFlags {
  readonly json?: boolean;
}

export async function runDoctor(flags: DoctorFlags): Promise<number> {
  const { doctor, printDoctorReport } = await import('../runtime/doctor.ts');
  const report = await doctor();
  console.log(flags.json === true ? JSON.stringify(report, undefined, 2) : printDoctorReport(report));
  return report.ok ? 0 : 1;
}
