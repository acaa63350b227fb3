"""A Modbus RTU master written by others (Debian's python3-pymodbus 3.0) on a pseudo-terminal.

Usage: master.py PORT BAUD TIMEOUT_S COUNT SEED UNIT...
Asks COUNT times, everything that Modbus knows, of these units and by chance of all at once (0). For each a line of JSON: `unit`,
`functionCode`, what it asked (`address`, `count`, `written`), and what came of it: `values`, `exception`, `nothing` or `done`.
"""

import json
import logging
import random
import sys

from pymodbus.client import ModbusSerialClient
from pymodbus.bit_read_message import ReadCoilsRequest, ReadDiscreteInputsRequest
from pymodbus.bit_write_message import WriteMultipleCoilsRequest, WriteSingleCoilRequest
from pymodbus.diag_message import ReturnBusMessageCountRequest, ReturnQueryDataRequest, ReturnSlaveMessageCountRequest
from pymodbus.exceptions import ModbusException
from pymodbus.file_message import FileRecord, ReadFifoQueueRequest, ReadFileRecordRequest, WriteFileRecordRequest
from pymodbus.mei_message import ReadDeviceInformationRequest
from pymodbus.other_message import (
    GetCommEventCounterRequest,
    GetCommEventLogRequest,
    ReadExceptionStatusRequest,
    ReportSlaveIdRequest,
)
from pymodbus.register_read_message import (
    ReadHoldingRegistersRequest,
    ReadInputRegistersRequest,
    ReadWriteMultipleRegistersRequest,
)
from pymodbus.register_write_message import (
    MaskWriteRegisterRequest,
    WriteMultipleRegistersRequest,
    WriteSingleRegisterRequest,
)

logging.disable(logging.CRITICAL)
port, baud, timeout, count, seed, *units = sys.argv[1:]
chance = random.Random(int(seed))


def word():
    return chance.choice([0, 1, 0x00FE, 0xFE00, 0xFEFE, 0xFFFF, chance.randrange(65_536)])


def read(request, most):
    address, many = chance.randrange(60), chance.randint(1, most)
    return request(address, many), {"address": address, "count": many}


def write_coil():
    address, on = chance.randrange(66), chance.choice([True, False])
    return WriteSingleCoilRequest(address, on), {"address": address, "written": [int(on)]}


def write_register():
    address, value = chance.randrange(66), word()
    return WriteSingleRegisterRequest(address, value), {"address": address, "written": [value]}


def write_coils():
    address, bits = chance.randrange(30), [chance.choice([True, False]) for _ in range(chance.randint(1, 40))]
    return WriteMultipleCoilsRequest(address, bits), {"address": address, "written": [int(bit) for bit in bits]}


def write_registers():
    address, words = chance.randrange(30), [word() for _ in range(chance.randint(1, 40))]
    return WriteMultipleRegistersRequest(address, words), {"address": address, "written": words}


def mask():
    return MaskWriteRegisterRequest(chance.randrange(60), word(), word()), {}


def both():
    words = {"write_registers": [word() for _ in range(chance.randint(1, 5))], "write_address": chance.randrange(50)}
    return ReadWriteMultipleRegistersRequest(read_address=2, read_count=chance.randint(1, 9), **words), {}


def read_file():
    records = [FileRecord(reference_type=6, file_number=at + 1, record_number=2, record_length=3) for at in range(2)]
    return ReadFileRecordRequest(records), {}


def write_file():
    data = bytes(chance.randrange(256) for _ in range(6))
    return WriteFileRecordRequest([FileRecord(reference_type=6, file_number=1, record_number=2, record_data=data)]), {}


READS = [
    lambda: read(ReadCoilsRequest, 40),
    lambda: read(ReadDiscreteInputsRequest, 40),
    lambda: read(ReadHoldingRegistersRequest, 20),
    lambda: read(ReadInputRegistersRequest, 20),
    lambda: read(ReadHoldingRegistersRequest, 3),
]
WRITES = [write_coil, write_register, write_coils, write_registers]
OTHERS = [
    mask,
    both,
    read_file,
    write_file,
    lambda: (ReadExceptionStatusRequest(), {}),
    lambda: (ReturnQueryDataRequest(word()), {}),
    lambda: (ReturnBusMessageCountRequest(), {}),
    lambda: (ReturnSlaveMessageCountRequest(), {}),
    lambda: (GetCommEventCounterRequest(), {}),
    lambda: (GetCommEventLogRequest(), {}),
    lambda: (ReportSlaveIdRequest(), {}),
    lambda: (ReadFifoQueueRequest(chance.randrange(60)), {}),
    lambda: (ReadDeviceInformationRequest(1, 0), {}),
]


def came(request, response):
    if isinstance(response, bytes) or isinstance(response, ModbusException):
        return {"nothing": True}
    if response.isError():
        return {"exception": response.exception_code}
    if request.function_code in (1, 2):
        return {"values": [int(bit) for bit in response.bits[: request.count]]}
    if request.function_code in (3, 4):
        return {"values": response.registers}
    return {"done": True}


client = ModbusSerialClient(port, baudrate=int(baud), broadcast_enable=True)
# Its own arguments are rounded down to a second, and a silent slave closes the port.
client.params.timeout = float(timeout)
client.transaction.reset_socket = False
client.connect()
for _ in range(int(count)):
    everybody = chance.random() < 0.03
    kinds = WRITES if everybody else chance.choice([READS, READS, WRITES, OTHERS])
    request, asked = chance.choice(kinds)()
    request.unit_id = 0 if everybody else int(chance.choice(units))
    response = client.execute(request)
    told = {"unit": request.unit_id, "functionCode": request.function_code, **asked, **came(request, response)}
    print(json.dumps(told), flush=True)
