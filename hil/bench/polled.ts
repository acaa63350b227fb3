/** The least that a poll can be: modbus-serial and a timer, as general gateways do it. What changed is told, nothing is judged. */

import modbus from 'modbus-serial';
import { systemClock } from '../../src/clock.ts';
import type { ReadRequest } from '../../src/sense/observation.ts';

/** Reads all slaves at each turn, one after the other, each on a connection of its own; a turn that finds the last one unfinished is left out. */
export async function pollAll(options: {
  readonly ports: readonly number[];
  readonly read: ReadRequest;
  readonly everyMs: number;
  /** words of slave `at` are not what they were */
  onChange(at: number, words: readonly number[], before: readonly number[], atMs: number): void;
}): Promise<{ stop(): Promise<void> }> {
  const { ports, read, everyMs, onChange } = options;
  const slaves = await Promise.all(
    ports.map(async (port) => {
      const client = new modbus.default();
      await client.connectTCP('127.0.0.1', { port });
      client.setID(read.unit);
      return { client, words: [] as readonly number[] };
    }),
  );
  let turning: Promise<void> | null = null;
  const turn = async () => {
    for (const [at, slave] of slaves.entries()) {
      const { data } = await slave.client.readInputRegisters(read.address, read.count);
      const before = slave.words;
      slave.words = data;
      if (data.some((word, index) => word !== before[index])) onChange(at, data, before, systemClock.monoMs());
    }
    turning = null;
  };
  const timer = setInterval(() => {
    turning ??= turn();
  }, everyMs);
  return {
    async stop() {
      clearInterval(timer);
      await turning;
      await Promise.all(slaves.map(({ client }) => new Promise<void>((resolve) => client.close(() => resolve()))));
    },
  };
}
