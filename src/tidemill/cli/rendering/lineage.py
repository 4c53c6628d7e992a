"""The lineage of columns as text: a tree in each direction, with how each column is used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from tidemill.cli.rendering.phrases import plural
from tidemill.commands.lineage import Coverage, NodeLineage
from tidemill.engine.lineage.tracing import ColumnRef, ColumnTrace, LineageGap, LineageStep
from tidemill.engine.nodes import Manifest, Source

_MOST_UNKNOWN = 20
_WORDS = {"copy": "as it is", "expression": "computed"}


def lineage_text(lineage: NodeLineage, manifest: Manifest) -> str:
    """A block for each column, then what decides about the rows, then what is not known."""
    name = _namer(manifest)
    blocks = [_column_block(trace, name) for trace in lineage.columns]
    if not lineage.columns:
        blocks.append(f"{name(ColumnRef(lineage.node, ''))}: its columns are not known")
    if lineage.rows:
        decide = (f"  {name(step.source)}  ({_uses(step)})" for step in lineage.rows)
        blocks.append("\n".join((f"rows of {_node(lineage.node, manifest)} depend on", *decide)))
    doubts = dict.fromkeys(each for trace in lineage.columns for each in trace.unknown)
    lines = [f"  {_where(each, name, manifest)}: {each.reason}" for each in doubts]
    if lineage.unknown and not doubts:
        lines.append(f"  {_node(lineage.node, manifest)}: {lineage.unknown}")
    if lines:
        blocks.append("\n".join(("not known", *lines)))
    elif lineage.column is None and not lineage.complete:
        blocks.append("There may be more columns: not all columns of what it reads are known.")
    return "\n\n".join(blocks)


def coverage_text(found: Coverage) -> str:
    """How much is known, and what is not."""
    models, columns = plural(found.models, "model"), plural(found.columns, "column")
    lines = [f"{models} with {columns}: the lineage of {found.known_columns} columns is known"]
    if found.incomplete:
        lines.append(
            f"{plural(len(found.incomplete), 'model')} may have columns that are not known"
        )
    shown = list(found.unknown.items())[:_MOST_UNKNOWN]
    if shown:
        lines.append(f"{plural(len(found.unknown), 'model')} not read:")
        lines.extend(f"  {node}: {reason}" for node, reason in shown)
    if len(found.unknown) > len(shown):
        lines.append(f"  and {len(found.unknown) - len(shown)} more")
    return "\n".join(lines)


def _column_block(trace: ColumnTrace, name: Callable[[ColumnRef], str]) -> str:
    lines = [name(trace.column)]
    if trace.upstream:
        lines.append("  comes from")
        above = _grouped((step.result, step.source, step) for step in trace.upstream)
        lines.extend(_tree(trace.column, above, name))
    if trace.downstream:
        lines.append("  goes into")
        below = _grouped((step.source, step.result, step) for step in trace.downstream)
        lines.extend(_tree(trace.column, below, name))
    if len(lines) == 1:
        lines.append("  made of no column, and part of none")
    return "\n".join(lines)


Branches = dict[ColumnRef, list[tuple[ColumnRef, LineageStep]]]


def _grouped(edges: Iterable[tuple[ColumnRef, ColumnRef, LineageStep]]) -> Branches:
    found: Branches = {}
    for start, end, step in edges:
        found.setdefault(start, []).append((end, step))
    return found


def _tree(start: ColumnRef, branches: Branches, name: Callable[[ColumnRef], str]) -> Iterator[str]:
    """A line for each step. What was shown with its branches before is not shown with them again."""
    shown = {start}
    waiting = [(end, step, 2) for end, step in reversed(branches.get(start, ()))]
    while waiting:
        column, step, depth = waiting.pop()
        again = column in shown and column in branches
        yield f"{'  ' * depth}{name(column)}  ({_uses(step)}){'  see above' if again else ''}"
        if not again:
            shown.add(column)
            waiting.extend((e, s, depth + 1) for e, s in reversed(branches.get(column, ())))


def _uses(step: LineageStep) -> str:
    return ", ".join(_WORDS.get(use, use) for use in step.uses)


def _namer(manifest: Manifest) -> Callable[[ColumnRef], str]:
    def name(column: ColumnRef) -> str:
        node = _node(column.node, manifest)
        if not column.column:
            return node if column.node in manifest.exposures else f"{node} (rows)"
        return f"{node}.{column.column}"

    return name


def _where(gap: LineageGap, name: Callable[[ColumnRef], str], manifest: Manifest) -> str:
    if gap.column:
        return name(ColumnRef(gap.node, gap.column))
    return _node(gap.node, manifest)


def _node(unique_id: str, manifest: Manifest) -> str:
    found = manifest.resource(unique_id)
    if found is None:
        return unique_id
    version = getattr(found, "version", None)
    if isinstance(found, Source):
        return f"{found.source_name}.{found.name}"
    return f"{found.name}.v{version}" if version is not None else found.name
