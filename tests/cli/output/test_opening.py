"""Which console the settings and the terminal call for."""

from __future__ import annotations

import io

import pytest

from tidemill.cli.arguments.parser import parse_words
from tidemill.cli.arguments.settings import Settings, resolve
from tidemill.cli.output.live import LiveConsole
from tidemill.cli.output.opening import console_level, open_outlet, wants_statements


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


TERMINAL = {"TERM": "xterm-256color"}


def settings(line: str) -> Settings:
    return resolve(parse_words(line.split()), {}, {})


@pytest.mark.parametrize(
    ("line", "environment", "is_live"),
    [
        ("build", TERMINAL, True),
        ("build", {"TERM": "dumb"}, False),
        ("build", {}, False),
        ("build --log-format json", TERMINAL, False),
        ("build --log-format debug", TERMINAL, False),
        ("build --quiet", TERMINAL, False),
        ("build --debug", TERMINAL, False),
    ],
)
def test_live_on_a_terminal(line: str, environment: dict[str, str], is_live: bool) -> None:
    outlet = open_outlet(settings(line), "id", stream=Terminal(), environment=environment)
    assert isinstance(outlet._console, LiveConsole) is is_live


def test_never_live_in_a_pipe() -> None:
    outlet = open_outlet(settings("build"), "id", stream=io.StringIO(), environment=TERMINAL)
    assert not isinstance(outlet._console, LiveConsole)


@pytest.mark.parametrize(
    ("line", "stream", "environment", "colours"),
    [
        ("build", Terminal(), TERMINAL, True),
        ("build", Terminal(), TERMINAL | {"NO_COLOR": "1"}, False),
        ("build", io.StringIO(), TERMINAL, False),
        ("build --use-colors", io.StringIO(), {"NO_COLOR": "1"}, True),
        ("build --no-use-colors", Terminal(), TERMINAL, False),
        ("build --use-colors --log-format json", Terminal(), TERMINAL, False),
    ],
)
def test_colours(
    line: str, stream: io.StringIO, environment: dict[str, str], colours: bool
) -> None:
    outlet = open_outlet(settings(line), "id", stream=stream, environment=environment)
    assert outlet._console._formatter._colours is colours  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("line", "level", "statements"),
    [
        ("build", "info", True),
        ("build --log-level-file info", "info", False),
        ("build --debug", "debug", True),
        ("build --quiet", "error", True),
        ("build --log-level none --log-level-file none", "none", False),
        ("build --log-level warn", "warn", False),
    ],
)
def test_levels(line: str, level: str, statements: bool) -> None:
    assert (console_level(settings(line)), wants_statements(settings(line))) == (level, statements)
