"""Methods that compare with the artifacts of an earlier command: ``state:``, ``result:``, ``source_status:``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tidemill.engine.selection.expressions import Criterion
from tidemill.engine.selection.scope import Scope
from tidemill.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from tidemill.engine.artifacts.state import State
    from tidemill.engine.selection.changes import Changes

_QUESTIONS: dict[str, Callable[[Changes, str], bool]] = {
    "new": lambda changes, key: changes.is_new(key),
    "old": lambda changes, key: not changes.is_new(key),
    "modified": lambda changes, key: changes.is_modified(key),
    "unmodified": lambda changes, key: not changes.is_modified(key),
    "modified.body": lambda changes, key: changes.body_modified(key),
    "modified.configs": lambda changes, key: changes.configs_modified(key),
    "modified.persisted_descriptions": lambda changes, key: changes.descriptions_modified(key),
    "modified.relation": lambda changes, key: changes.relation_modified(key),
    "modified.macros": lambda changes, key: changes.macros_modified(key),
    "modified.contract": lambda changes, key: changes.contract_modified(key),
}


def state(scope: Scope, criterion: Criterion) -> Iterator[str]:
    """``state:modified``, ``state:new`` and so on, against the manifest in ``--state``."""
    word = str(criterion.value)
    question = _QUESTIONS.get(word)
    if question is None:
        raise UsageError(
            f"'{word}' is nothing to ask of a state in the selector {criterion.raw!r}",
            code="selector",
            hint=did_you_mean(word, _QUESTIONS) or f"choose one of {', '.join(_QUESTIONS)}",
        )
    if scope.changes is None:
        raise _missing("Got a state selector method, but no comparison manifest", criterion, scope)
    changes = scope.changes
    for resource in scope.everything():
        if question(changes, resource.unique_id):
            yield resource.unique_id


def result(scope: Scope, criterion: Criterion) -> Iterator[str]:
    """``result:error`` and so on: by the status in the run_results.json of ``--state``."""
    if scope.state is None or scope.state.run_results is None:
        raise _missing("No comparison run_results", criterion, scope)
    wanted = str(criterion.value)
    found = {
        entry["unique_id"]
        for entry in scope.state.run_results.get("results") or ()
        if entry["status"] == wanted
    }
    return (r.unique_id for r in scope.everything() if r.unique_id in found)


def source_status(scope: Scope, criterion: Criterion) -> Iterator[str]:
    """``source_status:fresher``: sources with newer rows than the sources.json of ``--state`` saw."""
    if scope.state is None or scope.state.sources is None:
        raise _missing(
            "No previous state comparison freshness results in sources.json", criterion, scope
        )
    if scope.state.sources_now is None:
        raise UsageError(
            "No current state comparison freshness results in sources.json",
            code="selector-state",
            hint="run 'tidemill source freshness' first",
        )
    found = _fresher(scope.state) if criterion.value == "fresher" else set[str]()
    return (r.unique_id for r in scope.everything() if r.unique_id in found)


def _fresher(state: State) -> set[str]:
    before, now = _moments(state.sources or {}), _moments(state.sources_now or {})
    return {key for key, moment in now.items() if key not in before or moment > before[key]}


def _moments(sources: Mapping[str, Any]) -> dict[str, str]:
    """The newest row of each source that could be asked. Times of this form compare as text."""
    return {
        entry["unique_id"]: entry["max_loaded_at"]
        for entry in sources.get("results") or ()
        if entry.get("max_loaded_at")
    }


def _missing(message: str, criterion: Criterion, scope: Scope) -> UsageError:
    if scope.state is None:
        hint = (
            f"give the folder of the artifacts that {criterion.raw!r} compares with: --state FOLDER"
        )
    else:
        hint = f"{scope.state.folder} does not hold the artifact that {criterion.raw!r} needs"
    return UsageError(message, code="selector-state", hint=hint)
