/** A master of the wire bench, in a process of its own: reads the same registers again and again until it is ended. */

import modbus from 'modbus-serial';
import { RtuLine } from '../../drivers/modbus/rtu.ts';
import { startMetronome } from '../../src/metronome.ts';
import { ScanLoop } from '../../src/scan.ts';

const [name, path = '', baudText = '9600', countText = '2'] = process.argv.slice(2);
const baud = Number(baudText) as 9600;
const count = Number(countText);

async function ours(): Promise<void> {
  const clock = startMetronome();
  const line = new RtuLine(
    { path, baud, parity: 'none', stopBits: 1 },
    { bus: 'line', where: path, clock, responseTimeoutMs: 1000, byteCountBitsOf: () => 8, gapMsOf: () => 0 },
  );
  const slave = {
    ...{ lift: 'a', unit: 1, intervalMs: { fast: 1, slow: 1000 } },
    reads: [{ table: 'holding', address: 0, count, group: 'fast' }] as const,
  };
  new ScanLoop({ line, slaves: [slave], clock, lateReplyWindowMs: 0, onTrouble: () => undefined }).start();
}

async function modbusSerial(): Promise<void> {
  const client = new modbus.default();
  await client.connectRTUBuffered(path, { baudRate: baud, parity: 'none', stopBits: 1 });
  client.setID(1);
  client.setTimeout(1000);
  for (;;) await client.readHoldingRegisters(0, count);
}

await (name === 'ours' ? ours() : modbusSerial());
