"""Postgres' relations: names have at most 63 characters, and materialised views compare their indexes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from tidemill.adapters.postgres.materialized_views import ConfigurationChanges, index_changes
from tidemill.adapters.relation import Relation
from tidemill.errors import ExecutionError

MAX_NAME_LENGTH = 63


class PostgresRelation(Relation, frozen=True, kw_only=True):
    """A relation. Raises ExecutionError when its name is longer than Postgres keeps."""

    renameable_relations: ClassVar[frozenset[str]] = frozenset({"view", "table"})
    replaceable_relations: ClassVar[frozenset[str]] = frozenset({"view", "table"})

    def __post_init__(self) -> None:
        # Relations of tests have no type and become no table, so their names may be long (dbt's rule).
        name = self.path.identifier
        if name is not None and self.type is not None and len(name) > MAX_NAME_LENGTH:
            raise ExecutionError(
                f"Relation name '{name}' is longer than {MAX_NAME_LENGTH} characters",
                code="relation-name",
                hint="Postgres cuts longer names: give the model a shorter name or alias",
            )

    @staticmethod
    def relation_max_name_length() -> int:
        """How many characters of a name Postgres keeps."""
        return MAX_NAME_LENGTH

    def get_materialized_view_config_change_collection(
        self, described: Mapping[str, Any], model: Any
    ) -> ConfigurationChanges | None:
        """What of the configuration differs from what exists, or None when nothing does."""
        return index_changes(described.get("indexes") or (), model)
