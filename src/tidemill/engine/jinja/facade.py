"""The ``adapter`` object of templates: the words of dbt's adapters over our adapters.

SQL that changes the warehouse goes through dbt's macros (``drop_relation``, ``create_schema`` ...), so that a
project's overrides count; questions are answered by the adapter in Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from tidemill.adapters.column import Column
from tidemill.adapters.relation import Relation
from tidemill.engine.jinja import constraints
from tidemill.engine.jinja.dialect import ParseUndefined
from tidemill.engine.jinja.tables import AdapterResponse, ResultTable, response_of, table_of
from tidemill.engine.nodes import GenericTest
from tidemill.errors import CompilationError, ExecutionError, did_you_mean

if TYPE_CHECKING:
    from tidemill.engine.jinja.session import Session

BUILTIN_STRATEGIES = ("append", "delete+insert", "merge", "insert_overwrite", "microbatch")


class RelationProxy:
    """``api.Relation``: the relation class, with the project's quoting as the default for ``create``."""

    def __init__(self, relation_class: type[Relation], quoting: Mapping[str, bool]) -> None:
        self._class = relation_class
        self._quoting = dict(quoting)

    def create(self, *args: Any, **kwargs: Any) -> Relation:
        policy = {**self._quoting, **(kwargs.pop("quote_policy", None) or {})}
        return self._class.create(*args, quote_policy=policy, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._class, name)


class BaseFacade:
    """What both phases share: naming, quoting, dispatch."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._adapter = session.host.adapter
        self.Relation = RelationProxy(self._adapter.relation_class, session.host.quoting)
        self.Column = self._adapter.column_class
        self.behavior = session.host.behavior
        # An adapter that answers by itself goes before the words below.
        parsing = session.phase == "parse"
        self.__dict__.update(self._adapter.macro_words(session, parsing=parsing))

    def type(self) -> str:
        return self._adapter.type

    @property
    def config(self) -> Any:
        return self._session.host.config

    def dispatch(
        self, macro_name: str, macro_namespace: str | None = None, packages: Any = None
    ) -> Any:
        """The first of ``<adapter>__<name>`` and ``default__<name>`` in dbt's search order."""
        if packages is not None:
            raise CompilationError(
                f"adapter.dispatch('{macro_name}') got the argument 'packages', which dbt removed",
                code="dispatch",
                hint="use macro_namespace='...'",
            )
        if "." in macro_name:
            package, _, name = macro_name.partition(".")
            raise CompilationError(
                f"'{macro_name}' is not a macro name",
                code="dispatch",
                hint=f"did you mean adapter.dispatch('{name}', macro_namespace='{package}')?",
            )
        return self._session.bind(
            self._session.host.dispatch(macro_name, macro_namespace, packages=self._packages())
        )

    def _packages(self) -> tuple[str, ...]:
        """The node's package. For generic tests also that of the running macro, as dbt lets them see those."""
        session = self._session
        seen = session.stack[-1:] if isinstance(session.node, GenericTest) else []
        return (session.package, *(macro.package_name for macro in seen))

    def quote(self, identifier: str) -> str:
        return self._adapter.quote(identifier)

    def quote_as_configured(self, identifier: str, quote_key: str) -> str:
        if quote_key not in {"database", "schema", "identifier"}:
            return identifier
        default = getattr(self._adapter.relation_class.get_default_quote_policy(), quote_key)
        wanted = self._session.host.quoting.get(quote_key, default)
        return self.quote(identifier) if wanted else identifier

    def quote_seed_column(self, column: str, quote_config: bool | None = None) -> str:
        if quote_config is not None and not isinstance(quote_config, bool):
            raise CompilationError(
                f"quote_columns must be true or false, not {quote_config!r}", code="config-type"
            )
        return column if quote_config is False else self.quote(column)

    def valid_incremental_strategies(self) -> list[str]:
        return list(self._adapter.valid_incremental_strategies())

    def builtin_incremental_strategies(self) -> list[str]:
        return list(BUILTIN_STRATEGIES)

    def convert_type(self, agate_table: ResultTable, col_idx: int) -> str:
        """The warehouse's type for a column: of a seed as its reader inferred it, else by the values."""
        name = agate_table.column_names[col_idx]
        inferred = agate_table.column_types[col_idx] if agate_table.column_types else None
        if isinstance(inferred, type):
            return self._adapter.convert_type([inferred], name)
        values = agate_table.columns[col_idx].values_without_nulls()
        return self._adapter.convert_type(list(dict.fromkeys(map(type, values))), name)

    def standardize_grants_dict(self, grants_table: Iterable[Any]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for row in grants_table:
            found.setdefault(row["privilege_type"], []).append(row["grantee"])
        return found

    def render_raw_columns_constraints(self, raw_columns: Mapping[str, Any]) -> list[str]:
        return constraints.column_definitions(
            raw_columns, self._adapter.quote, self._foreign_key_target
        )

    def render_raw_model_constraints(self, raw_constraints: Iterable[Any]) -> list[str]:
        return constraints.model_constraints(raw_constraints, self._foreign_key_target)

    def _foreign_key_target(self, to: str) -> str:
        # Written as ref('...') or source('...', '...'), or as a name.
        name = self._session.render(f"{{{{ ({to}).render() }}}}") if "(" in to else to
        return self._adapter.foreign_key_target(name)

    def get_hard_deletes_behavior(self, config: Mapping[str, Any]) -> str:
        return constraints.hard_deletes(config)

    def supports(self, capability: Any = None) -> bool:
        return str(capability) == "MicrobatchConcurrency" and self._adapter.concurrent_batches

    def build_catalog_relation(self, *_: Any) -> None:
        return None

    def __getattr__(self, name: str) -> Any:
        """Whatever else the adapter offers to macros (``external_root``, ``warn_once`` ...)."""
        if name.startswith("_"):
            raise AttributeError(name)
        extra = self._adapter_extra(name)
        if extra is None:
            known = [word for word in dir(self) if not word.startswith("_")]
            raise CompilationError(
                f"the adapter '{self.type()}' has no method '{name}'",
                code="adapter-method",
                hint=did_you_mean(name, known),
            )
        return extra

    def _adapter_extra(self, name: str) -> Any:
        extras: Mapping[str, Any] = getattr(self._adapter, "macro_methods", {})
        return extras.get(name)


class ParseFacade(BaseFacade):
    """The parse phase: nothing reaches the warehouse, and questions get dbt's empty answers."""

    def __getattr__(self, name: str) -> Any:
        """What the adapter does not have is told when the node is compiled (dbt's rule)."""
        if name.startswith("_"):
            raise AttributeError(name)
        extra = self._adapter_extra(name)
        return ParseUndefined(name=name) if extra is None else extra

    def _none(self, *args: Any, **kwargs: Any) -> None:
        return None

    def _list(self, *args: Any, **kwargs: Any) -> list[Any]:
        return []

    def _false(self, *args: Any, **kwargs: Any) -> bool:
        return False

    def execute(self, *args: Any, **kwargs: Any) -> tuple[AdapterResponse, ResultTable]:
        return AdapterResponse(""), ResultTable([])

    def add_query(self, *args: Any, **kwargs: Any) -> tuple[None, None]:
        return None, None

    def commit(self) -> str:
        return ""

    cache_added = cache_dropped = cache_renamed = _none
    drop_relation = truncate_relation = rename_relation = _none
    create_schema = drop_schema = get_relation = load_relation = _none
    expand_target_column_types = get_incremental_strategy_macro = _none
    valid_snapshot_target = assert_valid_snapshot_target_given_strategy = _none
    get_columns_in_relation = get_missing_columns = get_column_schema_from_query = _list
    list_relations = list_relations_without_caching = list_schemas = _list
    check_schema_exists = already_exists = _false


class RunFacade(BaseFacade):
    """Compiling and running: statements run on the session's connection."""

    # -- statements --------------------------------------------------------------------------

    def execute(
        self, sql: str, auto_begin: bool = False, fetch: bool = False, limit: int | None = None
    ) -> tuple[AdapterResponse, ResultTable]:
        connection = self._session.connection
        if auto_begin:
            connection.begin()
        result = self._session.execute(sql, fetch=fetch, limit=limit)
        return response_of(result), table_of(result)

    def add_query(
        self,
        sql: str,
        auto_begin: bool = True,
        bindings: Any = None,
        abridge_sql_log: bool = False,
    ) -> tuple[None, AdapterResponse]:
        if auto_begin:
            self._session.connection.begin()
        result = self._session.execute(sql, bindings=bindings, comment=False)
        return None, response_of(result)

    def commit(self) -> str:
        self._session.connection.commit()
        return ""

    # -- relations ---------------------------------------------------------------------------

    @property
    def _cache(self) -> Any:
        return self._session.host.relations

    def cache_added(self, relation: Relation | None) -> str:
        if relation is None:
            raise ExecutionError("adapter.cache_added() needs a relation, but got none")
        self._cache.add(relation)
        return ""

    def cache_dropped(self, relation: Relation | None) -> str:
        if relation is None:
            raise ExecutionError("adapter.cache_dropped() needs a relation, but got none")
        self._cache.drop(relation)
        return ""

    def cache_renamed(self, from_relation: Relation, to_relation: Relation) -> str:
        self._cache.rename(from_relation, to_relation)
        return ""

    def drop_relation(self, relation: Relation) -> None:
        if relation.type is None:
            raise ExecutionError(f"Tried to drop relation {relation}, but its type is null.")
        self._cache.drop(relation)
        self._session.call("drop_relation", relation)

    def truncate_relation(self, relation: Relation) -> None:
        self._session.call("truncate_relation", relation)

    def rename_relation(self, from_relation: Relation, to_relation: Relation) -> None:
        self._cache.rename(from_relation, to_relation)
        self._session.call("rename_relation", from_relation, to_relation)

    def create_schema(self, relation: Relation) -> None:
        target = relation.without_identifier()
        self._session.call("create_schema", target)
        self.commit()

    def drop_schema(self, relation: Relation) -> None:
        target = relation.without_identifier()
        self._session.call("drop_schema", target)
        self.commit()
        self._cache.drop_schema(target.database, target.schema)

    def list_relations(self, database: str | None, schema: str) -> list[Relation]:
        self._look_into(database, schema)
        return list(self._cache.list(database, schema))

    def _look_into(self, database: str | None, schema: str) -> None:
        """Ask what the schema holds, if nobody did."""
        if not self._cache.knows(database, schema):
            found = self._adapter.list_relations(self._session.connection, database, schema)
            self._cache.load(database, schema, found)

    def list_relations_without_caching(self, schema_relation: Relation) -> list[Relation]:
        return self._adapter.list_relations(
            self._session.connection, schema_relation.database, str(schema_relation.schema)
        )

    def get_relation(
        self, database: str | None, schema: str | None, identifier: str | None
    ) -> Relation | None:
        if schema is None or identifier is None:
            return None
        self._look_into(database, schema)
        found: Relation | None = self._cache.get(database, schema, identifier)
        return found

    def already_exists(self, schema: str, name: str) -> bool:
        return (
            self.get_relation(self._session.host.config.target.database, schema, name) is not None
        )

    def check_schema_exists(self, database: str | None, schema: str) -> bool:
        names = self._adapter.list_schemas(self._session.connection, database)
        return schema.lower() in {name.lower() for name in names}

    def list_schemas(self, database: str | None) -> list[str]:
        return self._adapter.list_schemas(self._session.connection, database)

    # -- columns -----------------------------------------------------------------------------

    def get_columns_in_relation(self, relation: Relation) -> list[Column]:
        if self._session.host.is_overridden("get_columns_in_relation"):
            found: list[Column] = self._session.call("get_columns_in_relation", relation)
            return found
        return self._adapter.columns(self._session.connection, relation)

    def get_column_schema_from_query(self, sql: str) -> list[Column]:
        return self._adapter.query_columns(self._session.connection, sql)

    def get_missing_columns(self, from_relation: Relation, to_relation: Relation) -> list[Column]:
        existing = {column.name for column in self.get_columns_in_relation(to_relation)}
        return [c for c in self.get_columns_in_relation(from_relation) if c.name not in existing]

    def expand_target_column_types(self, from_relation: Relation, to_relation: Relation) -> None:
        targets = {column.name: column for column in self.get_columns_in_relation(to_relation)}
        for column in self.get_columns_in_relation(from_relation):
            target = targets.get(column.name)
            if target is not None and target.can_expand_to(column):
                new_type = self.Column.string_type(column.string_size())
                self._session.call("alter_column_type", to_relation, column.name, new_type)

    # -- incremental and snapshots -----------------------------------------------------------

    def get_incremental_strategy_macro(self, model_context: Any, strategy: str | None) -> Any:
        name = strategy or "default"
        valid = [*self.valid_incremental_strategies(), "default"]
        if name in BUILTIN_STRATEGIES and name not in valid:
            raise ExecutionError(
                f"The incremental strategy '{name}' is not valid for this adapter",
                code="incremental-strategy",
                hint=f"valid ones: {', '.join(sorted(valid))}",
            )
        macro_name = f"get_incremental_{name.replace('+', '_')}_sql"
        if macro_name not in model_context:
            raise ExecutionError(
                "dbt could not find an incremental strategy macro with the name "
                f'"{macro_name}" in {self._session.host.root_package}',
                code="incremental-strategy",
                hint=did_you_mean(name, valid) or f"valid ones: {', '.join(sorted(valid))}",
            )
        return model_context[macro_name]

    def valid_snapshot_target(
        self, relation: Relation, column_names: Mapping[str, str] | None = None
    ) -> None:
        self._require_columns(
            relation, ("dbt_scd_id", "dbt_valid_from", "dbt_valid_to"), column_names
        )

    def assert_valid_snapshot_target_given_strategy(
        self,
        relation: Relation,
        column_names: Mapping[str, str] | None,
        strategy: Mapping[str, Any],
    ) -> None:
        self.valid_snapshot_target(relation, column_names)
        if strategy.get("hard_deletes") == "new_record":
            self._require_columns(relation, ("dbt_is_deleted",), column_names)

    def _require_columns(
        self, relation: Relation, names: Iterable[str], renamed: Mapping[str, str] | None
    ) -> None:
        existing = {column.name.lower() for column in self.get_columns_in_relation(relation)}
        wanted = [(renamed or {}).get(name, name) for name in names]
        missing = [name for name in wanted if name and name.lower() not in existing]
        if missing:
            raise CompilationError(
                f"Snapshot target is missing configured columns (missing {', '.join(missing)}).",
                code="snapshot-target",
            )
