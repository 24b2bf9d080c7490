/** This project, by its public interface: the task jitted, its state donated. */
import { init, jit, tensor } from 'adjoint';
import { defaultSession } from 'adjoint/runtime';
import type { Task, TaskCall } from '../tasks.ts';
import { adjointTasks } from './adjointTasks.ts';
import type { Peer, Prepared } from './peer.ts';
import { workDone } from './workDone.ts';

/** A tensor, as far as the bench goes. */
interface Readable {
  data(): Promise<ArrayLike<number>>;
  dispose(): void;
}
type Run = (carried: readonly Readable[], ...rest: readonly Readable[]) => readonly Readable[];

// seam: sizes are data here, so shapes are not literals; at run time they are checked all the same
const upload = tensor as unknown as (elements: Float32Array, shape: readonly string[]) => Readable;

export async function openAdjoint(gpu: GPU, version: string): Promise<Peer> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('bench: the adapter is gone');
  await init({ adapter });
  const session = await defaultSession();

  async function prepare(call: TaskCall, task: Task, inputs: readonly Float32Array[]): Promise<Prepared> {
    const f = jit(adjointTasks[call.kind] as never, { name: call.kind, donate: [0] }) as unknown as Run; // seam: one type for all tasks
    const tensors = task.inputs.map(({ axes }, index) =>
      upload(
        inputs[index] ?? new Float32Array(),
        Object.entries(axes).map(([name, size]) => `${name}=${size}`),
      ),
    );
    let carried = tensors.slice(0, task.carried);
    const rest = tensors.slice(task.carried);
    const step = () => {
      const outputs = f(carried, ...rest);
      carried = outputs.slice(0, task.carried);
      return outputs;
    };
    const first = step();
    const outputs = await Promise.all(first.map(async (output) => Float32Array.from(await output.data())));
    for (const output of first.slice(task.carried)) output.dispose();
    return {
      outputs,
      async run(count) {
        const before = session.statistics().submits;
        for (let i = 0; i < count; i++) for (const result of step().slice(task.carried)) result.dispose();
        await Promise.resolve(); // what is asked for in one turn is submitted at its end
        if (session.statistics().submits === before) throw new Error('bench: adjoint has submitted nothing');
        await workDone(session.device.queue);
      },
      dispose() {
        for (const one of [...carried, ...rest]) one.dispose();
      },
    };
  }
  return { name: 'adjoint', version, prepare };
}
