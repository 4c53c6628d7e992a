"""The program as a process: signals, pipes, a terminal, a server."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tidemill.store.opening import open_store
from tidemill.store.reading import list_runs

PROGRAM = [sys.executable, "-m", "tidemill"]
SLOW = (
    "{{ config(materialized='table') }} select count(*) as n "
    "from range(1000000) a, range(1000000) b where (a.range * b.range) % 7 = 3"
)
PATIENCE = 60.0


def start(*words: str, cwd: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*PROGRAM, *words],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        bufsize=1,
    )


def read_until(process: subprocess.Popen[str], words: str) -> list[str]:
    """Lines up to the first that has ``words``."""
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if words in line:
            return lines
    raise AssertionError(f"{words!r} never came: {lines}")


@pytest.fixture
def slow(shop: Path) -> Path:
    (shop / "models" / "slow.sql").write_text(SLOW)
    (shop / "models" / "after.sql").write_text("select * from {{ ref('slow') }}")
    return shop


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_ends_the_run_in_order(slow: Path, number: signal.Signals) -> None:
    process = start("run", "--select", "slow", "after", cwd=slow)
    read_until(process, "START sql table model main.slow")
    process.send_signal(number)
    rest, _ = process.communicate(timeout=PATIENCE)

    assert process.returncode == 2
    assert "CANCEL query model.shop.slow" in rest
    assert "Exited because of keyboard interrupt" in rest
    assert rest.rstrip().endswith("Done. PASS=0 WARN=0 ERROR=0 SKIP=2 NO-OP=0 TOTAL=2")
    assert "Traceback" not in rest
    store = open_store(slow)
    assert [run.status for run in list_runs(store, limit=5)] == ["cancelled"]
    store.close()
    statuses = json.loads((slow / "target" / "run_results.json").read_text())["results"]
    assert [result["status"] for result in statuses] == ["skipped", "skipped"]


def test_a_killed_run_leaves_a_usable_database(slow: Path) -> None:
    process = start("run", "--select", "slow", cwd=slow)
    read_until(process, "START sql table model main.slow")
    process.kill()
    process.communicate(timeout=PATIENCE)

    (slow / "models" / "slow.sql").write_text("select 1 as n")
    done = subprocess.run([*PROGRAM, "run", "--select", "slow"], cwd=slow, capture_output=True)
    assert done.returncode == 0


def test_a_reader_that_goes_away_does_not_stop_the_work(shop: Path) -> None:
    command = f"{' '.join(PROGRAM)} build | head -1"
    done = subprocess.run(command, shell=True, cwd=shop, capture_output=True, text=True)
    assert "Running with tidemill" in done.stdout
    assert done.stderr == ""
    assert (shop / "target" / "run_results.json").is_file()


def test_a_terminal_gets_a_live_display(shop: Path) -> None:
    main, terminal = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30"}
    environment.pop("NO_COLOR", None)
    process = subprocess.Popen(
        [*PROGRAM, "build"], cwd=shop, stdout=terminal, stderr=terminal, stdin=terminal,
        env=environment,
    )  # fmt: skip
    os.close(terminal)
    text = "".join(_everything(main))
    assert process.wait(timeout=PATIENCE) == 0
    assert "\x1b[?25l" in text, "the cursor is hidden while the display lives"
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l"), "and comes back"
    assert "\x1b[32mPASS" in text
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text)
    assert "Done. PASS=14 WARN=0 ERROR=0 SKIP=0 NO-OP=0 TOTAL=14" in plain
    assert " START " not in plain


def _everything(descriptor: int) -> Iterator[str]:
    stop = time.monotonic() + PATIENCE
    while time.monotonic() < stop:
        if not select.select([descriptor], [], [], 1.0)[0]:
            continue
        try:
            data = os.read(descriptor, 65536)
        except OSError:
            return
        if not data:
            return
        yield data.decode(errors="replace")


def test_serve_answers_until_it_is_stopped(shop: Path) -> None:
    process = start("serve", "--port", "0", cwd=shop)
    line = read_until(process, "Serving shop at ")[-1]
    found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
    assert found is not None
    with urllib.request.urlopen(f"{found.group()}api/project", timeout=PATIENCE) as reply:
        project = json.load(reply)
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=PATIENCE)
    assert project["name"] == "shop"
    assert process.returncode == 0
    assert "Traceback" not in rest


def test_the_demo(tmp_path: Path) -> None:
    words = ["demo", "--once", "--into", str(tmp_path / "season"), "--vars", "{scenarios: 50}"]
    elsewhere = {**os.environ, "DBT_PROFILES_DIR": "/nowhere", "DBT_TARGET": "production"}
    done = subprocess.run(
        [*PROGRAM, *words], cwd=tmp_path, capture_output=True, text=True, env=elsewhere
    )
    assert done.returncode == 0, done.stdout
    assert "Completed successfully" in done.stdout
    rows = [line.split() for line in done.stdout.splitlines() if line.startswith("  ")]
    assert [row[:2] for row in rows[:3]] == [
        ["seconds", "simulated"],
        ["tidemill", "build"],
        ["DuckDB", "alone"],
    ]
