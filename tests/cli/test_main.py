"""Starting up: what answers at once, and what must not be imported for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import tidemill
from tests.cli.conftest import Tidemill

HEAVY = {
    "alembic",
    "duckdb",
    "httpx",
    "jinja2",
    "msgspec",
    "pandas",
    "polars",
    "pyarrow",
    "pytz",
    "rich",
    "sqlalchemy",
    "sqlglot",
    "starlette",
    "uvicorn",
    "yaml",
}


def imported_by(*words: str) -> set[str]:
    """Top-level modules in memory after ``tidemill`` was run with ``words``, beyond Python's own start."""
    script = (
        "import sys; before = set(sys.modules); from tidemill.cli.main import main; "
        f"main({list(words)!r}); after = set(sys.modules); "
        "print(*sorted(after - before), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in done.stderr.split()}


@pytest.mark.parametrize("word", ["--version", "-v", "-V"])
def test_version(tidemill: Tidemill, word: str) -> None:
    assert tidemill(word) == (0, f"tidemill {_version()}\n", "")


def test_version_among_other_words(tidemill: Tidemill) -> None:
    assert tidemill("run", "--version").out == f"tidemill {_version()}\n"


def test_version_imports_nothing() -> None:
    assert imported_by("--version") <= {"tidemill", "__future__"}


def test_help_imports_nothing_heavy() -> None:
    found = imported_by("build", "--help")
    assert not found & HEAVY


def test_parsing_loads_no_driver(shop: Path) -> None:
    for _ in range(2):
        found = imported_by("parse")
        assert not found & {
            "duckdb",
            "pyarrow",
            "pandas",
            "sqlalchemy",
            "sqlglot",
            "starlette",
            "asyncio",
        }


def test_wrong_words_import_nothing_heavy() -> None:
    assert not imported_by("biuld") & HEAVY


def test_python_dash_m() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tidemill", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"tidemill {_version()}\n"


def _version() -> str:
    return tidemill.__version__
