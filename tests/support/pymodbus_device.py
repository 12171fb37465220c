"""python3-pymodbus as a device, in a process of its own (pymodbus_server.py)."""

import os
import subprocess

from bench import HERE, Skip, expect, read

SERVER = os.path.join(HERE, "pymodbus_server.py")
PYTHON = "/usr/bin/python3"  # Debian's, which Debian's python3-pymodbus belongs to


class Server:
    """The server; `address` is what carebench opens."""

    def __init__(self, folder, transport, *options):
        modules = "pymodbus.server.async_io" + (", serial_asyncio" if transport == "rtu" else "")
        if subprocess.run([PYTHON, "-c", f"import {modules}"], capture_output=True, check=False).returncode:
            raise Skip("python3-pymodbus is not installed")
        with open(f"{folder}/server.log", "wb") as log:
            self.popen = subprocess.Popen([PYTHON, SERVER, transport, *options], stderr=log,
                                          stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.address = self.popen.stdout.readline().decode().strip()
        expect(self.address.startswith("modbus:"), "the server did not start:",
               read(f"{folder}/server.log"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.popen.kill()
        self.popen.wait()
        self.popen.stdin.close()
        self.popen.stdout.close()
