"""A Modbus RTU slave written by others (Debian's python3-pymodbus 3.0) on a pseudo-terminal.

Usage: slave.py PORT BAUD UNIT
Its input registers are set by lines on standard input: `ADDRESS WORD WORD ...`. Ends with its input.
A pseudo-terminal has no parity, and the C library refuses to set one on it: this end opens it without, whatever the
other end was told.
"""

import asyncio
import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartAsyncSerialServer
from pymodbus.transaction import ModbusRtuFramer


async def follow(slave):
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        address, *words = (int(word) for word in line.split())
        slave.setValues(4, address, words)


async def main(port, baud, unit):
    slave = ModbusSlaveContext(ir=ModbusSequentialDataBlock(0, [0] * 64), zero_mode=True)
    context = ModbusServerContext(slaves={unit: slave}, single=False)
    serving = asyncio.create_task(
        StartAsyncSerialServer(context=context, framer=ModbusRtuFramer, port=port, baudrate=baud)
    )
    print("ready", flush=True)
    await follow(slave)
    serving.cancel()


asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
