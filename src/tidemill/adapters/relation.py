"""Relations: names of tables and views, with the interface that dbt's macros expect of them.

Imitates dbt-adapters' ``BaseRelation``: attribute and item access, ``include``/``quote``/``incorporate``
that return changed copies, and ``str()`` that gives SQL. Knows nothing of connections: whether a relation
exists is the adapter's business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from tidemill.adapters.relation_parts import (
    PARTS,
    EventTimeFilter,
    FunctionConfig,
    MappingLike,
    Path,
    Policy,
    RelationType,
    SourceTable,
)
from tidemill.errors import CompilationError, ExecutionError

__all__ = [
    "EventTimeFilter",
    "InformationSchema",
    "Path",
    "Policy",
    "Relation",
    "RelationType",
    "SourceTable",
]


class Relation(MappingLike, frozen=True, kw_only=True):
    """The name of a table, view or CTE, and how to write it in SQL."""

    path: Path = Path()
    type: str | None = None
    quote_policy: Policy = Policy()
    include_policy: Policy = Policy()
    quote_character: str = '"'
    dbt_created: bool = False
    limit: int | None = None
    """Render as a subquery of so many rows (``--empty`` has 0)."""
    event_time_filter: EventTimeFilter | None = None
    require_alias: bool = True
    """Whether the warehouse wants an alias on subqueries."""
    catalog: str | None = None

    renameable_relations: ClassVar[frozenset[str]] = frozenset()
    replaceable_relations: ClassVar[frozenset[str]] = frozenset()

    Table: ClassVar[str] = "table"
    View: ClassVar[str] = "view"
    CTE: ClassVar[str] = "cte"
    External: ClassVar[str] = "external"
    MaterializedView: ClassVar[str] = "materialized_view"
    PointerTable: ClassVar[str] = "pointer_table"
    Function: ClassVar[str] = "function"
    get_relation_type: ClassVar[Any] = RelationType

    # -- making ------------------------------------------------------------------------------

    @classmethod
    def create(
        cls,
        database: str | None = None,
        schema: str | None = None,
        identifier: str | None = None,
        type: str | None = None,
        **fields: Any,
    ) -> Self:
        """A relation from names. ``quote_policy`` and ``include_policy`` may be mappings.

        Fields that no relation has are ignored, as dbt does. Raises CompilationError when a name is not text.
        """
        fields["path"] = Path(database, schema, identifier)
        fields["type"] = type if isinstance(type, str) else None
        return cls(**_converted(cls, fields))

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Self:
        """A relation from what ``to_dict`` gave."""
        return cls(**_converted(cls, fields))

    @classmethod
    def create_from_source(cls, source: SourceTable, **fields: Any) -> Self:
        """The relation of a source table; adapters may read its ``meta`` (a file's location)."""
        return cls.create(
            database=source.database, schema=source.schema, identifier=source.identifier, **fields
        )

    @classmethod
    def create_ephemeral(cls, identifier: str, **fields: Any) -> Self:
        """The CTE that stands for an ephemeral model."""
        name = cls.add_ephemeral_prefix(identifier)
        return cls.create(identifier=name, type=cls.CTE, **fields).quote(identifier=False)

    @staticmethod
    def add_ephemeral_prefix(name: str) -> str:
        """The name of an ephemeral model's CTE."""
        return f"__dbt__cte__{name}"

    @classmethod
    def get_default_quote_policy(cls) -> Policy:
        """Which parts are quoted unless the project says otherwise."""
        return cls().quote_policy

    @classmethod
    def get_default_include_policy(cls) -> Policy:
        """Which parts are written unless a macro says otherwise."""
        return cls().include_policy

    @classmethod
    def scd_args(cls, primary_key: str | Sequence[str], updated_at: str) -> list[str]:
        """The columns that make a snapshot row's id."""
        keys = [primary_key] if isinstance(primary_key, str) else list(primary_key)
        return [*keys, updated_at]

    # -- changed copies ----------------------------------------------------------------------

    def incorporate(self, **changes: Any) -> Self:
        """A copy with changes merged in; ``path`` and the policies may name some parts only."""
        return self.replace(**_converted(type(self), changes, self))

    def replace_path(self, **parts: str | None) -> Self:
        """A copy with some parts of the name changed."""
        return self.replace(path=self.path.replace(**parts))

    def quote(
        self,
        database: bool | None = None,
        schema: bool | None = None,
        identifier: bool | None = None,
    ) -> Self:
        """A copy that quotes these parts, or not; None leaves a part as it is."""
        changes = _given(database=database, schema=schema, identifier=identifier)
        return self.replace(quote_policy=self.quote_policy.replace(**changes))

    def include(
        self,
        database: bool | None = None,
        schema: bool | None = None,
        identifier: bool | None = None,
    ) -> Self:
        """A copy that writes these parts, or not; None leaves a part as it is."""
        changes = _given(database=database, schema=schema, identifier=identifier)
        return self.replace(include_policy=self.include_policy.replace(**changes))

    def without_identifier(self) -> Self:
        """The schema that this relation is in."""
        return self.include(identifier=False).replace_path(identifier=None)

    # -- functions ---------------------------------------------------------------------------

    def get_function_config(self, model: Mapping[str, Any]) -> FunctionConfig | None:
        """How the function that ``model`` describes is made; None for what is no function.

        Raises ExecutionError when a Python function lacks what it needs.
        """
        if model.get("resource_type") != "function":
            return None
        config = model.get("config") or {}
        if model.get("language") == "python" and not config.get("entry_point"):
            raise ExecutionError(
                "An `entry_point` is required for python functions",
                code="function-config",
                hint="name the Python function to call: entry_point: main",
            )
        return FunctionConfig(
            language=str(model.get("language") or ""),
            type=str(config.get("type") or ""),
            runtime_version=config.get("runtime_version"),
            entry_point=config.get("entry_point"),
        )

    def get_function_macro_name(self, config: FunctionConfig) -> str:
        """The macro that makes such functions: ``scalar_function_sql``."""
        return f"{config.type}_function_{config.language}"

    def information_schema(self, view_name: str | None = None) -> InformationSchema:
        """``"db".INFORMATION_SCHEMA.view`` of this relation's database."""
        return InformationSchema(
            path=Path(database=self.database, identifier="INFORMATION_SCHEMA"),
            type=self.View,
            include_policy=Policy(database=self.database is not None, schema=False),
            quote_policy=self.quote_policy.replace(identifier=False),
            quote_character=self.quote_character,
            # A macro may pass Jinja's Undefined.
            information_schema_view=view_name if isinstance(view_name, str) else None,
        )

    def information_schema_only(self) -> InformationSchema:
        """The information schema of this relation's database, without a view."""
        return self.information_schema()

    # -- text --------------------------------------------------------------------------------

    def quoted(self, identifier: str) -> str:
        """``identifier`` between quote characters, as it stands (dbt's rule): it may bring its own."""
        return f"{self.quote_character}{identifier}{self.quote_character}"

    def render(self) -> str:
        """The name as SQL: included parts, quoted by policy, joined by dots."""
        return ".".join(self._rendered_parts())

    def _rendered_parts(self) -> list[str]:
        parts: list[str] = []
        for part in PARTS:
            value: str | None = getattr(self.path, part)
            if value is not None and getattr(self.include_policy, part):
                parts.append(self.quoted(value) if getattr(self.quote_policy, part) else value)
        return parts

    def render_limited(self) -> str:
        """The name, or with ``limit`` a subquery of so many rows."""
        if self.limit is None:
            return self.render()
        where = " where false" if self.limit == 0 else ""
        query = f"select * from {self.render()}{where} limit {self.limit}"
        return f"({query}){self._subquery_alias('limit')}"

    def render_event_time_filtered(self, rendered: str | None = None) -> str:
        """``rendered`` (or the name) narrowed to the period of ``event_time_filter``."""
        inner = rendered or self.render()
        condition = self.event_time_filter.condition() if self.event_time_filter else ""
        if not condition:
            return inner
        return f"(select * from {inner} where {condition}){self._subquery_alias('et_filter')}"

    def _subquery_alias(self, kind: str) -> str:
        return f" _dbt_{kind}_subq_{self.table}" if self.require_alias else ""

    def __str__(self) -> str:
        if self.is_function:
            return self.render()
        return self.render_event_time_filtered(self.render_limited())

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.render()}>"

    # -- questions ---------------------------------------------------------------------------

    def get(self, key: str, default: Any = None) -> Any:
        """As for a mapping; ``metadata`` names the class, by which packages know a relation."""
        if key == "metadata":
            return {"type": type(self).__name__}
        return super().get(key, default)

    def matches(
        self,
        database: str | None = None,
        schema: str | None = None,
        identifier: str | None = None,
    ) -> bool:
        """Whether this is the relation of that name; None matches anything.

        Raises CompilationError when the names differ only by case or quotes, as dbt refuses to guess.
        """
        wanted = _given(database=database, schema=schema, identifier=identifier)
        if not wanted:
            raise CompilationError(
                "a relation was looked up without any name", code="relation-path"
            )
        if all(self._is_named(part, value) for part, value in wanted.items()):
            return True
        if all(self._is_nearly_named(part, value) for part, value in wanted.items()):
            target = self.create(database=database, schema=schema, identifier=identifier)
            raise CompilationError(
                f"looking for {target}, only {self} was found, whose name differs by case or quotes",
                code="approximate-match",
                hint=f"drop or rename {self}, or name the model as it is in the warehouse",
            )
        return False

    def _is_named(self, part: str, value: str) -> bool:
        own: str | None = getattr(self.path, part)
        if self.dbt_created and not getattr(self.quote_policy, part):
            return own is not None and own.lower() == value.lower()
        return own == value

    def _is_nearly_named(self, part: str, value: str) -> bool:
        mark = self.quote_character
        own: str | None = getattr(self.path, part)
        return str(own).lower().strip(mark) == value.lower().strip(mark)

    @property
    def database(self) -> str | None:
        return self.path.database

    @property
    def schema(self) -> str | None:
        return self.path.schema

    @property
    def identifier(self) -> str | None:
        return self.path.identifier

    @property
    def table(self) -> str | None:
        return self.path.identifier

    @property
    def name(self) -> str | None:
        return self.path.identifier

    @property
    def is_table(self) -> bool:
        return self.type == self.Table

    @property
    def is_view(self) -> bool:
        return self.type == self.View

    @property
    def is_cte(self) -> bool:
        return self.type == self.CTE

    @property
    def is_materialized_view(self) -> bool:
        return self.type == self.MaterializedView

    @property
    def is_pointer(self) -> bool:
        return self.type == self.PointerTable

    @property
    def is_function(self) -> bool:
        return self.type == self.Function

    @property
    def can_be_renamed(self) -> bool:
        return self.type in self.renameable_relations

    @property
    def can_be_replaced(self) -> bool:
        return self.type in self.replaceable_relations


class InformationSchema(Relation, frozen=True, kw_only=True):
    """A database's information schema, with or without the name of a view in it."""

    information_schema_view: str | None = None

    def _rendered_parts(self) -> list[str]:
        parts = super()._rendered_parts()
        return [*parts, self.information_schema_view] if self.information_schema_view else parts


# Packages ask ``relation is mapping`` in Jinja to tell relations from text.
for _class in (Path, Policy, EventTimeFilter, Relation, InformationSchema):
    Mapping.register(_class)


def _converted(
    cls: type[Relation], fields: Mapping[str, Any], base: Relation | None = None
) -> dict[str, Any]:
    """``fields`` as the constructor of ``cls`` takes them, laid over ``base``'s nested values."""
    known = set(cls.__struct_fields__)
    return {name: _nested(name, value, base) for name, value in fields.items() if name in known}


_NESTED: dict[str, type[MappingLike]] = {
    "path": Path,
    "quote_policy": Policy,
    "include_policy": Policy,
    "event_time_filter": EventTimeFilter,
}


def _nested(name: str, value: Any, base: Relation | None) -> Any:
    nested = _NESTED.get(name)
    if nested is None or isinstance(value, nested):
        return value
    if value is None:
        return nested() if nested in (Path, Policy) else None
    given = {part: value[part] for part in nested.__struct_fields__ if part in value}
    if nested is Policy:
        given = _given(**given)
    current = getattr(base, name) if base is not None else None
    return current.replace(**given) if current is not None else nested(**given)


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
