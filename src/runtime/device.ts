/**
 * The default session, which programs share unless they say otherwise.
 *
 * Invariant: at most one at a time; after its device is lost, the next call opens a new one.
 */
import { AdjointError } from './errors.ts';
import type { DeviceOptions } from './openDevice.ts';
import { type DeviceInfo, openSession, type Session } from './session.ts';

let current: Promise<Session> | undefined;
let opened: Session | undefined;

/** The default session, if it is open by now. */
export const openedSession = (): Session | undefined => (opened?.isLost === true ? undefined : opened);

/** Opens the default session on first use. Errors: `DeviceUnavailableError`; the next call tries again. */
export async function defaultSession(options: DeviceOptions = {}): Promise<Session> {
  current ??= openSession(options);
  const opening = current;
  const forget = () => {
    if (current === opening) current = undefined;
  };
  try {
    const session = await opening;
    opened = session;
    if (!session.isLost) return session;
  } catch (error) {
    forget();
    throw error;
  }
  forget();
  return defaultSession(options);
}

/**
 * Chooses the device of the default session. Optional: without it the first run does so, by ADJOINT_DEVICE.
 * Errors: `DeviceUnavailableError`; `AdjointError` if the default session runs on another kind of device already.
 */
export async function init(options: DeviceOptions = {}): Promise<DeviceInfo> {
  const { info } = await defaultSession(options);
  const { device = 'auto', adapter } = options;
  if (!adapter && device !== 'auto' && device !== info.kind) {
    throw new AdjointError(
      `init: the default session runs on '${info.description}' already, not on a ${device} device (call init before the first run)`,
    );
  }
  return info;
}
