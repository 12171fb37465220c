#!/usr/bin/python3
"""A Modbus device that carebench did not write: Debian's python3-pymodbus (with
python3-serial-asyncio) as a server over TCP or, RTU, behind a pseudo-terminal.

    pymodbus_server.py tcp|rtu [--unit N] [--delay MS]

Prints the address to open ("modbus:tcp://127.0.0.1:40123?unit=1") and serves until its standard
input closes or it is ended. What it holds, at PDU addresses:

    holding registers 0..199   1000 + address at first, may be written
    input registers 0..199     2000 + address
    coils 0..199               on where address % 3 == 0, may be written
    discrete inputs 0..199     on where address % 2 == 1
    5000 + D (all four)        read after a delay of 10 * D ms, D = 0..499; holds 5000 + D
    6000..6009                 exception 4, server device failure
    all else                   exception 2, illegal data address
    identification             carebench-test, PM-1, 3.0 … (all seven standard objects)
"""

import argparse
import asyncio
import os
import socket
import sys
import threading
import time
import tty

from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext, ModbusSparseDataBlock
from pymodbus.device import ModbusDeviceIdentification
from pymodbus.server.async_io import ModbusSerialServer, ModbusTcpServer
from pymodbus.transaction import ModbusRtuFramer, ModbusSocketFramer

DELAYED, FAILING = range(5000, 5500), range(6000, 6010)


class Block(ModbusSparseDataBlock):
    """Known values, with delays and failures at known addresses."""

    def __init__(self, value_of):
        values = {address: value_of(address) for address in range(200)}
        values.update({address: address for address in DELAYED})
        values.update({address: 0 for address in FAILING})
        super().__init__(values)

    def getValues(self, address, count=1):
        if address in DELAYED:
            time.sleep((address - DELAYED.start) / 100)
        if address in FAILING:
            raise RuntimeError("this register fails on purpose")
        return super().getValues(address, count)


def context_of(unit):
    slave = ModbusSlaveContext(
        hr=Block(lambda address: 1000 + address),
        ir=Block(lambda address: 2000 + address),
        co=Block(lambda address: address % 3 == 0),
        di=Block(lambda address: address % 2 == 1),
        zero_mode=True,
    )
    return ModbusServerContext(slaves={unit: slave}, single=False)


def pump(source, sink):
    """Copies octets from one pty master to the other until one closes."""
    try:
        while octets := os.read(source, 4096):
            os.write(sink, octets)
    except OSError:
        pass


def bridged_ptys():
    """Two ptys, master to master: what is written to one slave is read from the other."""
    masters, names, slaves = [], [], []
    for _ in range(2):
        master, slave = os.openpty()
        tty.setraw(slave)
        masters.append(master)
        slaves.append(slave)  # kept open, so that a master does not hang up between two openings
        names.append(os.ttyname(slave))
    for source, sink in (masters, masters[::-1]):
        threading.Thread(target=pump, args=(source, sink), daemon=True).start()
    return names, slaves


def end_with_parent():
    sys.stdin.buffer.read()
    os._exit(0)


async def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("transport", choices=["tcp", "rtu"])
    parser.add_argument("--unit", type=int, default=1)
    parser.add_argument("--delay", type=int, default=0, help="ms before every answer")
    args = parser.parse_args()

    def delayed(response):
        time.sleep(args.delay / 1000)
        return response, False

    identity = ModbusDeviceIdentification(
        info_name={
            "VendorName": "carebench-test",
            "ProductCode": "PM-1",
            "MajorMinorRevision": "3.0",
            "VendorUrl": "http://example.org/pm",
            "ProductName": "pymodbus bed",
            "ModelName": "PM",
            "UserApplicationName": "lab",
        }
    )
    common = {
        "identity": identity,
        "ignore_missing_slaves": True,
        "response_manipulator": delayed if args.delay else None,
    }
    if args.transport == "tcp":
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = ModbusTcpServer(
            context_of(args.unit),
            ModbusSocketFramer,
            address=("127.0.0.1", port),
            allow_reuse_address=True,
            **common,
        )
        address = f"modbus:tcp://127.0.0.1:{port}?unit={args.unit}"
        serving = asyncio.create_task(server.serve_forever())
        await server.serving
    else:
        names, _slaves = bridged_ptys()
        server = ModbusSerialServer(
            context_of(args.unit), ModbusRtuFramer, port=names[1], baudrate=115200, **common
        )
        await server.start()
        address = f"modbus:{names[0]}?unit={args.unit}&baud=115200&mode=8N1"
        serving = asyncio.create_task(server.serve_forever())
    print(address, flush=True)
    threading.Thread(target=end_with_parent, daemon=True).start()
    await serving


if __name__ == "__main__":
    asyncio.run(main())
