/** Running counts of a session, for tests, benches and the doctor. */
export interface SessionStatistics {
  readonly encodersCreated: number;
  readonly submits: number;
  readonly computePasses: number;
  readonly dispatches: number;
  readonly buffersCreated: number;
  readonly bindGroupsCreated: number;
  readonly pipelinesCreated: number;
  /** Bytes of all buffers that now exist: tensors, temporaries, idle ones in the pool, staging. */
  readonly bytesAllocated: number;
}

export type Counters = { -readonly [Name in keyof SessionStatistics]: number };

export function newCounters(): Counters {
  return {
    encodersCreated: 0,
    submits: 0,
    computePasses: 0,
    dispatches: 0,
    buffersCreated: 0,
    bindGroupsCreated: 0,
    pipelinesCreated: 0,
    bytesAllocated: 0,
  };
}
