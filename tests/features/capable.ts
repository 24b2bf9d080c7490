/** A session on an adapter that has the features a file asks for, or an error that says what it lacks. Nothing is skipped. */
import { openSession, type Session } from '../../src/runtime/session.ts';

export const openCapable = (): Promise<Session> => openSession({ experimental: true, exactTimestamps: true, onMessage: () => {} });

export async function sessionWith(...features: readonly string[]): Promise<Session> {
  const session = await openCapable();
  const lacking = features.filter((feature) => !session.info.features.includes(feature));
  if (lacking.length === 0) return session;
  session.close();
  throw new Error(
    `features: '${session.info.description}' lacks ${lacking.join(' and ')} (name a driver that has it in VK_DRIVER_FILES: see CONTRIBUTING.md)`,
  );
}
