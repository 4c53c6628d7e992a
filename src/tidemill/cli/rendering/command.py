"""Entries about the command itself: that it began, that it failed, how it ended."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tidemill import __version__
from tidemill.cli.rendering.entry import Entry
from tidemill.cli.rendering.warning_names import EVENTS
from tidemill.errors import TidemillError, render_fault
from tidemill.store.secrets import ENVIRONMENT_PREFIX

if TYPE_CHECKING:
    from tidemill.cli.arguments.settings import Settings
    from tidemill.engine.project.config import Target

_EVENTS_OF_ERRORS = {"semantic-layer": "SemanticValidationFailure"}
"""dbt's events that tell of single errors, by the codes of faults."""

MOST_FAULTS = 20
"""Faults that are printed in full."""

LOG_VERSION = 3
"""The version of dbt's structured log that the JSON form follows."""


def began() -> Entry:
    """``Running with tidemill=0.1.0``."""
    return Entry(
        name="MainReportVersion",
        code="A001",
        level="info",
        text=f"Running with tidemill={__version__}",
        data={"version": f"={__version__}", "log_version": LOG_VERSION},
    )


def arguments(values: Mapping[str, Any]) -> Entry:
    """The settings of the command, for the log."""
    shown = {name: str(value) for name, value in values.items() if value is not None}
    return Entry(
        name="MainReportArgs",
        code="A002",
        level="debug",
        text=f"running tidemill with arguments {shown}",
        data={"args": shown},
    )


def parsing(settings: Settings, target: Target) -> list[Entry]:
    """What parsing depends on beside the files, for the log."""
    shown = {
        name: "*****" if str(name).startswith(ENVIRONMENT_PREFIX) else value
        for name, value in (settings.get("vars") or {}).items()
    }
    text = f"vars: {shown}, profile: {target.profile_name}, target: {target.name}"
    entries = [
        Entry(
            name="StateCheckVarsHash",
            code="I025",
            level="debug",
            text=text,
            data={
                "vars": str(shown),
                "profile": target.profile_name,
                "target": target.name,
                "version": __version__,
            },
        )
    ]
    if not settings.get("partial_parse", True):
        text = "Partial parsing is switched off: every file is read anew"
        entries.append(
            Entry(name="PartialParsingNotEnabled", code="I028", level="debug", text=text)
        )
    return entries


def named(error: TidemillError) -> list[Entry]:
    """An entry for each fault of which dbt's log has an event of its own. For the log: ``failed`` tells all of them."""
    return [
        Entry(
            name=name,
            code=EVENTS[name],
            level="debug",
            text=render_fault(fault),
            data={"msg": fault.message},
        )
        for fault in error.faults
        if (name := _EVENTS_OF_ERRORS.get(fault.code)) is not None
    ]


def failed(error: TidemillError) -> Entry:
    """``Encountered an error:``, dbt's label in the next line, and then what, where and what to do."""
    text = _faults_text(error)
    return Entry(
        name="MainEncounteredError",
        code="Z002",
        level="error",
        text=f"Encountered an error:\n{text}",
        data={"exc": text},
    )


def _faults_text(error: TidemillError) -> str:
    """Every fault up to a number that somebody may read, and how many more there are."""
    faults = error.faults
    texts = [render_fault(fault) for fault in faults[:MOST_FAULTS]]
    left = len(faults) - MOST_FAULTS
    if left > 0:
        noun = "fault" if left == 1 else "faults"
        texts.append(f"and {left} more {noun}; `tidemill serve` shows all of them")
    return "\n\n".join(texts)


def crashed(error: BaseException, trace: str) -> tuple[Entry, Entry]:
    """A fault of ours: said in one line, with the whole trace for the log."""
    what = f"{type(error).__name__}: {error}"
    text = (
        "Encountered an error:\n"
        f"Internal Error\n  {what}\n"
        "  This is a fault of Tidemill, not of the project. The log file and --debug have the details."
    )
    said = Entry(
        name="MainEncounteredError", code="Z002", level="error", text=text, data={"exc": what}
    )
    details = Entry(
        name="MainStackTrace", code="Z003", level="debug", text=trace, data={"stack_trace": trace}
    )
    return said, details


def completed(command: str, *, success: bool, seconds: float) -> Entry:
    """How the command ended, for the log."""
    now = time.time()
    moment = datetime.fromtimestamp(now, tz=UTC)
    word = "succeeded" if success else "failed"
    clock = moment.strftime("%H:%M:%S.%f")
    return Entry(
        name="CommandCompleted",
        code="Q039",
        level="debug",
        text=f"Command `tidemill {command}` {word} at {clock} after {seconds:0.2f} seconds",
        data={
            "command": f"tidemill {command}",
            "success": success,
            "elapsed": seconds,
            "completed_at": moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        },
        at=now,
    )
