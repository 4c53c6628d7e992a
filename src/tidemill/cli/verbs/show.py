"""``show``: the first rows of selected nodes, or of a query."""

from __future__ import annotations

from collections.abc import Iterator

from tidemill.cli.application import DONE
from tidemill.cli.invocation import Invocation
from tidemill.cli.rendering import answers
from tidemill.commands.opening import OpenProject
from tidemill.commands.selecting import select_ids
from tidemill.commands.show import show_direct, show_inline, show_node
from tidemill.commands.states import defer_inline
from tidemill.engine.nodes import Model, Node
from tidemill.engine.running.showing import Shown
from tidemill.errors import UsageError


def run(invocation: Invocation) -> int:
    """Show rows; nothing is created."""
    settings = invocation.settings
    limit = settings["limit"] if settings["limit"] >= 0 else None
    with invocation.open_project() as project:
        answered: list[Shown] = []
        invocation.answer = answered
        for name, shown in _shown(invocation, project, limit):
            answered.append(shown)
            _tell(invocation, name, shown)
    return DONE


def _shown(
    invocation: Invocation, project: OpenProject, limit: int | None
) -> Iterator[tuple[str | None, Shown]]:
    """Rows with the heading that stands over them, one after the other."""
    settings = invocation.settings
    if settings.get("inline_direct") is not None:
        yield None, show_direct(project, settings["inline_direct"], limit)
        return
    invocation.parse(project)
    defer_inline(project, invocation.selecting())
    if settings.get("inline") is not None:
        yield None, show_inline(project, settings["inline"], limit)
        return
    for node in _nodes(invocation, project):
        yield _heading(node), show_node(project, node, limit)


def _nodes(invocation: Invocation, project: OpenProject) -> list[Node]:
    """What is called by its plain name; without such, all that is selected but tests."""
    words = set(invocation.settings.get("select", ()))
    if not words and not invocation.settings.get("selector"):
        raise UsageError(
            "Either --select or --inline must be passed to show: it needs to know of what",
            hint="tidemill show --select orders",
        )
    ids = select_ids(project, "show", invocation.selecting())
    nodes = [project.manifest.nodes[key] for key in ids if key in project.manifest.nodes]
    named = [node for node in nodes if node.name in words]
    return named or [node for node in nodes if node.resource_type != "test"]


def _heading(node: Node) -> str:
    """The node's name, with its version where it has one: ``orders.v2``."""
    version = node.version if isinstance(node, Model) else None
    return node.name if version is None else f"{node.name}.v{version}"


def _tell(invocation: Invocation, name: str | None, shown: Shown) -> None:
    settings = invocation.settings
    entry = answers.rows(
        name,
        shown.result.columns,
        shown.result.rows,
        output=settings["output"],
        quiet=settings["quiet"],
        unique_id=shown.unique_id,
    )
    invocation.outlet.say(entry)
