"""The direct path of built-in materialisations: what their macros do, in Python, statement for statement.

Running the macros costs several times what the statements themselves do. An adapter may therefore offer paths for
materialisations whose macros nobody has replaced. Each path names the macros that it stands for, and the digest of
their text: where a project, a package or another version of dbt's macros differs, the macros run. A path sends the
very same statements, blanks included; tests hold each to its macros.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import msgspec

from tidemill.adapters.relation import Relation


class Hands(Protocol):
    """What a path may do: the words of ``adapter`` and ``statement`` in macros."""

    @property
    def this(self) -> Relation:
        """The relation that the node builds, without a type."""
        ...

    @property
    def sql(self) -> str:
        """The node's compiled SQL."""
        ...

    @property
    def config(self) -> Mapping[str, Any]:
        """The node's configuration."""
        ...

    def found(self, relation: Relation) -> Relation | None:
        """The relation of that name as it is in the warehouse: ``load_cached_relation``."""
        ...

    def main(self, sql: str, *, fetch: bool = False) -> None:
        """The statement that builds the node, in a transaction; its rows are kept if ``fetch``."""
        ...

    def run(self, sql: str, *, begin: bool = True) -> None:
        """Another statement, in a transaction if ``begin``."""
        ...

    def drop(self, relation: Relation, sql: str, told: str = "") -> None:
        """Drop a relation by ``sql``; ``told`` is said at level debug."""
        ...

    def rename(self, old: Relation, new: Relation, sql: str) -> None:
        """Give a relation another name by ``sql``."""
        ...

    def quoted_name(self, relation: Relation) -> str:
        """The identifier alone, quoted if the project quotes identifiers."""
        ...

    def commit(self) -> None:
        """Commit the open transaction."""
        ...


class DirectPath(msgspec.Struct, frozen=True, kw_only=True):
    """One materialisation, done directly."""

    build: Callable[[Hands], list[Relation] | None]
    """Builds the node and returns its relations; None, before anything is done, where only the macros know how."""
    macros: tuple[str, ...]
    """Macros that the path stands for, found by name."""
    dispatched: tuple[str, ...]
    """Macros that it stands for, found by ``adapter.dispatch``."""
    digest: str
    """Of the text of all of them."""
    unset: frozenset[str]
    """Configurations that the macros act upon: the path is for nodes that have none of them."""


class Words(Protocol):
    """A warehouse's statements as its macros write them."""

    def sibling(self, relation: Relation, suffix: str) -> Relation:
        """The helper relation with that suffix."""
        ...

    def create_view(self, relation: Relation, sql: str) -> str:
        """CREATE VIEW."""
        ...

    def create_table(self, relation: Relation, sql: str) -> str:
        """CREATE TABLE AS."""
        ...

    def rename(self, old: Relation, new: Relation, name: str) -> str:
        """Let ``old`` be called ``name``."""
        ...

    def drop(self, relation: Relation) -> str:
        """DROP."""
        ...

    def told_of_drop(self, relation: Relation) -> str:
        """What the macro says beside dropping, if anything."""
        ...


MODEL_MACROS = (
    "statement",
    "load_cached_relation",
    "make_intermediate_relation",
    "run_hooks",
    "should_revoke",
    "apply_grants",
    "persist_docs",
    "rename_relation",
    "drop_relation",
    "drop_relation_if_exists",
    "copy_grants",
)
"""Macros of all models, found by name."""

MODEL_DISPATCHED = (
    "make_intermediate_relation",
    "apply_grants",
    "persist_docs",
    "rename_relation",
    "drop_relation",
    "copy_grants",
)
"""Macros of all models, found by dispatch."""

MODEL_UNSET = frozenset(
    {"pre-hook", "post-hook", "pre_hook", "post_hook", "grants", "persist_docs", "sql_header"}
)

BUILT_KINDS = frozenset({"table", "view"})


def build_by_swap(hands: Hands, words: Words, kind: str) -> list[Relation] | None:
    """dbt's way: build beside the old relation, let both change names, commit, drop the old one."""
    existing = hands.found(hands.this)
    if existing is not None and existing.type not in BUILT_KINDS:
        return None
    target = hands.this.incorporate(type=kind)
    built = words.sibling(target, "__dbt_tmp")
    leftover = hands.found(built)
    backup = words.sibling(target, "__dbt_backup").incorporate(
        type=kind if existing is None else existing.type
    )
    old_backup = hands.found(backup)
    for relation in (leftover, old_backup):
        if relation is not None:
            _drop(hands, words, relation)
    create = words.create_view if kind == "view" else words.create_table
    hands.main(create(built, hands.sql))
    present = hands.found(existing) if existing is not None else None
    if present is not None:
        hands.rename(present, backup, words.rename(present, backup, hands.quoted_name(backup)))
    hands.rename(built, target, words.rename(built, target, hands.quoted_name(target)))
    hands.commit()
    _drop(hands, words, backup)
    return [target]


def _drop(hands: Hands, words: Words, relation: Relation) -> None:
    hands.drop(relation, words.drop(relation), words.told_of_drop(relation))


def count_failures(hands: Hands) -> list[Relation] | None:
    """A data test that keeps no rows: one query, which answers with a number and two verdicts."""
    config = hands.config
    calculated = config.get("fail_calc")
    limit = config.get("limit")
    limited = f"\n  limit {limit}" if limit is not None else ""
    hands.main(
        f"\n    \n    select\n      {calculated} as failures,"
        f"\n      {calculated} {config.get('warn_if')} as should_warn,"
        f"\n      {calculated} {config.get('error_if')} as should_error"
        f"\n    from (\n      \n    \n  {hands.sql}\n  {limited}\n  \n      \n    ) dbt_internal_test",
        fetch=True,
    )
    return []


TEST_PATH = DirectPath(
    build=count_failures,
    macros=("statement", "get_test_sql", "get_limit_subquery_sql", "should_store_failures"),
    dispatched=("get_test_sql", "get_limit_sql"),
    digest="3330509b4d4fd849843288dc6a592027",
    unset=frozenset({"sql_header", "store_failures"}),
)
"""dbt's data tests, on every warehouse that does not replace these macros."""
