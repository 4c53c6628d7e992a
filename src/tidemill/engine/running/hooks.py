"""on-run-start and on-run-end: statements of the project around all nodes, each committed by itself."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from tidemill.engine.compiling.compiler import Compiled
from tidemill.engine.jinja.session import Session
from tidemill.engine.nodes import Hook, Manifest, Node, NodeResult, Timing
from tidemill.engine.running.connections import Connect
from tidemill.engine.running.describing import first_line
from tidemill.engine.running.node_work import Workshop
from tidemill.engine.running.views import result_view
from tidemill.errors import ExecutionError, Fault, Place, TidemillError, render_fault
from tidemill.events import HookFinished, HookStarted, NodeStatus

When = Literal["on-run-start", "on-run-end"]
MAIN_THREAD = "main"
"""dbt's thread id for results of hooks."""


def hooks_of(manifest: Manifest, when: When, root: str) -> list[Hook]:
    """The hooks in the order of their execution: the root project's, then packages' by name.

    dbt means to run the root project's last, but sorts them first.
    """
    found = [hook for hook in manifest.hooks if when in hook.tags]
    return sorted(found, key=lambda h: (h.package_name != root, h.package_name, h.index))


def run_hooks(
    shop: Workshop, when: When, names: Callable[[], Mapping[str, Any]] = dict
) -> list[NodeResult]:
    """Run the hooks one after the other; after one that fails, the others are skipped.

    Raises what keeps one from being rendered (dbt's rule: the command ends there).
    ``names`` gives what is added to what their templates see; it is asked only where there are hooks.
    """
    hooks = hooks_of(shop.manifest, when, shop.host.root_package)
    if not hooks:
        return []
    seen = names()
    results: list[NodeResult] = []
    # One connection for all, as in dbt: a later hook sees temporary tables and settings of an earlier one.
    with shop.connections.named("master") as connect:
        for number, hook in enumerate(hooks, 1):
            title = f"{hook.package_name}.{when}.{number - 1}"
            shop.emit(HookStarted(name=title, index=number, total=len(hooks)))
            if results and results[-1].status != "success":
                result = _outcome(hook, "skipped", f"{title} skipped")
            else:
                result = _run_hook(shop, hook, title, seen, connect)
            results.append(result)
            shop.emit(_finished(result, title, number, len(hooks)))
    return results


def _finished(result: NodeResult, title: str, number: int, total: int) -> HookFinished:
    return HookFinished(
        name=title,
        index=number,
        total=total,
        status=result.status,
        seconds=result.seconds,
        message=first_line(result.fault) if result.fault else "",
    )


def end_names(results: Sequence[NodeResult], nodes: Mapping[str, Node]) -> dict[str, Any]:
    """What on-run-end hooks see beside the usual names: ``results``, ``schemas``, ``database_schemas``.

    Schemas are those of relations that were built well.
    """
    placed = dict.fromkeys(
        (nodes[r.unique_id].database, nodes[r.unique_id].schema)
        for r in results
        if r.unique_id in nodes
        and nodes[r.unique_id].is_relational
        and r.status not in {"error", "fail", "skipped", "cancelled"}
    )
    seen = [r for r in results if r.thread != MAIN_THREAD or r.status == "error"]
    return {
        "results": [result_view(r, nodes[r.unique_id]) for r in seen if r.unique_id in nodes],
        "schemas": list(dict.fromkeys(schema for _, schema in placed)),
        "database_schemas": list(placed),
    }


def _run_hook(
    shop: Workshop, hook: Hook, title: str, names: Mapping[str, Any], connect: Connect
) -> NodeResult:
    started = time.time()
    fault: Fault | None = None
    session = shop.host.session(
        hook, shop.manifest, phase="run", connection=connect, emit=shop.emit, extra=names
    )
    code = _rendered(shop, hook, session)
    compiled_at = time.time()
    try:
        statement = _statement(code)
        if statement.strip():
            session.execute(statement)
    except TidemillError as error:
        fault = _placed(error, hook)
    except Exception as error:  # noqa: BLE001 - the project's own code runs here
        fault = _placed(ExecutionError(f"{type(error).__name__}: {error}", code="hook"), hook)
    timings = (
        Timing("compile", started, compiled_at),
        Timing("execute", compiled_at, time.time()),
    )
    if fault is None:
        return _outcome(hook, "success", f"{title} passed", code, timings)
    message = f"{title} failed, error:\n {render_fault(fault)}"
    return _outcome(hook, "error", message, code, timings, fault)


def _rendered(shop: Workshop, hook: Hook, session: Session) -> str:
    """The text of a hook, which is written and kept for the manifest."""
    try:
        code = session.render(hook.raw_code, file=_file(hook), line=hook.line)
    except TidemillError as error:
        raise error.located(node=hook.unique_id, place=Place(file=_file(hook))) from None
    # dbt writes no file for a hook that came to nothing.
    path = shop.files.write("compiled", hook, code) if code.strip() else None
    shop.compiler.compiled[hook.unique_id] = Compiled(
        unique_id=hook.unique_id, code=code, own_code=code, path=path
    )
    return code


def _statement(code: str) -> str:
    """The SQL of a hook: its text, or what dbt's ``after_commit`` and its like have made of it."""
    try:
        parsed = json.loads(code)
    except ValueError:
        return code
    return str(parsed.get("sql") or "") if isinstance(parsed, dict) else code


def _file(hook: Hook) -> str:
    """dbt calls the project file ``./dbt_project.yml``."""
    return hook.original_file_path.removeprefix("./")


def _placed(error: TidemillError, hook: Hook) -> Fault:
    place = Place(file=_file(hook))
    return error.located(node=hook.unique_id, place=place).fault


def _outcome(
    hook: Hook,
    status: NodeStatus,
    message: str,
    code: str | None = None,
    timings: tuple[Timing, ...] = (),
    fault: Fault | None = None,
) -> NodeResult:
    seconds = timings[-1].completed_at - timings[0].started_at if timings else 0.0
    return NodeResult(
        unique_id=hook.unique_id,
        status=status,
        seconds=seconds,
        message=message,
        thread=MAIN_THREAD,
        timings=timings,
        failures=0 if status == "success" else 1,
        compiled_code=code,
        fault=fault,
    )
