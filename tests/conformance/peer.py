"""dbt-core at arm's length: requests to its environment, and a store of answers that took long.

What dbt makes of a project is kept beside its environment under a key of everything that it depends
on, so that only a changed project is run again. The folder goes with ``make clean``.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conformance.scenarios import Scenario, on_one_thread

_SIDE = Path(__file__).with_name("peer_side.py")


class Peer:
    """The dbt-core of the environment that ``program`` is in: one process that has imported it, forked for each request."""

    def __init__(self, program: Path) -> None:
        self._python = program.with_name("python")
        self._store = program.parent.parent / "conformance"
        self._process: subprocess.Popen[str] | None = None

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.communicate()
            self._process = None

    def ask(
        self,
        what: str,
        request: Mapping[str, Any],
        *,
        cwd: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """The answer of ``peer_side.py``. Raises AssertionError with its words when it fails."""
        if self._process is None:
            self._process = subprocess.Popen(
                [self._python, _SIDE],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=_bare_environment(),
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with tempfile.TemporaryDirectory() as folder:
            answer = Path(folder, "answer")
            asked = {
                "what": what,
                "request": request,
                "cwd": str(cwd or folder),
                "environment": environment or {},
                "answer": str(answer),
            }
            print(json.dumps(asked), file=self._process.stdin, flush=True)
            status = self._process.stdout.readline().strip()
            assert status == "0", Path(f"{answer}.log").read_text("utf-8")
            found: dict[str, Any] = json.loads(answer.read_text())
        return found

    def schemas(self) -> dict[str, Any]:
        """The JSON schemas that dbt publishes for its artifacts, by name."""
        kept = self._store / f"schemas-{_short(self._packages())}.json"
        self._store.mkdir(exist_ok=True)
        with locked(self._store / "schemas.lock"):
            if not kept.exists():
                kept.write_text(json.dumps(self.ask("schemas", {})))
        schemas: dict[str, Any] = json.loads(kept.read_text())
        return schemas

    def outcome(self, scenario: Scenario) -> Path:
        """The folder with what dbt left after each step of ``scenario``, and its exit codes."""
        kept = self._store / f"{scenario.name}-{self._key(scenario)}"
        self._store.mkdir(exist_ok=True)
        with locked(self._store / f"{scenario.name}.lock"):
            if not kept.exists():
                for stale in self._store.glob(f"{scenario.name}-*"):
                    shutil.rmtree(stale)
                self._run(scenario, kept)
        return kept

    def _run(self, scenario: Scenario, kept: Path) -> None:
        work = self._store / f"{scenario.name}.work"
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(scenario.folder, work / "project")
        on_one_thread(work / "project" / "profiles.yml")
        answer = self.ask(
            "steps",
            {"steps": scenario.steps, "prepare": scenario.prepare, "into": str(work / "kept")},
            cwd=work / "project",
            environment=scenario.environment,
        )
        (work / "kept" / "codes.json").write_text(json.dumps(answer["codes"]))
        (work / "kept").rename(kept)
        shutil.rmtree(work)

    def _key(self, scenario: Scenario) -> str:
        files = sorted(path for path in scenario.folder.rglob("*") if path.is_file())
        parts = [f"{p.relative_to(scenario.folder)}\n".encode() + p.read_bytes() for p in files]
        return _short(self._packages(), _SIDE.read_bytes(), b"one thread, no colours", *parts)

    def _packages(self) -> bytes:
        found = self._store.parent.glob("lib/python*/site-packages/*.dist-info")
        return "".join(sorted(path.name for path in found)).encode()


def _short(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def _bare_environment() -> dict[str, str]:
    return {
        **os.environ,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DBT_USE_COLORS": "false",
        "PYTHONHASHSEED": "0",
    }


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Only one of several test processes at a time."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
