"""DuckDB's direct paths: views and tables as the macros in `macros/` build them."""

from __future__ import annotations

from collections.abc import Callable

from tidemill.adapters.direct import (
    BUILT_KINDS,
    MODEL_DISPATCHED,
    MODEL_MACROS,
    MODEL_UNSET,
    TEST_PATH,
    DirectPath,
    Hands,
    build_by_swap,
)
from tidemill.adapters.relation import Relation


class DuckDBWords:
    """DuckDB's statements."""

    def sibling(self, relation: Relation, suffix: str) -> Relation:
        return relation.replace_path(identifier=f"{relation.identifier}{suffix}")

    def create_view(self, relation: Relation, sql: str) -> str:
        return f"\n  create view {relation} as (\n    {sql}\n  );\n"

    def create_table(self, relation: Relation, sql: str) -> str:
        return f"\n  \n    \n  \n  create table {relation} as (\n    {sql}\n  );\n  \n\n  \n  "

    def rename(self, old: Relation, new: Relation, name: str) -> str:
        return f"\n    alter {new.type} {old.render()}\n    rename to {name}\n  "

    def drop(self, relation: Relation) -> str:
        return f"\n    drop {relation.type} if exists {relation.render()} cascade\n  "

    def told_of_drop(self, relation: Relation) -> str:
        return ""


_WORDS = DuckDBWords()


def direct_paths(existing_keys: Callable[[Relation], list[str]]) -> dict[str, DirectPath]:
    """The paths by the name of the materialisation. ``existing_keys`` are the keys that a table has."""

    def build_table(hands: Hands) -> list[Relation] | None:
        existing = hands.found(hands.this)
        if existing is not None and (existing.type not in BUILT_KINDS or _has_keys(existing)):
            return None
        return _build_table(hands, existing)

    def _has_keys(existing: Relation) -> bool:
        return existing.is_table and bool(existing_keys(existing))

    return {"view": _view_path(), "table": _table_path(build_table), "test": TEST_PATH}


def _build_view(hands: Hands) -> list[Relation] | None:
    return build_by_swap(hands, _WORDS, "view")


def _build_table(hands: Hands, existing: Relation | None) -> list[Relation]:
    """A table is built beside the old one, which goes and leaves its name, all in one transaction."""
    target = hands.this.incorporate(type="table")
    built = _WORDS.sibling(target, "__dbt_tmp")
    leftover = hands.found(built)
    if leftover is not None:
        hands.drop(leftover, _WORDS.drop(leftover))
    hands.main(_WORDS.create_table(built, hands.sql))
    if existing is not None:
        hands.run("begin", begin=False)
        hands.drop(existing, _WORDS.drop(existing))
    hands.rename(built, target, _WORDS.rename(built, target, hands.quoted_name(target)))
    hands.commit()
    return [target]


def _view_path() -> DirectPath:
    own = ("make_backup_relation", "get_create_view_as_sql", "create_view_as")
    return DirectPath(
        build=_build_view,
        macros=(*MODEL_MACROS, *own),
        dispatched=(*MODEL_DISPATCHED, *own),
        digest="203f733f848765eef44369c893283a6f",
        unset=MODEL_UNSET,
    )


def _table_path(build: Callable[[Hands], list[Relation] | None]) -> DirectPath:
    return DirectPath(
        build=build,
        macros=(
            *MODEL_MACROS,
            "create_table_as",
            "create_indexes",
            "duckdb__claimed_keys",
            "duckdb__take_place",
            "duckdb__drop_for_rebuild",
            "duckdb__ensure_transaction",
            "duckdb__drop_dependents",
            "duckdb__restore_dependents",
            "duckdb__table_layout",
            "duckdb__layout_columns",
        ),
        dispatched=(*MODEL_DISPATCHED, "create_table_as", "create_indexes"),
        digest="f7834d82799b6f4ebe994bfd5614e225",
        unset=MODEL_UNSET | {"indexes", "partitioned_by", "partition_by", "sorted_by", "sort_by"},
    )
