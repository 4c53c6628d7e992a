"""How processes end: killed in the middle of a build, or with threads that are still at work."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.adapters.duckdb.workshop import Workshop

ROOT = Path(__file__).parents[3]

BUILD = """
import sys
from pathlib import Path
from tests.adapters.duckdb.workshop import Workshop
Workshop(Path(sys.argv[1])).build(variables={"slow": True})
"""

WAIT = "select count(*) from range(10000000) a, range(100000) b where a.range + b.range = 3"

BUSY = """
import sys, threading, time
from pathlib import Path
from tidemill.adapters.duckdb.adapter import DuckDBAdapter
from tidemill.errors import TidemillError

root = Path(sys.argv[1])
adapter = DuckDBAdapter(DuckDBAdapter.normalise({"path": "shop.duckdb"}, root, "shop"), root)
adapter.open()

def at_work():
    try:
        while True:
            adapter.connection("c").execute(sys.argv[2])
    except TidemillError:
        pass

for _ in range(3):
    threading.Thread(target=at_work, daemon=True).start()
time.sleep(0.3)
print("the end")
"""


def python(code: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_a_killed_build_leaves_a_database_that_can_be_built(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    started = tmp_path / "started"
    hook = f"pre_hook=\"copy (select 1) to '{started}'\""
    slow = f"{{% if var('slow', false) %}}, ({WAIT}) as wait {{% endif %}}"
    shop.models(
        first="materialized='table'\nselect {{ 2 if var('slow', false) else 1 }} as i",
        second=f"materialized='table', {hook}\nselect i {slow} from {{{{ ref('first') }}}}",
        third=f"materialized='incremental'\nselect i {slow} from {{{{ ref('first') }}}}",
    )
    assert shop.build().failures == {}

    started.unlink()
    process = python(BUILD, str(tmp_path))
    deadline = time.monotonic() + 60
    while not started.exists() and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.05)
    time.sleep(0.2)
    process.send_signal(signal.SIGKILL)
    process.communicate()

    assert shop.rows("select first.i, second.i from first, second") == [(2, 1)]
    assert shop.build().failures == {}
    assert shop.rows("select i from second") == [(1,)]
    assert set(shop.relations()) == {"first", "second", "third"}


@pytest.mark.parametrize("sql", ["select 1", WAIT])
def test_a_process_ends_quietly_while_threads_work(tmp_path: Path, sql: str) -> None:
    process = python(BUSY, str(tmp_path), sql)

    output, errors = process.communicate(timeout=60)

    assert (process.returncode, output, errors) == (0, "the end\n", "")
