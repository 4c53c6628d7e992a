from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.server.test_project_service import FILES, SLOW, write
from tidemill.errors import ConfigurationError
from tidemill.server.serving import Address, is_loopback, open_socket, token_for
from tidemill.store.database import Store
from tidemill.store.opening import open_store
from tidemill.store.reading import list_runs, read_run

PROGRAM = """
    import sys
    from pathlib import Path
    from tidemill.commands.opening import Opening
    from tidemill.server.serving import ProjectOptions, serve
    host, token = sys.argv[2], sys.argv[3] or None
    options = ProjectOptions(root=Path(sys.argv[1]), opening=Opening())
    serve(options, host, 0, token, on_ready=lambda address: print(address.url, flush=True))
    print("ended", flush=True)
"""


class Running:
    """`serve` in a process of its own."""

    def __init__(self, root: Path, host: str = "127.0.0.1", token: str = "") -> None:
        command = [sys.executable, "-c", textwrap.dedent(PROGRAM), str(root), host, token]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        self.url = self.address.partition("/?")[0].rstrip("/")

    def post_run(self, **request: Any) -> str:
        reply = httpx.post(f"{self.url}/api/runs", json=request, timeout=30.0)
        assert reply.status_code == 202, reply.text
        run_id: str = reply.json()["run_id"]
        return run_id

    def end(self, number: int) -> tuple[float, str, str]:
        """Send a signal; the seconds until the end, and what was printed."""
        begun = time.monotonic()
        self.process.send_signal(number)
        output, errors = self.process.communicate(timeout=20)
        return time.monotonic() - begun, output, errors


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        write(tmp_path, name, text)
    write(tmp_path, "models/slow.sql", "{{ config(materialized='table') }}" + SLOW)
    write(tmp_path, "models/after.sql", "select * from {{ ref('slow') }}")
    return tmp_path


@pytest.fixture
def server(root: Path) -> Iterator[Running]:
    server = Running(root)
    yield server
    if server.process.poll() is None:
        server.process.kill()
        server.process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_everything_in_order_and_soon(
    server: Running, root: Path, number: int
) -> None:
    run_id = server.post_run(command="build", select="slow after")
    with connect(f"{server.url.replace('http', 'ws')}/api/stream", proxy=None) as stream:
        _wait_for(root, run_id, slow="running")
        seconds, output, errors = server.end(number)
        with pytest.raises(ConnectionClosed):
            while True:
                stream.recv(timeout=10)

    # Half a second on a quiet machine, most of it Python's own end; tests run beside each other.
    assert seconds < 5.0
    assert (output, errors, server.process.returncode) == ("ended\n", "", 0)
    store = open_store(root)
    run = read_run(store, run_id)
    store.close()
    assert run is not None
    assert run.status == "cancelled"
    assert {node.name: node.status for node in run.nodes} == {
        "slow": "cancelled",
        "after": "cancelled",
    }


def test_killed_in_a_build_the_next_server_tells_of_a_crash_and_builds(
    server: Running, root: Path
) -> None:
    run_id = server.post_run(command="build", select="raw_orders slow after")
    _wait_for(root, run_id, raw_orders="success", slow="running")
    server.end(signal.SIGKILL)

    again = Running(root)
    try:
        (run,) = httpx.get(f"{again.url}/api/runs").json()["runs"]
        assert (run["id"], run["status"]) == (run_id, "crashed")
        detail = httpx.get(f"{again.url}/api/runs/{run_id}").json()
        assert {node["name"]: node["status"] for node in detail["nodes"]} == {
            "raw_orders": "success",
            "slow": "cancelled",
            "after": "skipped",
        }
        rows = httpx.get(f"{again.url}/api/nodes/seed.shop.raw_orders/rows").json()
        assert len(rows["rows"]) == 3
        second = again.post_run(command="seed")
        _wait_until(lambda: _runs(root)[second] == "success")
    finally:
        again.end(signal.SIGTERM)


def test_other_machines_need_a_token(root: Path) -> None:
    server = Running(root, host="0.0.0.0")
    try:
        match = re.fullmatch(r"http://\S+:(\d+)/\?token=(\S{32})", server.address)
        assert match is not None
        url = f"http://127.0.0.1:{match[1]}/api/project"
        assert httpx.get(url).status_code == 401
        headers = {"authorization": f"Bearer {match[2]}"}
        assert httpx.get(url, headers=headers).status_code == 200
    finally:
        _, output, errors = server.end(signal.SIGINT)
    assert match[2] not in output + errors


def test_a_port_in_use_is_named_with_one_that_is_free() -> None:
    with open_socket("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError) as caught:
            open_socket("127.0.0.1", port)
    assert caught.value.fault.code == "port-in-use"
    assert f"Port {port} on 127.0.0.1 is in use" in caught.value.fault.message
    assert re.search(r"port (\d+) is free: --port \1", caught.value.fault.hint or "")


@pytest.mark.parametrize("host", ["not a host name", "192.0.2.1"])
def test_an_address_that_is_not_ours(host: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        open_socket(host, 0)
    assert caught.value.fault.code == "port-refused"
    assert host in caught.value.fault.message


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("localhost", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.2", False),
        ("example.org", False),
    ],
)
def test_which_hosts_are_this_machine_alone(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_when_there_is_a_token() -> None:
    assert token_for("127.0.0.1", None) is None
    assert token_for("127.0.0.1", "mine") == "mine"
    assert token_for("0.0.0.0", "mine") == "mine"
    made = token_for("0.0.0.0", "")
    assert made is not None
    assert len(made) == 32
    assert made != token_for("0.0.0.0", None)


def test_addresses() -> None:
    assert Address(host="127.0.0.1", port=1).url == "http://127.0.0.1:1/"
    assert Address(host="::1", port=1, token="t").url == "http://[::1]:1/?token=t"
    assert Address(host="0.0.0.0", port=1).url == f"http://{socket.gethostname()}:1/"


def _wait_for(root: Path, run_id: str, **statuses: str) -> None:
    """Wait until nodes of the run have these statuses."""
    store = open_store(root)
    try:
        _wait_until(lambda: statuses.items() <= _statuses(store, run_id).items())
    finally:
        store.close()


def _statuses(store: Store, run_id: str) -> dict[str, str]:
    run = read_run(store, run_id)
    assert run is not None
    return {node.name: node.status for node in run.nodes}


def _runs(root: Path) -> dict[str, str]:
    store = open_store(root)
    try:
        return {run.id: run.status for run in list_runs(store)}
    finally:
        store.close()


def _wait_until(condition) -> None:
    until = time.monotonic() + 20.0
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)
