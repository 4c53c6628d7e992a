"""DuckDB's relations: a source may also be a file or a table function."""

from __future__ import annotations

from string import Template
from typing import Any, Self

from tidemill.adapters.relation import Relation, SourceTable
from tidemill.errors import CompilationError


class DuckDBRelation(Relation, frozen=True, kw_only=True):
    """A relation; ``external`` is the SQL that stands in its place for data outside the database."""

    require_alias: bool = False
    external: str | None = None

    @classmethod
    def create_from_source(cls, source: SourceTable, **fields: Any) -> Self:
        """The relation of a source table; its meta may give an ``external_location``.

        Raises CompilationError for a location that cannot be formatted, and for sources that are
        loaded by a dbt-duckdb plugin.
        """
        if "plugin" in source.meta:
            raise CompilationError(
                f"source {source.source_name}.{source.name} is loaded by the dbt-duckdb plugin "
                f"'{source.meta['plugin']}', and plugins are not supported",
                code="plugin-unsupported",
                hint="give the source an external_location, or load the data into a table",
            )
        if source.meta.get("external_location"):
            fields["external"] = external_location(source)
        return super().create_from_source(source, **fields)

    def render(self) -> str:
        return self.external or super().render()


def external_location(source: SourceTable) -> str:
    """The location of a source outside the database as SQL: quoted unless it is a function call."""
    location = _formatted(source)
    return location if "(" in location or location.startswith("'") else f"'{location}'"


def _formatted(source: SourceTable) -> str:
    template = str(source.meta["external_location"])
    words = {
        "name": source.name,
        "identifier": source.identifier,
        "schema": source.schema,
        "database": source.database,
        "tags": list(source.tags),
        **source.meta,
    }
    style = source.meta.get("formatter", "newstyle")
    try:
        if style == "newstyle":
            return template.format_map(words)
        if style == "oldstyle":
            return template % words
        if style == "template":
            return Template(template).substitute(words)
    except (KeyError, ValueError, IndexError, TypeError) as error:
        raise _bad_location(source, f"'{template}' cannot be filled in: {error}") from error
    raise _bad_location(source, f"the formatter '{style}' is not newstyle, oldstyle or template")


def _bad_location(source: SourceTable, why: str) -> CompilationError:
    return CompilationError(
        f"external_location of source {source.source_name}.{source.name}: {why}",
        code="external-location",
    )
