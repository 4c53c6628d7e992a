"""The end of a run: what ran, what went wrong and where to look, and dbt's line of counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tidemill.cli.rendering.entry import Colour, Entry, blank
from tidemill.cli.rendering.groups import Owner
from tidemill.cli.rendering.node_info import Lookup, node_info
from tidemill.cli.rendering.phrases import duration, plural, tallied
from tidemill.errors import render_fault
from tidemill.events import HookFinished, Level, NodeFinished, RunFinished

_COUNTED_AS = {
    "success": "pass",
    "pass": "pass",
    "warn": "warn",
    "error": "error",
    "fail": "error",
    "partial success": "error",
    "skipped": "skip",
    "cancelled": "skip",
    "no-op": "noop",
}


class Tally:
    """What has ended in a run, in order."""

    def __init__(self) -> None:
        self.nodes: list[NodeFinished] = []
        self.hooks: list[HookFinished] = []

    @property
    def failures(self) -> list[NodeFinished]:
        return [event for event in self.nodes if event.status in {"error", "fail"}]

    @property
    def partial_successes(self) -> int:
        return sum(event.status == "partial success" for event in self.nodes)

    @property
    def warnings(self) -> list[NodeFinished]:
        return [event for event in self.nodes if event.status == "warn"]

    @property
    def failed_hooks(self) -> list[HookFinished]:
        return [event for event in self.hooks if event.status in {"error", "fail"}]

    @property
    def has_problems(self) -> bool:
        """Whether something failed, or was skipped behind what has no line of its own (ephemeral models)."""
        skipped = any(event.status == "skipped" for event in self.nodes)
        return bool(self.failures or self.failed_hooks or self.partial_successes or skipped)

    def stats(self) -> dict[str, int]:
        """dbt's counts, hooks included."""
        found = dict.fromkeys(("error", "noop", "pass", "skip", "total", "warn"), 0)
        statuses = [event.status for event in self.nodes] + [hook.status for hook in self.hooks]
        for status in statuses:
            found[_COUNTED_AS.get(status, "noop")] += 1
            found["total"] += 1
        return found


def summary(event: RunFinished, tally: Tally, lookup: Lookup, owner: Owner) -> list[Entry]:
    """All entries for the end of a run. Of one that an error ended, it is the error that is told."""
    if event.status == "failed" and not tally.has_problems:
        ran = bool(tally.nodes or tally.hooks)
        return [blank(event.at), _what_ran(event, tally), blank(event.at)] if ran else []
    entries = [blank(event.at), _what_ran(event, tally), blank(event.at), _verdict(event, tally)]
    for hook in tally.failed_hooks:
        entries += _hook_problem(hook)
    for node in tally.failures:
        entries += _problem(node, lookup, owner)
    for node in tally.warnings:
        entries += _problem(node, lookup, owner)
    return [*entries, blank(event.at), _stats(event, tally)]


def freshness_summary(
    event: RunFinished, tally: Tally, lookup: Lookup, owner: Owner
) -> list[Entry]:
    """All entries for the end of a check of sources: what is stale or could not be asked, and no counts."""
    entries = [blank(event.at), _what_ran(event, tally)]
    for hook in tally.failed_hooks:
        entries += _hook_problem(hook)
    for node in tally.failures:
        entries += _problem(node, lookup, owner)
    done = Entry(
        name="FreshnessCheckComplete", code="Q003", level="info", text="Done.", at=event.at
    )
    return [*entries, blank(event.at), done]


def kinds(nodes: Iterable[NodeFinished], hooks: Sequence[HookFinished] = ()) -> str:
    """``1 table model, 2 data tests``: what ran, by dbt's kinds."""
    words = [_kind(event) for event in nodes] + ["project hook"] * len(hooks)
    return tallied(words)


def _kind(event: NodeFinished) -> str:
    if event.resource_type != "model":
        return event.resource_type
    # The description is dbt's: `sql table model main.orders`.
    words = event.description.split()
    if len(words) <= 3:
        return "model"
    return "incremental model" if words[1] == "microbatch" else f"{words[1]} model"


def _what_ran(event: RunFinished, tally: Tally) -> Entry:
    what = kinds(tally.nodes, tally.hooks)
    text = f"Finished running {what} in {duration(event.seconds)} ({event.seconds:0.2f}s)."
    data = {
        "stat_line": what,
        "execution": f" in {duration(event.seconds)}",
        "execution_time": event.seconds,
    }
    return Entry(
        name="FinishedRunningStats", code="E047", level="info", text=text, data=data, at=event.at
    )


def _verdict(event: RunFinished, tally: Tally) -> Entry:
    errors = len(tally.failures) + len(tally.failed_hooks)
    warnings = len(tally.warnings)
    cancelled = event.status == "cancelled"
    partial = tally.partial_successes
    text, colour = _verdict_words(errors, partial, warnings, cancelled=cancelled)
    data = {
        "keyboard_interrupt": cancelled,
        "num_errors": errors,
        "num_partial_success": partial,
        "num_warnings": warnings,
    }
    return Entry(
        name="EndOfRunSummary",
        code="Z030",
        level="info",
        text=text,
        data=data,
        at=event.at,
        colour=colour,
    )


def _verdict_words(
    errors: int, partial: int, warnings: int, *, cancelled: bool
) -> tuple[str, Colour]:
    if cancelled:
        return "Exited because of keyboard interrupt", "yellow"
    partly = f"{partial} partial {'success' if partial == 1 else 'successes'}"
    if errors:
        counts = f"{plural(errors, 'error')}, {partly}, and {plural(warnings, 'warning')}"
        return f"Completed with {counts}:", "red"
    if partial:
        return f"Completed with {partly} and {plural(warnings, 'warning')}", "yellow"
    if warnings:
        return f"Completed with {plural(warnings, 'warning')}:", "yellow"
    return "Completed successfully", "green"


def _problem(event: NodeFinished, lookup: Lookup, owner: Owner) -> list[Entry]:
    node = lookup(event.unique_id)
    group = owner(node)
    info = node_info(node)
    path = node.original_file_path if node else ""
    is_warning = event.status == "warn"
    level: Level = "warn" if is_warning else "error"
    head = Entry(
        name="RunResultWarning" if is_warning else "RunResultFailure",
        code="Z021" if is_warning else "Z022",
        level=level,
        text=f"{'Warning' if is_warning else 'Failure'} in {event.resource_type} {event.name}"
        + (f" ({path})" if path else ""),
        data={
            "node_info": info,
            "node_name": event.name,
            "path": path,
            "resource_type": event.resource_type,
            **group,
        },
        at=event.at,
        colour="yellow" if is_warning else "red",
    )
    body = Entry(
        name="RunResultWarningMessage" if is_warning else "RunResultError",
        code="Z046" if is_warning else "Z024",
        level=level,
        text=_indented(_what_happened(event)),
        data={"msg": _what_happened(event), "node_info": info, **group},
        at=event.at,
    )
    entries = [blank(event.at), head, body]
    if event.compiled_path:
        entries += [
            blank(event.at),
            Entry(
                name="SQLCompiledPath",
                code="Z026",
                level="info",
                text=f"  compiled code at {event.compiled_path}",
                data={"node_info": info, "path": event.compiled_path},
                at=event.at,
            ),
        ]
    if event.resource_type == "test" and event.relation:
        entries += [blank(event.at), _stored_failures(event.relation, info, event.at)]
    return entries


def _stored_failures(relation: str, info: dict[str, Any], at: float) -> Entry:
    query = f"select * from {relation}"
    rule = "-" * len(query)
    return Entry(
        name="CheckNodeTestFailure",
        code="Z027",
        level="info",
        text=f"  See test failures:\n  {rule}\n  {query}\n  {rule}",
        data={"node_info": info, "relation_name": relation},
        at=at,
    )


def _hook_problem(event: HookFinished) -> list[Entry]:
    head = Entry(
        name="RunResultFailure",
        code="Z022",
        level="error",
        text=f"Failure in hook {event.name}",
        data={"node_name": event.name, "path": "", "resource_type": "operation"},
        at=event.at,
        colour="red",
    )
    message = f"{event.name} failed, error:\n {event.message}"
    body = Entry(
        name="RunResultError",
        code="Z024",
        level="error",
        text=_indented(message),
        data={"msg": message},
        at=event.at,
    )
    return [blank(event.at), head, body]


def _what_happened(event: NodeFinished) -> str:
    return render_fault(event.fault) if event.fault else event.message


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" if line else line for line in text.splitlines())


def _stats(event: RunFinished, tally: Tally) -> Entry:
    stats = tally.stats()
    text = (
        f"Done. PASS={stats['pass']} WARN={stats['warn']} ERROR={stats['error']} "
        f"SKIP={stats['skip']} NO-OP={stats['noop']} TOTAL={stats['total']}"
    )
    return Entry(
        name="StatsLine", code="Z023", level="info", text=text, data={"stats": stats}, at=event.at
    )
