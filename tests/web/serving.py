"""Servers for the journeys: processes with a real address, and a wire between that can be cut."""

from __future__ import annotations

import os
import selectors
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
READY_SECONDS = 60.0


def free_port() -> int:
    """A port that nothing listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(words: Sequence[str], *, cwd: Path, port: int) -> Iterator[str]:
    """A server process: its address once it answers; it is ended afterwards."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("DBT_")}
    log = cwd / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(words, cwd=cwd, stdout=out, stderr=subprocess.STDOUT, env=env)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(process, address, log)
        yield address
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"{address}/api/project", timeout=5):
            return
        time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{log.read_text()}")


@contextmanager
def serving(project: Path) -> Iterator[str]:
    """`tidemill serve` in a project."""
    port = free_port()
    words = [sys.executable, "-m", "tidemill", "serve", "--port", str(port), "--no-browser"]
    with running(words, cwd=project, port=port) as address:
        yield address


@contextmanager
def serving_generated(folder: Path, *, nodes: int, seconds: float, runs: int = 1) -> Iterator[str]:
    """The demo server with a generated project of that many nodes."""
    port = free_port()
    words = [sys.executable, "-m", "tests.server.demo_server", "--port", str(port)]
    words += ["--nodes", str(nodes), "--seconds", str(seconds), "--runs", str(runs)]
    with _importable(folder), running(words, cwd=folder, port=port) as address:
        yield address


@contextmanager
def _importable(folder: Path) -> Iterator[None]:
    """Let a process that starts in ``folder`` import the tests."""
    (folder / "tests").symlink_to(ROOT / "tests")
    yield


def tidemill(project: Path, *words: str) -> None:
    """Run one command in a project; its output is shown when it fails."""
    command = [sys.executable, "-m", "tidemill", *words]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def copied(project: Path, folder: Path) -> Path:
    """A copy of a project, without what earlier builds left in it."""
    left_out = shutil.ignore_patterns("target", "logs", ".tidemill", "*.duckdb", "*.wal")
    return Path(shutil.copytree(project, folder / project.name, ignore=left_out))


class Wire:
    """Carries bytes between the browser and a server, and can be cut."""

    def __init__(self, address: str) -> None:
        self._target = int(address.rsplit(":", 1)[1])
        self._listener: socket.socket | None = None
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self.port = free_port()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connect(self) -> None:
        """Listen, on the same port each time."""
        listener = socket.create_server(("127.0.0.1", self.port))
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def cut(self) -> None:
        """Drop every connection and refuse new ones."""
        if self._listener is not None:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        for pair in self._pairs:
            for end in pair:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        self._pairs.clear()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                self._pairs.append((near, far))
                threading.Thread(target=_carry, args=(near, far), daemon=True).start()


def _carry(near: socket.socket, far: socket.socket) -> None:
    other = {near: far, far: near}
    with near, far, selectors.DefaultSelector() as selector, suppress(OSError):
        selector.register(near, selectors.EVENT_READ)
        selector.register(far, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                end = key.fileobj
                assert isinstance(end, socket.socket)
                data = end.recv(65536)
                if not data:
                    return
                other[end].sendall(data)
