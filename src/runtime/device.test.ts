import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { withDriver } from './adapters/driverVariables.ts';
import { defaultSession, init } from './device.ts';
import { doctor, printDoctorReport } from './doctor.ts';
import { DeviceUnavailableError } from './errors.ts';
import { type DeviceOptions, openDevice } from './openDevice.ts';

const program = fileURLToPath(new URL('testing/exitProgram.ts', import.meta.url));

/** Runs the program in a Node of its own, which must end by itself. Rejects if its exit code is not 0. */
const child = (mode: string, environment: Record<string, string> = { ADJOINT_DEVICE: 'software' }) =>
  promisify(execFile)(process.execPath, ['--import', 'tsx', program, mode], { timeout: 20_000, env: { ...process.env, ...environment } });

/** Drivers of the system that are not there. */
const withoutDrivers = <Result>(act: () => Promise<Result>): Promise<Result> => withDriver(process.env, '/nonexistent.json', act);

describe('a process', () => {
  it('ends by itself after a run was read', async () => {
    expect((await child('read')).stdout).toBe('2,4,6\n');
  }, 30_000);

  it('ends by itself after a run that nobody waits for', async () => {
    expect((await child('leave')).stdout).toBe('');
  }, 30_000);

  it('may exit right after a run that nobody waits for', async () => {
    expect((await child('exit')).stdout).toBe('');
  }, 30_000);

  it('spends almost no time while it waits for something else', async () => {
    expect(Number((await child('idle')).stdout)).toBeLessThan(0.1);
  }, 30_000);
});

describe('the choice of a device', () => {
  it('gpu, where there is none, says what to install', async () => {
    const error = await withoutDrivers(() => openDevice({ device: 'gpu' })).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DeviceUnavailableError);
    expect(String(error)).toMatch(
      /^DeviceUnavailableError: init: no gpu device: Dawn, the drivers that VK_DRIVER_FILES names: .* \(install a Vulkan driver for the GPU, or unset ADJOINT_DEVICE .*\)$/,
    );
  });

  it('auto, where there is no GPU, takes the software device and says so in one line, once', async () => {
    const messages: string[] = [];
    for (let i = 0; i < 2; i += 1) {
      const opened = await withoutDrivers(() => openDevice({ device: 'auto', onMessage: (message) => messages.push(message) }));
      expect(opened.kind).toBe('software');
      expect(opened.attempts.map(({ taken }) => taken)).toEqual([false, true]);
      opened.device.destroy();
    }
    expect(messages).toEqual(['adjoint: no GPU found, running on the software device (SwiftShader)']);
  });

  it('leaves the environment as it was', async () => {
    const before = { ...process.env };
    (await openDevice({ device: 'software' })).device.destroy();
    expect({ ...process.env }).toEqual(before);
  });

  it('asks for the most that the adapter offers', async () => {
    const { device, adapter } = await openDevice({ device: 'software' });
    expect(device.limits.maxStorageBufferBindingSize).toBe(adapter.limits.maxStorageBufferBindingSize);
    expect(device.features.has('subgroups')).toBe(adapter.features.has('subgroups'));
    expect(device.label).toContain('adjoint on ');
    device.destroy();
  });

  it('has features that Dawn has not finished where the environment asks for them, unless the caller does not', async () => {
    const unfinished = async (options: DeviceOptions = {}): Promise<boolean> => {
      const { device, adapter } = await openDevice({ device: 'software', ...options });
      device.destroy();
      return [...adapter.features].some((feature) => feature.startsWith('chromium-experimental'));
    };
    expect(await unfinished()).toBe(false);
    vi.stubEnv('ADJOINT_EXPERIMENTAL', '1');
    expect([await unfinished(), await unfinished({ experimental: false })]).toEqual([true, false]);
    vi.unstubAllEnvs();
  });

  it('refuses an unknown one', async () => {
    // seam: what plain JavaScript may pass
    const options = { device: 'tpu' as 'gpu' };
    await expect(openDevice(options)).rejects.toThrow(
      "init: there is no device 'tpu' (set ADJOINT_DEVICE to gpu or software, or unset it)",
    );
  });
});

describe('the default session', () => {
  it('is one, until its device is lost', async () => {
    const info = await init({ device: 'software' });
    expect(info.kind).toBe('software');
    const [first, again] = await Promise.all([defaultSession(), defaultSession()]);
    expect(again).toBe(first);
    await expect(init({ device: 'gpu' })).rejects.toThrow(
      /^init: the default session runs on '.*' already, not on a gpu device \(call init before the first run\)$/,
    );
    first.close();
    await first.lost;
    const second = await defaultSession({ device: 'software' });
    expect(second).not.toBe(first);
    second.close();
  });
});

describe('doctor', () => {
  it('reports a device that computes', async () => {
    const report = await doctor({ device: 'software' });
    expect(report).toMatchObject({ ok: true, node: process.version, selfTest: { passed: true }, device: { kind: 'software' } });
    const text = printDoctorReport(report);
    expect(text).toMatch(/^node +v\d+/);
    expect(text).toContain('maxStorageBufferBindingSize');
    expect(text).toMatch(
      /\nsubgroups +of \d+; matrices: none, or not asked for \(ADJOINT_EXPERIMENTAL=1 asks for what Dawn has not finished\)\n/,
    );
    expect(text).toMatch(/self test +passed: 1000 elements of y = 2 x \+ 1 are right \(\d+ ms\)\nok$/);
  });

  it('reports that there is none, with the remedy', async () => {
    const report = await withoutDrivers(() => doctor({ device: 'gpu' }));
    expect(report).toMatchObject({ ok: false, device: undefined });
    expect(printDoctorReport(report)).toMatch(/\nnot ok: init: no gpu device: .*install a Vulkan driver/);
  });
});
