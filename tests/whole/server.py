"""Starts, stops and kills a real `frontrow serve` on a free port of 127.0.0.1."""

import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time

BINARY = os.environ["FRONTROW_BINARY"]
SOURCE = os.environ["FRONTROW_SOURCE_DIR"]
START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 30


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(*arguments, timeout=120):
    """Runs a command of the binary to its end: (exit code, stdout, stderr)."""
    done = subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=timeout)
    return done.returncode, done.stdout, done.stderr


class Server:
    """One round. `sets` are `--set` values: a dict of path to value, written as JSON."""

    DEFAULTS = {
        "guard.proof_of_work.enabled": False,
        "guard.requests_per_second": 0,
        "guard.joins_per_address_per_minute": 0,
    }

    def __init__(self, config="config/tiny.json", sets=None, directory=None):
        self.config = os.path.join(SOURCE, config)
        self.sets = {**self.DEFAULTS, **(sets or {})}
        self.owns_directory = directory is None
        self.directory = directory or tempfile.mkdtemp(prefix="frontrow-test-")
        self.port = free_port()
        self.process = None
        self.log = []

    def command(self):
        words = [BINARY, "serve", "--config", self.config, "--data", self.directory,
                 "--listen", f"127.0.0.1:{self.port}"]
        for path, value in self.sets.items():
            words += ["--set", f"{path}={json.dumps(value)}"]
        return words

    def start(self):
        self.process = subprocess.Popen(self.command(), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
        os.set_blocking(self.process.stderr.fileno(), False)
        deadline = time.monotonic() + START_SECONDS_MAX
        pending = b""
        while time.monotonic() < deadline:
            ready, _, _ = select.select([self.process.stderr], [], [], 0.2)
            if ready:
                part = self.process.stderr.read()
                if part:
                    pending += part
                    if re.search(rb"listening https?://", pending):
                        self.log.append(pending.decode(errors="replace"))
                        return self
            if self.process.poll() is not None:
                break
        text = pending.decode(errors="replace")
        self.kill()
        raise AssertionError(f"the server did not start: {text}")

    def drain_log(self):
        part = self.process.stderr.read() if self.process and self.process.stderr else b""
        if part:
            self.log.append(part.decode(errors="replace"))
        return "".join(self.log)

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        if self.process and self.process.stderr:
            self.drain_log()
            self.process.stderr.close()
        self.process = None

    def stop(self):
        """SIGTERM; returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=STOP_SECONDS_MAX)
        self.drain_log()
        self.process.stderr.close()
        self.process = None
        return code

    @property
    def operator_token(self):
        with open(os.path.join(self.directory, "operator.token")) as file:
            return file.read().strip()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.kill()
        if self.owns_directory:
            shutil.rmtree(self.directory, ignore_errors=True)


def wait_until(condition, seconds=30, what="the condition"):
    """Polls `condition` until it is true; the deadline is a failure, never a success."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come about in {seconds} s")
        select.select([], [], [], 0.02)
