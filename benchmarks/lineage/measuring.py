"""The parts of column lineage, each measured inside the process that does it."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measure import MEGABYTE
from tidemill.cli.garbage import collected_rarely
from tidemill.commands.lineage_reading import column_lineage, compiling
from tidemill.commands.opening import OpenProject, open_project
from tidemill.engine.lineage.reading import read_query
from tidemill.engine.lineage.tracing import ColumnRef, Tracer
from tidemill.errors import TidemillError

Costs = dict[str, dict[str, float]]


def cold(folder: Path) -> Costs:
    """Everything, with nothing kept from before."""
    found: Costs = {}
    with open_project(folder) as project:
        with _measured(found, "parse the project"):
            _parsed(project)
        with _measured(found, "lineage of everything, cold"):
            column_lineage(project).read_all()
        with _measured(found, "  of it: compile"):
            codes = _compiled(project)
        with _measured(found, "  of it: read SQL into trees"):
            for code in codes:
                read_query(code, project.config.target.type)
    return found


def warm(folder: Path) -> Costs:
    """Everything, with what the cold measure kept."""
    found: Costs = {}
    with open_project(folder) as project:
        _parsed(project)
        with _measured(found, "lineage of everything, warm"):
            column_lineage(project).read_all()
    return found


def edit(folder: Path) -> Costs:
    """One model edited: everything in this process again, and one column both ways in a new one."""
    found: Costs = {}
    with open_project(folder) as project:
        before = column_lineage(project)
        before.read_all()
        model = _edited(project)
    with open_project(folder) as project:
        _parsed(project)
        lineage = column_lineage(project, before)
        with _measured(found, "one column after an edit, resident"):
            tracer = Tracer(lineage)
            tracer.trace(ColumnRef(model, tracer.columns(model)[0]))
        with _measured(found, "everything after an edit, resident"):
            lineage.read_all()
        with _measured(found, "one column after an edit, new"):
            tracer = Tracer(column_lineage(project))
            tracer.trace(ColumnRef(model, tracer.columns(model)[0]))
    return found


def _parsed(project: OpenProject) -> None:
    """Have all nodes at hand, so that loading them is not counted as lineage."""
    for node in project.manifest.nodes.values():
        _ = node.raw_code


def _edited(project: OpenProject) -> str:
    """Edit a model in the middle of the graph, back and forth, and return its id."""
    names = [key for key, n in project.manifest.nodes.items() if n.resource_type == "model"]
    node = project.manifest.nodes[names[len(names) // 2]]
    path = project.root / node.original_file_path
    text = path.read_text(encoding="utf-8")
    mark = "\n-- edited\n"
    path.write_text(text.removesuffix(mark) if text.endswith(mark) else text + mark)
    return node.unique_id


def _compiled(project: OpenProject) -> list[str]:
    compile_sql = compiling(project)
    found: list[str] = []
    for node in project.manifest.nodes.values():
        if node.resource_type in {"model", "snapshot"}:
            try:
                found.append(compile_sql(node))
            except TidemillError:
                continue
    return found


@contextmanager
def _measured(into: Costs, name: str) -> Iterator[None]:
    with collected_rarely():
        wall, cpu = time.perf_counter(), time.process_time()
        yield
    into[name] = {
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE,
    }


MEASURES: dict[str, Callable[[Path], Costs]] = {"cold": cold, "warm": warm, "edit": edit}
"""In the order in which they are run."""
