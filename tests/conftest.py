"""What every test shares: a machine without a user's settings, a browser, the dbt to compare with.

A test that needs something this machine does not have is skipped, and the end of the report lists it
with the reason: a skip nobody sees is a test nobody has.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import postgres_server
from tests.postgres_server import PostgresServer
from tidemill.adapters.bridge.finding import is_installed

ROOT = Path(__file__).parent.parent
_SETTINGS = ("DBT_", "TIDEMILL_")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_NOT_HERE = "cannot run here: "
_CHROMIUM = os.environ.get("TIDEMILL_CHROMIUM") or next(
    filter(None, map(shutil.which, _BROWSERS)), None
)
_INDEX = ROOT / "src" / "tidemill" / "server" / "static" / "index.html"
_PEER = ROOT / ".venv-dbt" / "bin" / "dbt"


def _browser_is_missing() -> str | None:
    if _CHROMIUM is None:
        return "no Chromium (as root on Debian `make test` installs it; else set TIDEMILL_CHROMIUM)"
    return None if _INDEX.is_file() else "the web app is not built (`make setup`)"


def _peer_is_missing() -> str | None:
    return None if _PEER.is_file() else "no dbt-core to compare with (`make test` makes .venv-dbt)"


_NEEDS: dict[str, Callable[[], str | None]] = {
    "browser": _browser_is_missing,
    "conformance": _peer_is_missing,
    "postgres": postgres_server.missing,
}


def pytest_configure(config: pytest.Config) -> None:
    """Choose where this session's Postgres server will be; it starts when a test first needs it."""
    # Shells have Ctrl-C ignored in the background, and what tests start would inherit that.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if not hasattr(config, "workerinput"):
        postgres_server.prepare()


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the Postgres server, when all workers are through."""
    if not hasattr(config, "workerinput"):
        postgres_server.finish()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep journeys on one worker (one server, one browser), and mark what cannot run here."""
    _leave_to_the_other_environment(config, items)
    reasons = {name: missing() for name, missing in _NEEDS.items()}
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))
        for name, reason in reasons.items():
            if reason and item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=_NOT_HERE + reason))


def _leave_to_the_other_environment(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of the bridge run where dbt's plugins are: `make bridge`, which `make test` calls, and `make spark`."""
    plugins = {"bridge": "postgres", "spark": "spark"}
    away = [name for name, plugin in plugins.items() if not is_installed(plugin)]
    elsewhere = [item for item in items if any(map(item.get_closest_marker, away))]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List the tests that this machine could not run, each with its reason."""
    missed = [
        (report.nodeid, str(report.longrepr[2]))
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple) and _NOT_HERE in str(report.longrepr[2])
    ]
    if missed:
        terminalreporter.section(f"{len(missed)} tests could not run on this machine", yellow=True)
        for nodeid, reason in missed:
            terminalreporter.line(f"{nodeid}: {reason.removeprefix('Skipped: ')}")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the Chromium that playwright drives; for tests marked `browser`."""
    assert _CHROMIUM is not None, "mark the test with `browser`"
    return _CHROMIUM


@pytest.fixture(scope="session")
def peer_dbt() -> Path:
    """Return the `dbt` program of the peer environment; for tests marked `conformance`."""
    return _PEER


@pytest.fixture(scope="session")
def postgres() -> PostgresServer:
    """Return a running Postgres server; for tests marked `postgres`."""
    return postgres_server.running()


@pytest.fixture
def postgres_schema(postgres: PostgresServer) -> str:
    """Return the name of a new and empty schema of that server."""
    name = f"test_{secrets.token_hex(6)}"
    postgres.execute(f"create schema {name}")
    return name


@pytest.fixture
def projects() -> Path:
    """Return the folder of the small dbt projects that tests run: copy one before writing to it."""
    return ROOT / "tests" / "projects"


@pytest.fixture(autouse=True)
def _no_user_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Hide the user's own profiles, environment settings and colours from the code under test."""
    for name in list(os.environ):
        if name.startswith(_SETTINGS):
            monkeypatch.delenv(name)
    home = tmp_path_factory.getbasetemp() / "home"
    home.mkdir(exist_ok=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("NO_COLOR", "1")
