/** What a session can be asked for, in order: to run a program, to read a tensor, to release its memory. */
import type { Program } from '../program/program.ts';
import type { RunPlan } from './planRun.ts';
import type { Storage } from './tensor.ts';

export interface Run {
  readonly kind: 'run';
  readonly label: string;
  readonly program: Program;
  readonly plan: RunPlan;
  readonly inputs: readonly Storage[];
  readonly outputs: readonly Storage[];
  readonly donated: readonly Storage[];
}

export interface Read {
  readonly kind: 'read';
  readonly storage: Storage;
  readonly resolve: (bytes: ArrayBuffer) => void;
  readonly reject: (error: Error) => void;
}

export interface Release {
  readonly kind: 'release';
  readonly storage: Storage;
}

export type Command = Run | Read | Release;

export function markFailed(storages: readonly Storage[], error: Error): void {
  for (const storage of storages) {
    storage.error ??= error;
    if (storage.state === 'pending' || storage.state === 'ready') storage.state = 'failed';
  }
}
