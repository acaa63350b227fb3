/** The line that a bus of the site file asks for. */

import type { SiteBus } from '../../src/config/schema.ts';
import type { ModbusLine } from '../../src/ports.ts';
import type { LineOptions } from './line.ts';
import { RtuLine } from './rtu.ts';
import { TcpLine } from './tcp.ts';

export function openLine(bus: SiteBus, options: Omit<LineOptions, 'bus' | 'where' | 'responseTimeoutMs'>): ModbusLine {
  const common = { ...options, bus: bus.id, responseTimeoutMs: bus.responseTimeoutMs };
  return bus.type === 'rtu'
    ? new RtuLine(bus, { ...common, where: bus.path })
    : new TcpLine(bus, { ...common, where: `${bus.host}:${bus.port}` });
}
