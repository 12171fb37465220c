"""The health device of the bench, and a link to it by hand, for tests in the virtual machine."""

import json
import os
import socket
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from bench import SOURCE, expect, until  # noqa

DEVICE = "ble:00:AA:01:01:00:01"
LINK_CONSOLE = os.path.join(os.environ.get("CAREBENCH_BUILD", f"{SOURCE}/build"), "tests", "link_console")


def peripheral(*words):
    """As guest/peripheral would say it."""
    with socket.socket(socket.AF_UNIX) as client:
        client.connect("/run/peripheral.socket")
        client.sendall(" ".join(map(str, words)).encode() + b"\n")
        answer = client.makefile().read().strip()
    expect(not answer.startswith("error"), "peripheral", words, answer)
    return answer


def status():
    return json.loads(peripheral("status"))


def own(short):
    return f"0000{short.lower()}-6361-7265-6265-6e6368000000"


class Link:
    """A link_console; what it prints is kept with the time at which it came."""

    def __init__(self, address=DEVICE):
        self.lines, self.changed = [], threading.Condition()
        self.popen = subprocess.Popen([LINK_CONSOLE, address], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self._read, daemon=True).start()
        self.opened = self.wait(lambda line: True, f"{address} to open")

    def _read(self):
        for text in self.popen.stdout:
            with self.changed:
                self.lines.append({**json.loads(text), "arrived": time.monotonic()})
                self.changed.notify_all()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.popen.stdin.close()
        try:
            self.popen.wait(20)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            raise

    def wait(self, holds, what, since=0, seconds=70):
        with self.changed:
            found = []

            def there():
                found[:] = [line for line in self.lines[since:] if holds(line)]
                return found or self.popen.poll() is not None

            self.changed.wait_for(there, seconds)
            expect(found, f"waited in vain for {what}; last came", self.lines[-5:])
            return found[0]

    def perform(self, op, **arguments):
        since = len(self.lines)
        self.popen.stdin.write(json.dumps({"op": op, **arguments}) + "\n")
        self.popen.stdin.flush()
        return self.wait(lambda line: line.get("op") == op or line["come"] == "error", op, since)

    def does(self, op, **arguments):
        came = self.perform(op, **arguments)
        expect(came["come"] == "done", op, arguments, "came to", came)
        return came

    def refuses(self, op, *texts, **arguments):
        came = self.perform(op, **arguments)
        expect(came["come"] == "refused", op, arguments, "was to be refused, and came to", came)
        for text in texts:
            expect(text in came["text"], f"expected {text!r} in", came["text"])

    def read(self, attribute):
        return bytes.fromhex(self.does("read_value", attribute=attribute)["octets"])

    def values(self, attribute, since=0):
        return [line for line in self.lines[since:] if line["come"] == "frame" and line.get("attribute") == attribute]

    def until_values(self, attribute, count, since=0, seconds=30):
        until(lambda: len(self.values(attribute, since)) >= count, f"{count} values of {attribute}", seconds)

    def is_lost(self, since, seconds=10):
        return self.wait(lambda line: line["come"] == "lost", "the end of the link", since, seconds)


def connected(address=DEVICE):
    link = Link(address)
    expect(link.opened["come"] == "opened", "the link did not open:", link.opened)
    link.does("connect")
    return link
