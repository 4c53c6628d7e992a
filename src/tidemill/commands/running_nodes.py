"""What build, run, test, seed and compile have in common: options, a selection, a plan, its execution."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from tidemill.commands.artifacts import Artifacts
from tidemill.commands.command_run import Prepared, Run
from tidemill.commands.opening import OpenProject
from tidemill.commands.periods import asked_periods
from tidemill.commands.selecting import Selecting, select_ids
from tidemill.commands.states import deferred_nodes, state_nodes
from tidemill.engine.graph import with_test_edges
from tidemill.engine.nodes import BatchResults
from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.running.critical_path import longest_first
from tidemill.engine.running.execution import execute
from tidemill.engine.running.plan import Command, Plan, make_plan
from tidemill.engine.running.progress import Priority
from tidemill.errors import UsageError
from tidemill.events import Message


class RunOptions(Selecting, frozen=True, kw_only=True):
    """Which nodes to execute and how: dbt's options of the same names."""

    full_refresh: bool = False
    fail_fast: bool = False
    store_failures: bool = False
    empty: bool = False
    event_time_start: str | None = None
    event_time_end: str | None = None
    sample: str | None = None
    """A window of time that every input is narrowed to: ``3 days``, or a mapping as YAML."""
    write_json: bool = True
    statements: bool = False
    """Whether each statement is told as an event."""
    only: tuple[str, ...] | None = None
    """Unique ids that take the place of a selection: those to retry."""
    batches: Mapping[str, BatchResults] = {}
    """What came of the batches of microbatch models in the run that is retried, by unique id."""
    as_of: float | None = None
    """When that run began, in Unix seconds: batches end with it."""

    @property
    def arguments(self) -> dict[str, Any]:
        found = super().arguments
        for name in ("statements", "only", "batches", "as_of"):
            del found[name]
        for name in ("event_time_start", "event_time_end", "sample"):
            if found[name] is None:
                del found[name]
        return found


def run_nodes(
    project: OpenProject,
    command: Command,
    options: RunOptions | None = None,
    *,
    cancel: threading.Event | None = None,
) -> Run:
    """A run of ``command``, ready to be iterated. Compiling alone leaves no trace in the history."""
    wanted = options or RunOptions()
    periods = asked_periods(wanted.event_time_start, wanted.event_time_end, wanted.sample)
    config = project.config_for({**wanted.arguments, **periods, "which": command})

    artifacts = Artifacts(project) if wanted.write_json else None

    def prepare(stop: threading.Event) -> Prepared:
        return _prepare(project, config, command, wanted, stop, artifacts)

    return Run(
        project,
        config,
        prepare,
        cancel=cancel,
        artifacts=artifacts,
        recorded=command != "compile",
    )


def _prepare(
    project: OpenProject,
    config: RuntimeConfig,
    command: Command,
    options: RunOptions,
    cancel: threading.Event,
    artifacts: Artifacts | None,
) -> Prepared:
    messages: list[Message] = []
    ids = options.only
    if ids is None:
        ids = tuple(select_ids(project, command, options, emit=messages.append))
    else:
        _check_still_there(ids, project)
    tested = with_test_edges(project.dag, project.manifest) if command == "build" else None
    if artifacts is not None:
        artifacts.tested = tested
    plan = make_plan(command, ids, project.manifest, project.dag, tested=tested)
    host = project.host(config)
    defers_to = state_nodes if command == "clone" else deferred_nodes
    host.deferred = defers_to(project, options)
    if command != "compile" and plan.steps:
        project.adapter.open()
    work = execute(
        plan,
        host,
        project.manifest,
        cancel=cancel,
        priority=_priority(project, config, plan),
        batches=options.batches,
        as_of=options.as_of,
        debug=options.statements,
    )
    return Prepared(work, tuple(messages))


def _priority(project: OpenProject, config: RuntimeConfig, plan: Plan) -> Priority | None:
    """The longest chain first, by the times of earlier runs, where there is anything to choose."""
    if plan.command == "compile" or config.target.threads < 2:
        return None
    from tidemill.store.durations import known_seconds

    return longest_first(plan.steps, known_seconds(project.root, config.target.name))


def _check_still_there(ids: tuple[str, ...], project: OpenProject) -> None:
    for key in ids:
        if key not in project.dag:
            raise UsageError(
                f"Couldn't find model '{key}' -- does it exist or is it disabled?",
                code="retry-gone",
                hint="it is part of the previous run, and no more of the project",
            )
