import { expect, it } from 'vitest';
import { BufferPool } from './bufferPool.ts';
import { bufferUsage } from './gpuConstants.ts';
import { newCounters } from './statistics.ts';
import { mockDevice } from './testing/mockDevice.ts';

function start(idleLimit?: number) {
  const mock = mockDevice();
  const counters = newCounters();
  return { mock, counters, pool: new BufferPool(mock.opened.device, counters, idleLimit) };
}

it('hands out a freed buffer of the same size, under its new label', () => {
  const { pool, counters } = start();
  const first = pool.acquire(64, 'first');
  pool.release(first);
  expect(pool.acquire(64, 'second')).toBe(first);
  expect(first.buffer.label).toBe('second');
  expect(pool.acquire(64, 'third')).not.toBe(first);
  expect(counters).toMatchObject({ buffersCreated: 2, bytesAllocated: 128 });
});

it('keeps idle bytes under the limit; the sizes longest unused go first', () => {
  const { pool, mock, counters } = start(100);
  const [small, large] = [pool.acquire(60, 'small'), pool.acquire(80, 'large')];
  pool.release(small);
  pool.release(large);
  expect(mock.calls.at(-1)).toBe('destroy small');
  expect(counters.bytesAllocated).toBe(80);
});

it('never hands out a broken buffer', () => {
  const { pool, mock } = start();
  const buffer = pool.acquire(64, 'b');
  expect(pool.takeCreated()).toEqual([buffer]);
  buffer.broken = true;
  pool.release(buffer);
  expect(mock.calls.at(-1)).toBe('destroy b');
  expect(pool.acquire(64, 'c')).not.toBe(buffer);
});

it('keeps buffers of different uses apart', () => {
  const { pool } = start();
  const staging = pool.acquire(64, 'staging', bufferUsage.staging);
  pool.release(staging);
  expect(pool.acquire(64, 'y')).not.toBe(staging);
  expect(pool.acquire(64, 'staging', bufferUsage.staging)).toBe(staging);
});
