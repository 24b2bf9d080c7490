/**
 * What `adjoint doctor` prints: which adapters were tried and why one was taken, what the device offers, and whether it computes.
 *
 * Invariant: never throws for a reason that a user can have; a machine without a device gets a report that says what to install.
 */
import { type Program, programFormat } from '../program/program.ts';
import { type AdapterAttempt, DeviceUnavailableError } from './errors.ts';
import type { DeviceOptions } from './openDevice.ts';
import type { DeviceAbilities } from './planRun.ts';
import { type DeviceInfo, openSession, type Session } from './session.ts';

/** What was found, and whether it computes right. */
export interface DoctorReport {
  /** The exit code of `adjoint doctor` is 0 exactly if this is true: there is a device and it computes right. */
  readonly ok: boolean;
  /** Node's version, or `browser`. */
  readonly node: string;
  readonly platform: string;
  /** The version of the npm package `webgpu`, or why it is missing. Undefined in a browser. */
  readonly webgpu: string | undefined;
  readonly attempts: readonly AdapterAttempt[];
  readonly device: DeviceInfo | undefined;
  /** Lanes of a subgroup, if that is one number, and the configurations of subgroup matrices that were asked for and are there. */
  readonly subgroups: Pick<DeviceAbilities, 'subgroupSize' | 'subgroupMatrices'> | undefined;
  readonly selfTest: { readonly passed: boolean; readonly detail: string; readonly milliseconds: number } | undefined;
  /** Whether products are tuned for this adapter, in words; undefined where nobody asked. */
  readonly tuning: string | undefined;
  /** Opening the device. */
  readonly openMilliseconds: number;
  /** What is wrong, with a remedy. */
  readonly problem: string | undefined;
}

const elements = 1000;

/** `y = 2 x + 1`. */
const selfTestProgram: Program = {
  format: programFormat,
  name: 'doctor',
  symbols: [],
  inputs: [{ name: 'x', shape: [elements], dtype: 'f32', buffer: 0 }],
  outputs: [{ name: 'y', shape: [elements], dtype: 'f32', buffer: 1 }],
  buffers: [
    { label: 'x', role: 'input', elements, dtype: 'f32' },
    { label: 'y', role: 'output', elements, dtype: 'f32' },
  ],
  kernels: [
    {
      label: 'self test',
      bindings: [
        { buffer: 0, access: 'read' },
        { buffer: 1, access: 'read_write' },
      ],
      variants: [
        {
          name: 'simple',
          requires: {},
          workgroups: Math.ceil(elements / 64),
          wgsl: `@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < ${elements}u) { y[id.x] = 2.0 * x[id.x] + 1.0; }
}`,
        },
      ],
    },
  ],
};

async function runSelfTest(session: Session): Promise<NonNullable<DoctorReport['selfTest']>> {
  const started = performance.now();
  const x = Float32Array.from({ length: elements }, (_, index) => index);
  try {
    const [y] = session.execute(selfTestProgram, [session.upload(x, [elements], [elements], 'f32')]);
    const got = (await y?.data()) ?? [];
    const wrong = x.findIndex((value, index) => got[index] !== 2 * value + 1);
    const detail = wrong < 0 ? `${elements} elements of y = 2 x + 1 are right` : `y[${wrong}] is ${got[wrong]}, not ${2 * wrong + 1}`;
    return { passed: wrong < 0, detail, milliseconds: performance.now() - started };
  } catch (error) {
    return { passed: false, detail: error instanceof Error ? error.message : String(error), milliseconds: performance.now() - started };
  }
}

/** Opens a device of its own, tests it, and gives it back. `tuningOf`: says whether kernels are tuned for an adapter. */
export async function doctor(options: DeviceOptions = {}, tuningOf?: (info: GPUAdapterInfo) => string): Promise<DoctorReport> {
  const { process } = globalThis;
  const underNode = process?.versions?.node !== undefined;
  const about = {
    node: underNode ? process.version : 'browser',
    platform: underNode ? `${process.platform}-${process.arch}` : globalThis.navigator.userAgent,
    webgpu: underNode ? await (await import('./adapters/dawnVersion.ts')).dawnVersion() : undefined,
  };
  const started = performance.now();
  try {
    const session = await openSession({ onMessage: () => {}, ...options });
    const openMilliseconds = performance.now() - started;
    const selfTest = await runSelfTest(session);
    const tuning = tuningOf?.(session.device.adapterInfo);
    session.close();
    const problem = selfTest.passed ? undefined : `the device computes wrongly (update its driver, or set ADJOINT_DEVICE=software)`;
    const { attempts } = session.info;
    const { subgroupSize, subgroupMatrices = [] } = session.abilities;
    const subgroups = { subgroupSize, subgroupMatrices };
    return { ok: selfTest.passed, ...about, attempts, device: session.info, subgroups, selfTest, tuning, openMilliseconds, problem };
  } catch (error) {
    const attempts = error instanceof DeviceUnavailableError ? error.attempts : [];
    const problem = error instanceof Error ? error.message : String(error);
    return {
      ok: false,
      ...about,
      attempts,
      device: undefined,
      subgroups: undefined,
      selfTest: undefined,
      tuning: undefined,
      openMilliseconds: performance.now() - started,
      problem,
    };
  }
}

function subgroupText({ subgroupSize, subgroupMatrices = [] }: NonNullable<DoctorReport['subgroups']>): string {
  const matrices = subgroupMatrices.join(', ') || 'none, or not asked for (ADJOINT_EXPERIMENTAL=1 asks for what Dawn has not finished)';
  return `of ${subgroupSize ?? 'more than one size'}; matrices: ${matrices}`;
}

/** The report as text, one fact a line. */
export function printDoctorReport(report: DoctorReport): string {
  const { device, subgroups, selfTest } = report;
  const lines = [`node        ${report.node}, ${report.platform}`];
  if (report.webgpu) lines.push(`webgpu      ${report.webgpu}`);
  for (const { source, taken, reason } of report.attempts) lines.push(`${taken ? 'taken       ' : 'not taken   '}${source}: ${reason}`);
  if (device) {
    lines.push(
      `device      ${device.description} (${device.kind === 'software' ? 'software device' : 'GPU'}), opened in ${report.openMilliseconds.toFixed(0)} ms`,
    );
    lines.push(`features    ${device.features.join(', ')}`);
    if (subgroups) lines.push(`subgroups   ${subgroupText(subgroups)}`);
    for (const [name, value] of Object.entries(device.limits)) lines.push(`limit       ${name} ${value}`);
  }
  if (selfTest)
    lines.push(`self test   ${selfTest.passed ? 'passed' : 'FAILED'}: ${selfTest.detail} (${selfTest.milliseconds.toFixed(0)} ms)`);
  if (report.tuning) lines.push(`tuning      ${report.tuning}`);
  lines.push(report.ok ? 'ok' : `not ok: ${report.problem}`);
  return lines.join('\n');
}
