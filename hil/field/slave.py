"""Modbus RTU slaves written by others (Debian's python3-pymodbus 3.0) on a pseudo-terminal.

Usage: slave.py PORT BAUD UNIT...
Each has 64 of coils, discrete inputs, holding and input registers, set by lines on standard input: `UNIT FUNCTION ADDRESS WORD
WORD ...`, where the function is the one that reads them. Ends with its input. What is asked of another unit is not answered.
A pseudo-terminal has no parity, and the C library refuses to set one on it: this end opens it without, whatever the
other end was told.
"""

import asyncio
import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.device import ModbusControlBlock, ModbusDeviceIdentification
from pymodbus.server import StartAsyncSerialServer
from pymodbus.transaction import ModbusRtuFramer


async def follow(slaves):
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        unit, function, address, *words = (int(word) for word in line.split())
        slaves[unit].setValues(function, address, words)


def slave():
    blocks = {table: ModbusSequentialDataBlock(0, [0] * 64) for table in ("co", "di", "hr", "ir")}
    return ModbusSlaveContext(**blocks, zero_mode=True)


async def main(port, baud, units):
    slaves = {unit: slave() for unit in units}
    # It counts no messages of its own accord.
    ModbusControlBlock().Counter.BusMessage = 0x1234
    serving = asyncio.create_task(
        StartAsyncSerialServer(
            context=ModbusServerContext(slaves=slaves, single=False),
            framer=ModbusRtuFramer,
            port=port,
            baudrate=baud,
            identity=ModbusDeviceIdentification({0: "pymodbus", 1: "slave.py", 2: "3.0"}),
            ignore_missing_slaves=True,
            broadcast_enable=True,
        )
    )
    print("ready", flush=True)
    await follow(slaves)
    serving.cancel()


asyncio.run(main(sys.argv[1], int(sys.argv[2]), [int(unit) for unit in sys.argv[3:]]))
