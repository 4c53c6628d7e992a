"""Chooses the console for the settings and the terminal, and opens the log file once the project is known."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO, cast

from tidemill.cli.arguments.settings import Settings
from tidemill.cli.output.console import Console, Form, Formatter, PlainConsole
from tidemill.cli.output.logfile import LogFile
from tidemill.cli.output.outlet import Outlet
from tidemill.store.secrets import Scrubber, secrets_of_environment


def open_outlet(
    settings: Settings,
    invocation_id: str,
    *,
    stream: TextIO | None = None,
    environment: Mapping[str, str] | None = None,
) -> Outlet:
    """The outlet of one command. Its log file follows with ``open_log``."""
    found = os.environ if environment is None else environment
    console = _console(settings, invocation_id, stream or sys.stdout, found)
    return Outlet(console, width=settings["printer_width"])


def open_log(settings: Settings, invocation_id: str, folder: Path) -> LogFile | None:
    """The log file in ``folder``, or None where the settings want none.

    Raises OSError when the folder cannot be written to.
    """
    level = "debug" if settings["debug"] else settings["log_level_file"]
    if level == "none":
        return None
    formatter = Formatter(
        _form(settings["log_format_file"], "debug"),
        colours=bool(settings["use_colors_file"]),
        invocation_id=invocation_id,
        mask=_mask(),
    )
    return LogFile(
        folder,
        formatter,
        level=level,
        invocation_id=invocation_id,
        max_bytes=settings["log_file_max_bytes"],
    )


def console_level(settings: Settings) -> str:
    """The least severe level that the console shows."""
    if settings["log_level"] == "none":
        return "none"
    if settings["quiet"]:
        return "error"
    return "debug" if settings["debug"] else str(settings["log_level"])


def wants_statements(settings: Settings) -> bool:
    """Whether anybody will read the statements that were executed."""
    levels = (console_level(settings), settings["log_level_file"])
    return bool(settings["debug"]) or "debug" in levels


def _console(
    settings: Settings, invocation_id: str, stream: TextIO, environment: Mapping[str, str]
) -> Console:
    form = _form(settings["log_format"], "text")
    formatter = Formatter(
        form,
        colours=_colours(settings, form, stream, environment),
        invocation_id=invocation_id,
        mask=_mask(),
    )
    level = console_level(settings)
    if form == "text" and level in {"info", "warn"} and _is_live(stream, environment):
        from tidemill.cli.output.live import LiveConsole

        return LiveConsole(stream, formatter, level)
    return PlainConsole(stream, formatter, level)


def _form(word: str, default: Form) -> Form:
    return default if word == "default" else cast("Form", word)


def _colours(
    settings: Settings, form: Form, stream: TextIO, environment: Mapping[str, str]
) -> bool:
    """As told; otherwise on a terminal, unless NO_COLOR (no-color.org) is set."""
    if form == "json":
        return False
    if settings["use_colors"] is not None:
        return bool(settings["use_colors"])
    return stream.isatty() and not environment.get("NO_COLOR")


def _is_live(stream: TextIO, environment: Mapping[str, str]) -> bool:
    return stream.isatty() and environment.get("TERM", "dumb") != "dumb"


def _mask() -> Scrubber | None:
    secrets = secrets_of_environment()
    return Scrubber(secrets) if secrets else None
