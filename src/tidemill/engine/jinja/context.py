"""The names that dbt promises to templates, by phase: one small function each.

A value is made when a template first reads the name. ``modules``, ``tojson`` and their like are in ``functions``.
"""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from jinja2.utils import missing

from tidemill.adapters.relation import Relation
from tidemill.engine.jinja import functions
from tidemill.engine.jinja.described import DescribedConfig
from tidemill.engine.jinja.facade import ParseFacade, RunFacade
from tidemill.engine.jinja.relations import node_relation
from tidemill.engine.jinja.resolvers import (
    ParseConfig,
    ParseResolvers,
    Resolver,
    RunResolvers,
    VarLookup,
    env_var_of,
)
from tidemill.engine.jinja.tables import AdapterResponse, AttributeDict
from tidemill.engine.nodes.shape import node_dict
from tidemill.engine.project.config import DBT_VERSION
from tidemill.engine.project.jinja_modules import Modules
from tidemill.engine.project.metadata import metadata_envs
from tidemill.engine.project.reads import FLAG, METADATA, MODULES, THREADS, VOLATILE, note
from tidemill.errors import CompilationError
from tidemill.events import Message

if TYPE_CHECKING:
    from tidemill.engine.jinja.session import Session

_STATIC = functions.static_functions()
_READS: dict[str, tuple[str, ...]] = {
    "dbt_metadata_envs": (METADATA,),
    "env": (THREADS,),
    "invocation_args_dict": (FLAG, "*"),
    "invocation_id": (VOLATILE, "invocation_id"),
    "modules": (MODULES,),
    "run_started_at": (VOLATILE, "run_started_at"),
    "target": (THREADS,),
    "thread_id": (VOLATILE, "thread_id"),
}
"""Names whose values are not the same in every invocation."""
_SNAPSHOT_COLUMNS = (
    "dbt_valid_from",
    "dbt_valid_to",
    "dbt_scd_id",
    "dbt_updated_at",
    "dbt_is_deleted",
)


def builtin(session: Session, name: str) -> Any:
    """The value that dbt promises for ``name`` in this session, or Jinja's ``missing``."""
    if name in _READS:
        note(*_READS[name])
    static = _STATIC.get(name, missing)
    if static is not missing:
        return static
    maker = _MAKERS.get(name)
    return maker(session) if maker is not None else missing


def promised_names() -> set[str]:
    """All names that ``builtin`` knows."""
    return set(_STATIC) | set(_MAKERS)


class Builtins(Mapping[str, Any]):
    """``builtins``: the promised names as they are, even where a macro has taken one over."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __getitem__(self, name: str) -> Any:
        value = builtin(self._session, name)
        if value is missing:
            raise KeyError(name)
        return value

    def __iter__(self) -> Any:
        return iter(promised_names())

    def __len__(self) -> int:
        return len(promised_names())


class Flags:
    """``flags``: the command's options in capitals (``flags.FULL_REFRESH``), with dbt's defaults."""

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        self._arguments = arguments

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        key = name.lower()
        note(FLAG, key)
        value = self._arguments.get(key)
        return _FLAG_DEFAULTS.get(key) if value is None else value

    __getitem__ = __getattr__

    def as_dict(self) -> dict[str, Any]:
        """All options by their names in lower case: dbt's ``invocation_args_dict``."""
        given = {key: value for key, value in self._arguments.items() if value is not None}
        return {**_FLAG_DEFAULTS, **given}

    def get(self, name: str, default: Any = None) -> Any:
        """The flag, or ``default`` when it has no value."""
        value = getattr(self, name)
        return default if value is None else value


_FLAG_DEFAULTS: dict[str, Any] = {
    "full_refresh": False,
    "store_failures": False,
    "fail_fast": False,
    "warn_error": False,
    "empty": False,
    "print": True,
    "quiet": False,
    "use_colors": True,
    "write_json": True,
    "version_check": True,
    "cache_selected_only": False,
    "introspect": True,
    "partial_parse": True,
    "static_parser": True,
    "indirect_selection": "eager",
    "send_anonymous_usage_stats": False,
    "favor_state": False,
    "defer": False,
    "log_format": "default",
    "log_level": "info",
}


def _log(session: Session) -> Callable[..., str]:
    def log(msg: Any, info: bool = False) -> str:
        level, code = ("info", "I062") if info else ("debug", "I063")
        _tell(session, msg, level, code)
        return ""

    return log


def _print(session: Session) -> Callable[..., str]:
    def print_(msg: Any) -> str:
        if session.host.flags.PRINT:
            _tell(session, msg, "info", "Z052")
        return ""

    return print_


def _tell(session: Session, text: Any, level: Any, code: str) -> None:
    node = session.node.unique_id if session.node is not None else None
    session.emit(Message(text=str(text), level=level, unique_id=node, code=code))


def _modules(session: Session) -> Modules:
    text = (
        "Usage of itertools modules is deprecated. Jinja's own filters and loops can do most of it"
    )
    return Modules(lambda: _tell(session, text, "warn", "D034"))


def _adapter(session: Session) -> Any:
    return ParseFacade(session) if session.phase == "parse" else RunFacade(session)


def _api(session: Session) -> Any:
    adapter = session.context["adapter"]
    return AttributeDict(Relation=adapter.Relation, Column=adapter.Column)


def _config(session: Session) -> Any:
    if session.capture is not None:
        return ParseConfig(session)
    config = session.node.config if session.node is not None else {}
    renamed = config.get("snapshot_meta_column_names")
    if renamed is not None:
        # A property of dbt's snapshot configuration, under the name that its macros ask for.
        names = {name: renamed.get(name) or name for name in _SNAPSHOT_COLUMNS}
        config = {**config, "snapshot_table_column_names": AttributeDict(names)}
    return DescribedConfig(config, session.subject, lambda: _model(session))


def _resolver(name: str) -> Callable[[Session], Any]:
    def make(session: Session) -> Any:
        resolvers = (
            ParseResolvers(session) if session.capture is not None else RunResolvers(session)
        )
        return Resolver(getattr(resolvers, name), session)

    return make


def _model(session: Session) -> Any:
    if session.node is None:
        return {}
    shape = AttributeDict(_said(node_dict(session.node)))
    if session.phase == "parse":
        return shape
    compiled = session.context.get("compiled_code")
    if compiled is not None:
        shape["compiled_code"] = shape["compiled_sql"] = compiled
    if not (shape.get("contract") or {}).get("alias_types", True):
        return shape
    translate = session.host.adapter.column_class.translate_type
    for column in (shape.get("columns") or {}).values():
        if column.get("data_type"):
            column["data_type"] = translate(column["data_type"])
    return shape


_AS_WRITTEN = frozenset({"meta", "test_metadata", "unrendered_config", "grants", "column_types"})
"""What people wrote: its nulls are theirs."""


def _said(value: Any) -> Any:
    """``value`` without keys that hold nothing: dbt's ``model`` leaves them out, so macros ask ``is defined``."""
    if isinstance(value, dict):
        return {
            key: inner if key in _AS_WRITTEN else _said(inner)
            for key, inner in value.items()
            if inner is not None
        }
    return [_said(item) for item in value] if isinstance(value, list) else value


def _store_raw_result(session: Session) -> Callable[..., str]:
    def store_raw_result(
        name: str,
        message: str | None = None,
        code: str | None = None,
        rows_affected: Any = None,
        agate_table: Any = None,
    ) -> str:
        response = AdapterResponse(str(message), code, rows_affected)
        return session.store_result(name, response, agate_table)

    return store_raw_result


def _submit_python_job(session: Session) -> Callable[..., Any]:
    def submit_python_job(parsed_model: Mapping[str, Any], compiled_code: str) -> AdapterResponse:
        return session.run_python(parsed_model, compiled_code)

    return submit_python_job


def _try_or_compiler_error(session: Session) -> Callable[..., Any]:
    def try_or_compiler_error(
        message_if_exception: str, func: Any, *args: Any, **kwargs: Any
    ) -> Any:
        try:
            return func(*args, **kwargs)
        except Exception:  # noqa: BLE001 - whatever the callee raises, the caller's words replace it
            raise CompilationError(message_if_exception, code="raised") from None

    return try_or_compiler_error


def _adapter_macro(session: Session) -> Callable[..., Any]:
    def adapter_macro(name: str, *args: Any, **kwargs: Any) -> Any:
        raise CompilationError(
            'The "adapter_macro" macro has been deprecated. Instead, use the `adapter.dispatch` method '
            f"to find a macro and call the result. adapter_macro was called for: {name}",
            code="adapter-macro",
            hint=f"use adapter.dispatch('{name}')(...)",
        )

    return adapter_macro


def _run_started_at(session: Session) -> Any:
    import pytz

    return datetime.datetime.fromtimestamp(session.host.config.started_at, tz=pytz.utc)


def _schema(session: Session) -> str:
    return session.node.schema if session.node is not None else session.host.config.target.schema


def _database(session: Session) -> str | None:
    node = session.node
    return node.database if node is not None else session.host.config.target.database


def _defer_relation(session: Session) -> Relation | None:
    """The relation that another state has for this node, while a command defers to it or clones it."""
    host, node = session.host, session.node
    other = host.deferred.get(node.unique_id) if node is not None else None
    return node_relation(host.adapter, other, host.quoting) if other is not None else None


def _hooks(key: str) -> Callable[[Session], Any]:
    def make(session: Session) -> Any:
        if session.node is None or session.node.resource_type in {"test", "unit_test"}:
            return []
        return session.node.config.get(key) or []

    return make


def _column_class(session: Session) -> Any:
    return session.host.adapter.column_class


_MAKERS: dict[str, Callable[[Session], Any]] = {
    "adapter": _adapter,
    "adapter_macro": _adapter_macro,
    "api": _api,
    "builtins": Builtins,
    "column": _column_class,
    "compiled_code": lambda session: None,
    "config": _config,
    "context": lambda session: session.context,
    "database": _database,
    "dbt_metadata_envs": lambda session: metadata_envs(),
    "dbt_version": lambda session: DBT_VERSION,
    "defer_relation": _defer_relation,
    "env": lambda session: session.host.target,
    "env_var": env_var_of,
    "exceptions": lambda session: functions.Exceptions(
        session.emit,
        session.node.unique_id if session.node is not None else None,
        warnings_are_errors=session.phase != "parse" and bool(session.host.flags.WARN_ERROR),
    ),
    "execute": lambda session: session.phase != "parse",
    "flags": lambda session: session.host.flags,
    "function": _resolver("function"),
    "graph": lambda session: session.graph,
    "invocation_args_dict": lambda session: session.host.flags.as_dict(),
    "invocation_id": lambda session: session.host.config.invocation_id,
    "load_result": lambda session: session.load_result,
    "log": _log,
    "metric": _resolver("metric"),
    "model": _model,
    "modules": _modules,
    "post_hooks": _hooks("post-hook"),
    "pre_hooks": _hooks("pre-hook"),
    "print": _print,
    "project_name": lambda session: session.host.root_package,
    "ref": _resolver("ref"),
    "render": lambda session: session.render,
    "run_started_at": _run_started_at,
    "schema": _schema,
    "selected_resources": lambda session: list(session.host.selected_resources),
    "source": _resolver("source"),
    "sql": lambda session: session.context.get("compiled_code"),
    "sql_now": lambda session: "current_timestamp",
    "store_raw_result": _store_raw_result,
    "store_result": lambda session: session.store_result,
    "submit_python_job": _submit_python_job,
    "target": lambda session: session.host.target,
    "this": lambda session: session.this,
    "thread_id": lambda session: threading.current_thread().name,
    "try_or_compiler_error": _try_or_compiler_error,
    "var": VarLookup,
    "write": lambda session: lambda payload: "",
}
