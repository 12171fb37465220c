"""What the whole-program tests share: run carebench, stand virtual devices up, read the record.

A test is a list of cases. `@case("what must hold")` makes one of a function that takes a fresh folder;
`expect(...)` states what must hold and says what was there instead; `main()` runs them all, prints a
line for each, and exits 0 when all hold, 1 when one does not, 77 when all were skipped.
"""

import atexit
import concurrent.futures
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.environ.get("CAREBENCH_SOURCE", os.path.dirname(os.path.dirname(HERE)))
CAREBENCH = os.environ.get("CAREBENCH", os.path.join(SOURCE, "build", "carebench"))

# Exit codes, as the README lists them.
PASSED, FAILED, UNDECIDED, COULD_NOT_TEST = 0, 1, 2, 3
USAGE, BAD_INPUT, IO, TAMPERED, INTERRUPTED = 64, 65, 74, 76, 130

cases = []


class Unmet(AssertionError):
    """Something that must hold does not."""


class Skip(Exception):
    """This machine cannot show it; the reason is the text."""


def case(what):
    def add(function):
        cases.append((what, function))
        return function

    return add


def expect(holds, *what_was_there):
    if not holds:
        raise Unmet(" ".join(str(part) for part in what_was_there))


def same(what, found, wanted):
    expect(found == wanted, f"{what}: expected {wanted!r}, found {found!r}")


class Ended:
    """A process that ended: its code and what it said."""

    def __init__(self, args, code, out, err, seconds):
        self.args, self.code, self.out, self.err, self.seconds = args, code, out, err, seconds

    def __str__(self):
        shown = " ".join(str(arg) for arg in self.args)
        return (f"carebench {shown}\n  exit code {self.code} after {self.seconds:.2f} s"
                f"\n  stdout: {self.out[-600:]!r}\n  stderr: {self.err[-1200:]}")

    def exits(self, *codes):
        expect(self.code in codes, f"expected exit code {' or '.join(map(str, codes))} of", self)
        return self

    def says(self, *texts):
        for text in texts:
            expect(text in self.out + self.err, f"expected {text!r} in the output of", self)
        return self


def command(*args):
    return [CAREBENCH, *map(str, args)]


def run(*args, timeout=120, stdin=subprocess.DEVNULL, wrapper=(), **options):
    """carebench ARGS…, to its end. `wrapper`: a program that starts it."""
    began = time.monotonic()
    process = subprocess.run([*wrapper, *command(*args)], stdin=stdin, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, timeout=timeout, check=False, **options)
    return Ended(args, process.returncode, process.stdout.decode("utf-8", "replace"),
                 process.stderr.decode("utf-8", "replace"), time.monotonic() - began)


def until(holds, what, seconds=20.0, pause=0.01):
    """Waits until holds() gives something true, and gives that."""
    end = time.monotonic() + seconds
    while True:
        found = holds()
        if found:
            return found
        expect(time.monotonic() < end, f"waited {seconds} s in vain for {what}")
        time.sleep(pause)


class Process:
    """A carebench that goes on beside the test; its output is in files, to be read at any time."""

    def __init__(self, folder, *args, **options):
        self.args, self.began = args, time.monotonic()
        self.log = tempfile.mkdtemp(prefix="log-", dir=folder)
        with open(f"{self.log}/out", "wb") as out, open(f"{self.log}/err", "wb") as err:
            self.popen = subprocess.Popen(command(*args), stdin=subprocess.DEVNULL, stdout=out,
                                          stderr=err, start_new_session=True, **options)
        atexit.register(self._do_not_outlive_the_test)

    def _do_not_outlive_the_test(self):
        if self.popen.poll() is None:
            self.popen.kill()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def out(self):
        return read(f"{self.log}/out")

    def err(self):
        return read(f"{self.log}/err")

    def send(self, number):
        if self.popen.poll() is None:
            self.popen.send_signal(number)

    def kill(self):
        self.send(signal.SIGKILL)
        return self.end()

    def end(self, timeout=60):
        """Waits for its end."""
        try:
            code = self.popen.wait(timeout)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
            code = "none: it did not end by itself"
        return Ended(self.args, code, self.out(), self.err(), time.monotonic() - self.began)


class Sim(Process):
    """A virtual device behind a pseudo-terminal."""

    def __init__(self, folder, device, **options):
        self.observed = tempfile.mktemp(prefix="state-", dir=folder)
        extra = [part for name, value in options.items() for part in (f"--{name}", value)]
        super().__init__(folder, "sim", device, "--on", "pty", "--observe", self.observed, *extra)
        self.serial = until(self._address, f"the address of {device}: {self.err()}")
        self.path = self.serial.partition(":")[2]

    def _address(self):
        expect(self.popen.poll() is None, "a virtual device ended at once:", self.err())
        line, newline, _ = self.out().partition("\n")
        return line if newline else ""

    def modbus(self, query="unit=1"):
        return f"modbus:{self.path}?{query}"

    def state(self):
        """Its state when the last client left; None before that."""
        text = read(self.observed) if os.path.exists(self.observed) else ""
        return json.loads(text) if text else None

    def final_state(self):
        """Ends it and gives its last state; `closings` holds how each client left it."""
        self.send(signal.SIGTERM)
        self.end(20)
        return self.state()

    def state_at_closing(self, number=1, seconds=20):
        def left():
            state = self.state()
            return state and len(state["closings"]) >= number and state

        return until(left, f"closing {number} of the virtual device", seconds)["closings"][-1]


def read(path):
    with open(path, "rb") as file:
        return file.read().decode("utf-8", "replace")


def write(path, text):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())
    return path


def record(run_dir, name="run.json"):
    return json.loads(read(f"{run_dir}/{name}"))


def derived_record(run_dir):
    """What the evidence tells, whether the run came to an end or not."""
    run("report", run_dir, "-f", "json").exits(0)
    return record(run_dir, "report.json")


def findings(recorded):
    return {(step["id"], step.get("sample", "")): step["finding"]
            for step in recorded["derived"]["steps"]}


def verified(run_dir):
    run("verify", run_dir).exits(0).says("identical")


def own_path(file, name):
    return os.path.join(os.path.dirname(os.path.abspath(file)), name)


def kept_files():
    """All files of the source tree that are kept, or would be, below SOURCE."""
    listed = subprocess.run(["git", "-c", f"safe.directory={SOURCE}", "ls-files", "-z", "--cached", "--others",
                             "--exclude-standard"], cwd=SOURCE, capture_output=True, check=False)
    if listed.returncode == 0:
        names = listed.stdout.decode().split("\0")
    else:  # a tree without its history
        names = [os.path.relpath(os.path.join(folder, name), SOURCE)
                 for folder, _, inside in os.walk(SOURCE) for name in inside]
        names = [name for name in names if not name.startswith((".git/", "build/", "runs/"))]
    return sorted({name for name in names if name and os.path.isfile(f"{SOURCE}/{name}")})


def try_case(what, function):
    """("holds" | "skipped" | "DOES NOT HOLD", the line to print)."""
    folder = tempfile.mkdtemp(prefix="carebench-")
    began = time.monotonic()
    state, why = "holds", ""
    try:
        function(folder)
    except Skip as skip:
        state, why = "skipped", f": {skip}"
    except Unmet as unmet:
        state, why = "DOES NOT HOLD", f"\n{unmet}"
    except Exception:  # pylint: disable=broad-except
        state, why = "DOES NOT HOLD", "\n" + traceback.format_exc()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return state, f"{state:14} {time.monotonic() - began:5.1f} s  {what}{why}"


def main(at_once=1):
    """`at_once`: cases that mostly wait run beside each other. Arguments of the program: only the cases that have one
    of these words."""
    wanted = [entry for entry in cases if not sys.argv[1:] or any(word in entry[0] for word in sys.argv[1:])]
    states = []
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        for state, line in pool.map(lambda entry: try_case(*entry), wanted):
            states.append(state)
            print(line, flush=True)
    if "DOES NOT HOLD" in states:
        sys.exit(1)
    sys.exit(77 if set(states) == {"skipped"} else 0)
