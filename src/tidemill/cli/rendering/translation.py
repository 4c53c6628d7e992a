"""From the event stream to dbt's log entries. Holds what must be remembered between events, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, assert_never

import msgspec

from tidemill.cli.rendering import node_lines, summary
from tidemill.cli.rendering.entry import Colour, Entry, blank
from tidemill.cli.rendering.groups import GroupLookup, group_data
from tidemill.cli.rendering.node_info import Lookup, node_info
from tidemill.cli.rendering.phrases import counted, progress_line
from tidemill.cli.rendering.warning_names import EVENTS, warning_name
from tidemill.errors import render_fault
from tidemill.events import (
    AnyEvent,
    FaultFound,
    HookFinished,
    HookStarted,
    Message,
    NodeFinished,
    NodeStarted,
    NodeStatus,
    ParseFinished,
    ParseStarted,
    RunFinished,
    RunStarted,
    SqlExecuted,
)

if TYPE_CHECKING:
    from tidemill.engine.nodes import Resource

MESSAGE_NAMES = {
    "D029": "CustomOutputPathInSourceFreshnessDeprecation",
    "E041": "WriteCatalogFailure",
    "E042": "CatalogWritten",
    "E043": "CannotGenerateDocs",
    "E044": "BuildingCatalog",
    "I024": "UnableToPartialParse",
    "I061": "JinjaLogWarning",
    "I052": "SeedIncreased",
    "I053": "SeedExceedsLimitSamePath",
    "I054": "SeedExceedsLimitAndPathChanged",
    "I071": "UnversionedBreakingChange",
    "I072": "WarnStateTargetEqual",
    "I062": "JinjaLogInfo",
    "I063": "JinjaLogDebug",
    "D001": "PackageRedirectDeprecation",
    "M013": "DepsNoPackagesFound",
    "M014": "DepsStartPackageInstall",
    "M015": "DepsInstallInfo",
    "M016": "DepsUpdateAvailable",
    "M017": "DepsUpToDate",
    "M018": "DepsListSubdirectory",
    "M019": "DepsNotifyUpdatesAvailable",
    "M028": "DepsSetDownloadDirectory",
    "M029": "DepsUnpinned",
    "M030": "NoNodesForSelectionCriteria",
    "M031": "DepsLockUpdating",
    "M032": "DepsAddPackage",
    "M033": "DepsFoundDuplicatePackage",
    "Q035": "NothingToDo",
    "Q038": "NoNodesSelected",
    "Q044": "MicrobatchExecutionDebug",
    "Q045": "LogStartBatch",
    "Q046": "LogBatchResult",
    "W004": "GenericExceptionOnRun",
}
"""dbt's names of the messages whose codes it knows."""

PRINT = "Z052"
"""The code of what ``print()`` says: shown bare, and even when the rest is quiet."""

_COUNTED_LAST = (
    "source",
    "exposure",
    "metric",
    "macro",
    "group",
    "semantic_model",
    "saved_query",
    "unit_test",
)
"""dbt counts what is built first, and then these."""

_HOOK_WORDS: dict[NodeStatus, tuple[str, Colour]] = {
    "success": ("OK", "green"),
    "skipped": ("SKIP", "yellow"),
}


class Translation:
    """Makes entries of the events of one command. ``lookup`` finds nodes once the project is parsed."""

    def __init__(self, lookup: Lookup = lambda _: None, *, width: int = 80) -> None:
        self.lookup = lookup
        self.groups: GroupLookup = lambda _: None
        self.names_deprecations = False
        """Whether dbt's names of deprecations are shown (its flag ``require_event_names_in_deprecations``)."""
        self._width = width
        self._tally = summary.Tally()
        self._started_at: dict[str, float] = {}
        self._at_work: dict[str, dict[str, Any]] = {}
        """What the log says of nodes that send statements now, which are several for each."""
        self._section = ""
        self._has_nodes = False
        self._command = ""

    def entries(self, event: AnyEvent) -> list[Entry]:
        """What is told of ``event``: often one entry, sometimes none."""
        match event:
            case ParseStarted():
                text = f"Parsing {event.project} in {event.root}"
                return [_debug("ParseStarted", "Z050", text, event.at)]
            case ParseFinished():
                return _parsed(event)
            case RunStarted():
                return self._run_started(event)
            case HookStarted():
                return self._hook_started(event)
            case HookFinished():
                return self._hook_finished(event)
            case NodeStarted():
                return self._node_started(event)
            case NodeFinished():
                return self._node_finished(event)
            case Message():
                return [_message(event, self.lookup)]
            case FaultFound():
                return [_fault(event, with_name=self.names_deprecations)]
            case SqlExecuted():
                return _sql(event, self._info_at_work(event.unique_id))
            case RunFinished():
                return self._run_finished(event)
            case _:
                assert_never(event)

    def _run_started(self, event: RunStarted) -> list[Entry]:
        self._has_nodes = bool(event.nodes)
        self._command = event.command
        if not self._has_nodes:
            return []
        line = Entry(
            name="ConcurrencyLine",
            code="Q027",
            level="info",
            text=f"Concurrency: {event.threads} threads (target='{event.target}')",
            data={
                "num_threads": event.threads,
                "target_name": event.target,
                "node_count": len(event.nodes),
            },
            at=event.at,
        )
        return [blank(event.at), line, blank(event.at)]

    def _hook_started(self, event: HookStarted) -> list[Entry]:
        text = progress_line(
            f"START hook: {event.name}",
            "RUN",
            index=event.index,
            total=event.total,
            width=self._width,
            shorten=True,
        )
        info = node_info(self.lookup(_hook_id(event.name)), status="started", started_at=event.at)
        data = {
            "index": event.index,
            "total": event.total,
            "statement": event.name,
            "node_info": info,
        }
        line = Entry(
            name="LogHookStartLine",
            code="Q032",
            level="info",
            text=text,
            data=data,
            at=event.at,
            only_plain=True,
        )
        return [*self._enter("hooks", event.at), line]

    def _hook_finished(self, event: HookFinished) -> list[Entry]:
        self._tally.hooks.append(event)
        info = node_info(self.lookup(_hook_id(event.name)), status=event.status)
        return [*self._enter("hooks", event.at), _hook(event, info, self._width)]

    def _node_started(self, event: NodeStarted) -> list[Entry]:
        self._started_at[event.unique_id] = event.at
        line = node_lines.started(event, self.lookup(event.unique_id), self._width)
        return [*self._enter("nodes", event.at), line]

    def _node_finished(self, event: NodeFinished) -> list[Entry]:
        self._tally.nodes.append(event)
        began = self._started_at.pop(event.unique_id, None)
        self._at_work.pop(event.unique_id, None)
        if event.status == "cancelled" and began is None:
            # It never ran: the summary counts it, and nobody needs a line for it.
            return []
        node = self.lookup(event.unique_id)
        line = node_lines.finished(event, node, began, self._width)
        line = msgspec.structs.replace(line, data={**line.data, **self._owner(node)})
        return [*self._enter("nodes", event.at), *_caught(event, node), line]

    def _info_at_work(self, unique_id: str | None) -> dict[str, Any]:
        if unique_id is None:
            return {}
        known = self._at_work.get(unique_id)
        if known is None:
            known = node_info(self.lookup(unique_id), status="started")
            self._at_work[unique_id] = known
        return known

    def _owner(self, node: Resource | None) -> dict[str, Any]:
        return group_data(node, self.lookup, self.groups)

    def _run_finished(self, event: RunFinished) -> list[Entry]:
        if not self._has_nodes and not self._tally.hooks:
            return []
        if self._command == "freshness":
            return summary.freshness_summary(event, self._tally, self.lookup, self._owner)
        return summary.summary(event, self._tally, self.lookup, self._owner)

    def _enter(self, section: str, at: float) -> list[Entry]:
        """An empty line where hooks give way to nodes, and nodes to hooks."""
        left, self._section = self._section, section
        return [blank(at)] if left and left != section else []


def _caught(event: NodeFinished, node: Resource | None) -> list[Entry]:
    """The error of a node in full, for the log."""
    if event.fault is None:
        return []
    text = render_fault(event.fault)
    info = node_info(node, status=event.status)
    name = "CatchableExceptionOnRun"
    return [_debug(name, "W002", text, event.at, exc=text, node_info=info)]


def _parsed(event: ParseFinished) -> list[Entry]:
    what = counted(dict(sorted(event.counts.items(), key=_counting_place)))
    took = f"Parsed {event.project} in {event.seconds:0.2f} seconds"
    found = Entry(
        name="FoundStats",
        code="W006",
        level="info",
        text=f"Found {what}",
        data={"stat_line": what},
        at=event.at,
    )
    return [_debug("ParseFinished", "Z050", took, event.at), found]


def _counting_place(item: tuple[str, int]) -> int:
    kind = item[0]
    return _COUNTED_LAST.index(kind) + 1 if kind in _COUNTED_LAST else 0


def _hook_id(name: str) -> str:
    """The unique id of the hook that is called ``shop.on-run-start.0``."""
    package, when, number = (*name.split("."), "", "")[:3]
    return f"operation.{package}.{package}-{when}-{number}"


def _hook(event: HookFinished, info: dict[str, Any], width: int) -> Entry:
    shown, colour = _HOOK_WORDS.get(event.status, ("ERROR", "red"))
    text = progress_line(
        f"{shown} hook: {event.name}",
        shown,
        index=event.index,
        total=event.total,
        seconds=event.seconds,
        width=width,
        shorten=True,
    )
    data = {
        "execution_time": event.seconds,
        "index": event.index,
        "total": event.total,
        "node_info": info,
        "statement": event.name,
        "status": event.status,
    }
    return Entry(
        name="LogHookEndLine",
        code="Q033",
        level="error" if shown == "ERROR" else "info",
        text=text,
        data=data,
        at=event.at,
        colour=colour,
        accent=shown,
    )


def _message(event: Message, lookup: Lookup) -> Entry:
    if event.code == PRINT:
        return Entry(
            name="PrintEvent",
            code=PRINT,
            level="info",
            text=event.text,
            data={"msg": event.text},
            at=event.at,
            result=True,
        )
    tagged = event.level == "warn" and event.code not in MESSAGE_NAMES
    return Entry(
        name=MESSAGE_NAMES.get(event.code or "") or warning_name(event) or "Note",
        code=event.code or "Z050",
        level=event.level,
        text=f"[WARNING]: {event.text}" if tagged else event.text,
        data=_message_data(event, lookup),
        at=event.at,
        colour="yellow" if tagged else "red" if event.level == "error" else None,
        accent="WARNING" if tagged else None,
    )


def _message_data(event: Message, lookup: Lookup) -> dict[str, Any]:
    about = lookup(event.unique_id) if event.data and event.unique_id else None
    info = {"node_info": node_info(about)} if about is not None else {}
    return {"msg": event.text, **info, **event.data}


def _fault(event: FaultFound, *, with_name: bool) -> Entry:
    text = render_fault(event.fault)
    is_warning = event.level == "warn"
    name = warning_name(event) or "Note"
    tag = f"[WARNING][{name}]" if with_name and name.endswith("Deprecation") else "[WARNING]"
    tagged = f"{tag}: {text.removeprefix('Warning').removeprefix(' in ').lstrip()}"
    return Entry(
        name=name,
        code=EVENTS.get(name, "Z050"),
        level=event.level,
        text=tagged if is_warning else text,
        data={
            "msg": text,
            "fault_code": event.fault.code,
            **{fact.name: fact.value for fact in event.fault.facts},
        },
        at=event.at,
        colour="yellow" if is_warning else None,
        accent="WARNING" if is_warning else None,
    )


def _sql(event: SqlExecuted, info: Mapping[str, Any]) -> list[Entry]:
    query = f"On {event.connection}: {event.sql}"
    answer = f"SQL status: {event.status} in {event.seconds:.3f} seconds"
    return [
        _debug(
            *("SQLQuery", "E016", query, event.at),
            conn_name=event.connection,
            sql=event.sql,
            node_info=info,
        ),
        _debug(
            *("SQLQueryStatus", "E017", answer, event.at),
            status=event.status,
            elapsed=event.seconds,
            node_info=info,
        ),
    ]


def _debug(name: str, code: str, text: str, at: float, **data: Any) -> Entry:
    return Entry(name=name, code=code, level="debug", text=text, data=data, at=at)
