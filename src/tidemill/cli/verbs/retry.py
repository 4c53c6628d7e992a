"""``retry``: the previous command once more, for what failed or was skipped, with the flags that it had."""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tidemill.cli.application import DONE
from tidemill.cli.arguments.parser import Words
from tidemill.cli.arguments.settings import resolve
from tidemill.cli.arguments.verbs import Verb, verb_named
from tidemill.cli.invocation import Invocation, read_project_flags
from tidemill.cli.rendering.entry import note
from tidemill.commands.retry import Retry, read_retry
from tidemill.engine.project.project_file import read_project_file
from tidemill.errors import TidemillError

_FROM_NOW = frozenset(
    {
        "log_path",
        "output_path",
        "profiles_dir",
        "project_dir",
        "defer_state",
        "target_path",
        "warn_error",
    }
)
"""Flags that this command has, whatever the previous one had (dbt's rule)."""

_MAY_CHANGE = frozenset({"vars", "threads"})
"""Flags that this command may set anew."""

_NEVER = frozenset({"show"})


def run(invocation: Invocation) -> int:
    """Run what is left of the previous command."""
    folder = _folder(invocation)
    inside = folder.is_relative_to(invocation.root)
    retry = read_retry(
        folder,
        with_warnings=bool(invocation.settings["warn_error"]),
        shown=str(folder.relative_to(invocation.root)) if inside else None,
    )
    if retry.is_operation and not retry.unique_ids:
        invocation.outlet.say(note("The previous operation succeeded: there is nothing to retry"))
        return DONE
    again = _again(invocation, retry)
    code: int = importlib.import_module(again.words.verb.module).run(again)
    invocation.answer = again.answer
    return code


def _folder(invocation: Invocation) -> Path:
    """Where the previous artifacts are: ``--state``, or the project's target folder."""
    state = invocation.state_folder("state")
    if state:
        return Path(state)
    chosen = invocation.settings.get("target_path") or _target_path(invocation.root)
    return invocation.root / chosen


def _target_path(root: Path) -> str:
    """As the project file says. Whatever is wrong with it is told by whoever opens the project."""
    try:
        found = read_project_file(root).value.get("target-path")
    except TidemillError:
        return "target"
    return found if isinstance(found, str) and "{" not in found else "target"


def _again(invocation: Invocation, retry: Retry) -> Invocation:
    verb = verb_named(retry.verb)
    assert verb is not None
    words = Words(verb, verb.name, _values(verb, retry, invocation))
    settings = resolve(words, os.environ, read_project_flags(invocation.root))
    again = Invocation(
        words, settings, invocation.outlet, invocation.invocation_id, invocation.root
    )
    again.started_at = invocation.started_at
    again.retry = retry
    return again


def _values(verb: Verb, retry: Retry, invocation: Invocation) -> dict[str, Any]:
    """What stood on the previous command line, and over it what this one says."""
    known = {option.name for option in verb.all_options}
    known |= {argument.name for argument in verb.arguments}
    before = {
        name: value
        for name, value in retry.arguments.items()
        if name in known - _FROM_NOW - _NEVER and value not in (None, [], {}, "")
    }
    given: Mapping[str, Any] = invocation.words.values
    now = {k: v for k, v in given.items() if k in (_FROM_NOW | _MAY_CHANGE) and k in known}
    return before | now
