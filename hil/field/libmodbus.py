"""A Modbus RTU slave of libmodbus (Debian's libmodbus5) on a pseudo-terminal.

Usage: libmodbus.py PORT BAUD UNIT
It has 64 of coils, discrete inputs, holding and input registers, set by lines on standard input: `UNIT FUNCTION ADDRESS WORD
WORD ...`, where the function is the one that reads them. Ends with its input.
"""

import ctypes as c
import os
import sys
import threading


KINDS = ("bits", "input_bits", "input_registers", "registers")


class Mapping(c.Structure):
    _fields_ = [
        *((f"{what}_{kind}", c.c_int) for kind in KINDS for what in ("nb", "start")),
        ("bits", c.POINTER(c.c_uint8)),
        ("input_bits", c.POINTER(c.c_uint8)),
        ("input_registers", c.POINTER(c.c_uint16)),
        ("registers", c.POINTER(c.c_uint16)),
    ]


lib = c.CDLL("libmodbus.so.5", use_errno=True)
lib.modbus_new_rtu.restype = c.c_void_p
lib.modbus_new_rtu.argtypes = [c.c_char_p, c.c_int, c.c_char, c.c_int, c.c_int]
lib.modbus_mapping_new.restype = c.POINTER(Mapping)
lib.modbus_connect.argtypes = [c.c_void_p]
lib.modbus_set_slave.argtypes = [c.c_void_p, c.c_int]
lib.modbus_set_byte_timeout.argtypes = [c.c_void_p, c.c_uint32, c.c_uint32]
lib.modbus_receive.argtypes = [c.c_void_p, c.c_char_p]
lib.modbus_reply.argtypes = [c.c_void_p, c.c_char_p, c.c_int, c.POINTER(Mapping)]

port, baud, unit = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
mapping = lib.modbus_mapping_new(64, 64, 64, 64)
tables = {
    1: mapping.contents.bits,
    2: mapping.contents.input_bits,
    3: mapping.contents.registers,
    4: mapping.contents.input_registers,
}


def serve():
    line = lib.modbus_new_rtu(port.encode(), baud, b"N", 8, 1)
    lib.modbus_set_slave(line, unit)
    # A busy machine may pause amid a request.
    lib.modbus_set_byte_timeout(line, 0, 50_000)
    if lib.modbus_connect(line) != 0:
        print(os.strerror(c.get_errno()), flush=True)
        os._exit(1)
    print("ready", flush=True)
    request = c.create_string_buffer(260)
    while True:
        length = lib.modbus_receive(line, request)
        if length > 0:
            lib.modbus_reply(line, request, length, mapping)


threading.Thread(target=serve, daemon=True).start()
for said in sys.stdin:
    _, function, address, *words = (int(word) for word in said.split())
    for at, word in enumerate(words):
        tables[function][address + at] = word
