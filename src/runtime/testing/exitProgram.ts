/** A process for the tests of a clean exit: runs once, then reads, leaves, exits or idles, and never tears anything down. */
import { defaultSession } from '../device.ts';
import { addProgram } from './programs.ts';

const session = await defaultSession();
const x = session.upload(Float32Array.of(1, 2, 3), ['n=3'], [3], 'f32');
const [y] = session.execute(addProgram(['n=3']), [x, x]);

const modes: Readonly<Record<string, () => unknown>> = {
  read: async () => console.log((await y?.data())?.join()),
  leave: () => {},
  exit: () => process.exit(0),
  idle: async () => {
    await y?.data();
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const { user, system } = process.cpuUsage(before);
    console.log((user + system) / 1e6);
  },
};
await modes[process.argv[2] ?? '']?.();
