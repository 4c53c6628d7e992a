"""Postgres' direct paths: views and tables as dbt's macros and those in `macros/` build them."""

from __future__ import annotations

from collections.abc import Callable

from tidemill.adapters.direct import (
    MODEL_DISPATCHED,
    MODEL_MACROS,
    MODEL_UNSET,
    TEST_PATH,
    DirectPath,
    Hands,
    build_by_swap,
)
from tidemill.adapters.postgres.relation import MAX_NAME_LENGTH
from tidemill.adapters.relation import Relation


class PostgresWords:
    """Postgres' statements."""

    def sibling(self, relation: Relation, suffix: str) -> Relation:
        """Postgres cuts long names without a word, so the front part is cut here."""
        room = MAX_NAME_LENGTH - len(suffix)
        return relation.replace_path(identifier=f"{(relation.identifier or '')[:room]}{suffix}")

    def create_view(self, relation: Relation, sql: str) -> str:
        return f"\n  create view {relation.render()}\n    \n    \n  as (\n    {sql}\n  );"

    def create_table(self, relation: Relation, sql: str) -> str:
        return f"\n  \n    \n  create table {relation}\n  as (\n    {sql}\n  );\n  "

    def rename(self, old: Relation, new: Relation, name: str) -> str:
        return f"alter table {old.render()} rename to {name}"

    def drop(self, relation: Relation) -> str:
        return f"drop {relation.type} if exists {relation} cascade"

    def told_of_drop(self, relation: Relation) -> str:
        return f"Applying DROP to: {relation}"


_WORDS = PostgresWords()


def direct_paths() -> dict[str, DirectPath]:
    """The paths by the name of the materialisation."""
    view = ("get_create_view_as_sql", "create_view_as")
    table = ("get_create_table_as_sql", "create_table_as", "create_indexes")
    return {
        "view": _path(_build_view, view, "32bc7e461988725a8477def139ffd637", MODEL_UNSET),
        "table": _path(
            _build_table,
            table,
            "437cee2aeb557b10d375cc3c0c4e1ee3",
            MODEL_UNSET | {"indexes", "unlogged"},
        ),
        "test": TEST_PATH,
    }


def _path(
    build: Callable[[Hands], list[Relation] | None],
    own: tuple[str, ...],
    digest: str,
    unset: frozenset[str],
) -> DirectPath:
    return DirectPath(
        build=build,
        macros=(
            *MODEL_MACROS,
            *own,
            "make_backup_relation",
            "get_drop_sql",
            "drop_view",
            "drop_table",
            "postgres__make_relation_with_suffix",
        ),
        dispatched=(
            *MODEL_DISPATCHED,
            *own,
            "make_backup_relation",
            "get_drop_sql",
            "drop_view",
            "drop_table",
        ),
        digest=digest,
        unset=unset,
    )


def _build_view(hands: Hands) -> list[Relation] | None:
    return build_by_swap(hands, _WORDS, "view")


def _build_table(hands: Hands) -> list[Relation] | None:
    return build_by_swap(hands, _WORDS, "table")
