"""``select``: words, a project and a graph to unique ids. The one entry that commands need."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, cast

from tidemill.engine.graph import Dag
from tidemill.engine.nodes import Manifest, Seed
from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.selection.evaluation import evaluate
from tidemill.engine.selection.expressions import Expression, Indirect
from tidemill.engine.selection.scope import Scope
from tidemill.engine.selection.selectors_file import Selector, find_selector, read_selectors
from tidemill.engine.selection.words import check_indirect, parse_selection
from tidemill.errors import did_you_mean
from tidemill.events import Message

if TYPE_CHECKING:
    from tidemill.engine.artifacts.state import State
    from tidemill.engine.selection.changes import Changes

Emit = Callable[[Message], None]

_ENFORCED_BY_MOST = frozenset({"not_null", "foreign_key"})
_ENFORCED: Mapping[str, frozenset[str]] = {
    "duckdb": frozenset({"check", "not_null", "unique", "primary_key", "foreign_key"}),
    "postgres": frozenset({"check", "not_null", "unique", "primary_key", "foreign_key"}),
}
"""Constraints that the warehouse itself keeps, by adapter: dbt's table."""

_COMPARE_MEANING = "state_modified_compares_meaning"
_COMPARE_UNRENDERED = "state_modified_compare_more_unrendered_values"


def select(
    manifest: Manifest,
    dag: Dag,
    include: Iterable[str] = (),
    exclude: Iterable[str] = (),
    *,
    config: RuntimeConfig,
    indirect: str = "eager",
    resource_types: Collection[str] | None = None,
    selector: str | None = None,
    with_empty: bool = True,
    state: State | None = None,
    emit: Emit | None = None,
) -> list[str]:
    """The unique ids that are selected, sorted.

    ``selector`` names an entry of selectors.yml and takes the place of ``include`` and ``exclude``;
    without any of the three the entry marked as default counts, and otherwise everything.
    Without ``resource_types`` all kinds but hooks are given. ``with_empty=False`` leaves out nodes
    without SQL, which dbt does not run. ``state`` is what ``state:`` and its like compare with.
    Words that match nothing are told to ``emit``.

    Raises UsageError for words that cannot be read, and ConfigurationError for selectors.yml.
    """
    check_indirect(indirect)
    mode = cast("Indirect", indirect)
    include, exclude = tuple(include), tuple(exclude)
    scope = _scope(manifest, dag, config, mode, state, emit)
    expression = _expression(include, exclude, selector, config, mode)
    found = evaluate(expression, scope, lambda words: _warn(words, manifest, emit))
    return sorted(
        key for key in found.selected if _wanted(manifest, key, resource_types, with_empty)
    )


def _expression(
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    selector: str | None,
    config: RuntimeConfig,
    indirect: Indirect,
) -> Expression:
    if selector is not None:
        return find_selector(read_selectors(config, indirect=indirect), selector).expression
    if not include and not exclude:
        for entry in read_selectors(config, indirect=indirect).values():
            if entry.default:
                return entry.expression
    return parse_selection(include, exclude, indirect=indirect)


def _scope(
    manifest: Manifest,
    dag: Dag,
    config: RuntimeConfig,
    indirect: Indirect,
    state: State | None,
    emit: Emit | None,
) -> Scope:
    def named(name: str) -> set[str]:
        selectors: Mapping[str, Selector] = read_selectors(config, indirect=indirect)
        return evaluate(find_selector(selectors, name).expression, scope, lambda _: None).selected

    scope = Scope(
        manifest=manifest,
        dag=dag,
        root=config.root,
        named=named,
        state=state,
        changes=changes_since(state, manifest, config, emit),
    )
    return scope


def changes_since(
    state: State | None, manifest: Manifest, config: RuntimeConfig, emit: Emit | None = None
) -> Changes | None:
    """The comparison of the project with ``state``; None where that has no manifest."""
    if state is None or state.manifest is None:
        return None
    # Most commands compare with nothing.
    from tidemill.engine.selection.changes import Changes
    from tidemill.engine.selection.values_read import values_read

    adapter = manifest.metadata.adapter_type
    by_meaning = bool(config.project.flags.get(_COMPARE_MEANING, True))
    return Changes(
        manifest,
        state.manifest,
        internal_packages=frozenset((*config.internal_packages, "dbt", f"dbt_{adapter}")),
        enforced_constraints=_ENFORCED.get(adapter, _ENFORCED_BY_MOST),
        compare_unrendered=bool(config.project.flags.get(_COMPARE_UNRENDERED, False)),
        compare_text=not by_meaning,
        values=values_read(state.folder, config) if by_meaning else None,
        warn=emit or (lambda _: None),
    )


def _wanted(
    manifest: Manifest, key: str, resource_types: Collection[str] | None, with_empty: bool
) -> bool:
    kind = key.partition(".")[0]
    if kind == "operation" if resource_types is None else kind not in resource_types:
        return False
    node = manifest.nodes.get(key)
    if node is not None and not node.config.get("enabled", True):
        return False  # a test whose parent is gone
    return with_empty or node is None or isinstance(node, Seed) or bool(node.raw_code.strip())


def _warn(words: str, manifest: Manifest, emit: Emit | None) -> None:
    if emit is not None:
        text = f"The selection criterion '{words}' does not match any enabled nodes"
        near = did_you_mean(words.strip("+@"), manifest.refable) if "." not in words else None
        text += f"; {near}" if near else ""
        emit(Message(text=text, level="warn", code="M030"))
