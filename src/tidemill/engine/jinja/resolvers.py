"""``ref``, ``source``, ``config``, ``var`` and ``env_var``, as each phase of dbt promises them.

In the parse phase they take notes and answer with the node's own relation; in the other phases they resolve.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from jinja2 import Undefined

from tidemill.adapters.relation import Relation
from tidemill.engine.jinja.metrics import MetricReference, NamedMetric, resolve_metric
from tidemill.engine.jinja.not_found import function_not_found, ref_not_found, source_not_found
from tidemill.engine.jinja.periods import event_time_filter
from tidemill.engine.jinja.relations import node_relation, source_relation
from tidemill.engine.jinja.runtime_names import RuntimeNames
from tidemill.engine.nodes import Node, Ref
from tidemill.engine.project.reads import (
    CLI_VARS,
    ENV_VAR,
    FLAG,
    PROJECT_VARS,
    THREADS,
    VAR,
    note,
)
from tidemill.errors import CompilationError, did_you_mean

if TYPE_CHECKING:
    from tidemill.engine.jinja.session import Session

SECRET_PREFIX = "DBT_ENV_SECRET"
_MISSING: Any = object()


def ref_of(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Ref:
    """The arguments of ``ref()``: ``(name)`` or ``(package, name)``, with ``v`` or ``version``."""
    if len(args) not in (1, 2):
        raise CompilationError(
            f"ref() takes one or two names, but got {len(args)}",
            code="ref-arguments",
            hint="write ref('model'), ref('package', 'model') or ref('model', v=2)",
        )
    for what, value in zip(("package", "name")[-len(args) :], args, strict=True):
        if isinstance(value, Undefined):
            name = value._undefined_name
            raise CompilationError(
                f"the {what} argument of ref() is the variable '{name}', which is not defined",
                code="ref-arguments",
                hint=f"put the name into quotes: ref('{name}')",
            )
        if not isinstance(value, str):
            raise CompilationError(
                f"the {what} argument of ref() must be text, not {type(value).__name__}",
                code="ref-arguments",
            )
    version = kwargs.get("version") or kwargs.get("v")
    return Ref(args[-1], args[0] if len(args) == 2 else None, version)


def source_of(args: tuple[Any, ...]) -> tuple[str, str]:
    """The arguments of ``source()``: the source's name and the table's."""
    if len(args) != 2 or not all(isinstance(value, str) for value in args):
        raise CompilationError(
            f"source() takes two names, but got {len(args)} arguments",
            code="source-arguments",
            hint="write source('source_name', 'table_name')",
        )
    return args[0], args[1]


class ParseResolvers:
    """The parse phase: note what is asked for."""

    def __init__(self, session: Session) -> None:
        self._session = session
        assert session.capture is not None
        self._capture = session.capture

    def ref(self, *args: Any, **kwargs: Any) -> Any:
        self._capture.refs.append(ref_of(args, kwargs))
        return self._session.this

    def source(self, *args: Any) -> Any:
        self._capture.sources.append(source_of(args))
        return self._session.this

    def metric(self, *args: str) -> NamedMetric:
        self._capture.metrics.append(tuple(args))
        return NamedMetric(args)

    def function(self, *args: str) -> Any:
        self._capture.functions.append(tuple(args))
        return self._session.this


class RunResolvers:
    """Compiling and running: names become relations."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._host = session.host

    def ref(self, *args: Any, **kwargs: Any) -> Relation:
        ref = ref_of(args, kwargs)
        session = self._session
        manifest = session.manifest
        target = manifest.find_ref(ref, package=session.package, root=self._host.root_package)
        if target is None:
            raise ref_not_found(ref, manifest)
        self._check_declared(ref, target)
        if target.is_ephemeral:
            return self._ephemeral(target)
        found = self._deferred(target) or target
        narrowed = event_time_filter(target, session.period)
        if session.relation_limit is None and narrowed is None:
            return self._host.relation_of(found)
        return node_relation(
            self._host.adapter,
            found,
            self._host.quoting,
            limit=session.relation_limit,
            event_time_filter=narrowed,
        )

    def _deferred(self, target: Node) -> Node | None:
        """The node of another state to read instead: where this one was not built, or is out of favour."""
        host = self._host
        other = host.deferred.get(target.unique_id)
        if other is None:
            return None
        if host.flags.FAVOR_STATE and target.unique_id not in host.selected_resources:
            return other
        adapter = self._session.context["adapter"]
        built = adapter.get_relation(target.database, target.schema, target.alias)
        return other if built is None else None

    def _check_declared(self, ref: Ref, target: Node) -> None:
        """dbt's rule: what a node reads must have been seen while parsing, or the order is wrong."""
        node = self._session.node
        if node is None or node.resource_type == "operation":
            return
        if target.unique_id not in node.depends_on.nodes:
            raise CompilationError(
                f"{ref} was not seen while parsing, so '{target.name}' may not be built before "
                f"'{node.name}'",
                code="ref-undeclared",
                hint="a ref inside 'if execute' or in a branch is hidden from the parser: "
                f"name it in a comment anywhere in the file: -- depends_on: {{{{ {ref} }}}}",
            )

    def _ephemeral(self, target: Node) -> Relation:
        node = self._session.node
        if node is None or node.resource_type == "operation":
            raise CompilationError(
                f"operations can not ref() the ephemeral model '{target.name}': it has no relation",
                code="ref-ephemeral",
            )
        self._session.note_ephemeral(target.unique_id)
        name = getattr(target, "cte_name", None) or target.alias
        return self._host.adapter.relation_class.create_ephemeral(
            name,
            limit=self._session.relation_limit,
            event_time_filter=event_time_filter(target, self._session.period),
        )

    def source(self, *args: Any) -> Relation:
        name, table = source_of(args)
        session = self._session
        manifest = session.manifest
        found = manifest.find_source(
            name, table, package=session.package, root=self._host.root_package
        )
        if found is None:
            raise source_not_found(name, table, manifest)
        if found.unique_id in manifest.nodes:  # a unit test's rows in the place of the source
            return self._ephemeral(manifest.nodes[found.unique_id])
        return source_relation(
            self._host.adapter,
            found,
            {},  # in SQL the project's quoting does not apply to sources (dbt's rule)
            limit=session.relation_limit,
            event_time_filter=event_time_filter(found, session.period),
        )

    def metric(self, *args: str) -> MetricReference:
        session = self._session
        return resolve_metric(
            session.manifest, args, package=session.package, root=self._host.root_package
        )

    def function(self, *args: str) -> Any:
        name, package = args[-1], args[0] if len(args) == 2 else None
        session = self._session
        target = session.manifest.find_function(
            name, package, package=session.package, root=self._host.root_package
        )
        if target is None:
            raise function_not_found(name, session.manifest)
        # A warehouse lists no functions among its relations, so a deferred one is always taken (dbt's way).
        found = self._deferred(target) or target
        return node_relation(self._host.adapter, found, {}, type="function")


class Resolver:
    """``ref`` and its like as objects: packages read ``ref.config`` and ``ref.current_project``."""

    def __init__(self, resolve: Callable[..., Any], session: Session) -> None:
        self._resolve = resolve
        self.model = session.node
        self._config = session.host.config
        self.current_project = session.host.root_package

    @property
    def config(self) -> RuntimeNames:
        for key in ((CLI_VARS,), (FLAG, "*"), (THREADS,)):
            note(*key)
        for package in self._config.packages:
            note(PROJECT_VARS, package)
        return RuntimeNames(self._config)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._resolve(*args, **kwargs)


class ParseConfig:
    """``config`` in the parse phase: calls are noted, questions get empty answers (dbt's rule)."""

    def __init__(self, session: Session) -> None:
        assert session.capture is not None
        self._capture = session.capture

    def __call__(self, *args: Any, **kwargs: Any) -> str:
        return self._capture.configure(*args, **kwargs)

    def set(self, name: str, value: Any) -> str:
        return self._capture.configure({name: value})

    def get(self, name: str, default: Any = None, validator: Any = None) -> str:
        return ""

    require = meta_get = meta_require = get

    def persist_relation_docs(self) -> bool:
        return False

    def persist_column_docs(self) -> bool:
        return False


class RunConfig:
    """``config`` when compiling and running: answers from the node's final configuration."""

    def __init__(self, config: Mapping[str, Any], subject: str) -> None:
        self._config = config
        self._subject = subject

    def __call__(self, *args: Any, **kwargs: Any) -> str:
        return ""

    def set(self, name: str, value: Any) -> str:
        return ""

    def get(self, name: str, default: Any = None, validator: Any = None) -> Any:
        value = self._lookup(self._config, name)
        if value is _MISSING:
            return default
        if validator is not None and default is not None:
            validator(value)
        return value

    def require(self, name: str, validator: Any = None) -> Any:
        return self._required(self._config, name, validator)

    def meta_get(self, name: str, default: Any = None, validator: Any = None) -> Any:
        value = (self._config.get("meta") or {}).get(name, _MISSING)
        return default if value is _MISSING else value

    def meta_require(self, name: str, validator: Any = None) -> Any:
        return self._required(self._config.get("meta") or {}, name, validator)

    def _required(self, config: Mapping[str, Any], name: str, validator: Any) -> Any:
        value = self._lookup(config, name)
        if value is _MISSING:
            raise CompilationError(
                f"{self._subject} does not define a required config parameter '{name}'.",
                code="config-missing",
                hint=f"set it in the file ({{{{ config({name}=...) }}}}) or in YAML",
            )
        if validator is not None:
            validator(value)
        return value

    def _lookup(self, config: Mapping[str, Any], name: str) -> Any:
        if name in config:
            return config[name]
        return config.get(_HOOKS.get(name, name), _MISSING)

    def persist_relation_docs(self) -> bool:
        return bool(self._persist_docs().get("relation", False))

    def persist_column_docs(self) -> bool:
        return bool(self._persist_docs().get("columns", False))

    def _persist_docs(self) -> Mapping[str, Any]:
        value = self.get("persist_docs", {}) or {}
        if not isinstance(value, Mapping):
            raise CompilationError(
                f"persist_docs must be a mapping, not {value!r}",
                code="config-type",
                hint="write persist_docs: {relation: true, columns: true}",
            )
        return value


_HOOKS = {
    "pre_hook": "pre-hook",
    "post_hook": "post-hook",
    "pre-hook": "pre_hook",
    "post-hook": "post_hook",
}


class VarLookup:
    """``var``: a project variable, with dbt's error for one that is missing."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._values = {**session.host.vars_of(session.package), **session.variables}

    def __call__(self, name: str, default: Any = _MISSING) -> Any:
        note(VAR, self._session.package, name)
        value = self._values.get(name, _MISSING)
        if self._session.capture is not None:
            self._session.capture.variables[name] = None if value is _MISSING else value
        if value is not _MISSING:
            # A var may hold Jinja, such as a ref: it is rendered where it is read (dbt's rule).
            return self._session.render(value) if isinstance(value, str) else value
        if default is not _MISSING:
            return default
        # A model is parsed with what there is; the macros that name relations need their vars (dbt's rule).
        if self._session.capture is not None:
            return None
        raise CompilationError(
            f"Required var '{name}' not found in config:\nVars supplied to "
            f"{self._session.subject} = {_listing(self._values)}",
            code="var-missing",
            hint=did_you_mean(name, self._values)
            or f"set it in dbt_project.yml, or with --vars '{{{name}: ...}}'",
        )

    def has_var(self, name: str) -> bool:
        note(VAR, self._session.package, name)
        if self._session.capture is not None:
            self._session.capture.variables[name] = self._values.get(name)
        return name in self._values


def _listing(values: Mapping[str, Any]) -> str:
    import json

    shown = {
        name: "*****" if str(name).startswith(SECRET_PREFIX) else value
        for name, value in values.items()
    }
    return json.dumps(shown, indent=4, sort_keys=True, default=str)


def env_var_of(session: Session) -> Callable[..., Any]:
    """``env_var(name, default)``, noting what the parse phase reads. Secrets are refused."""

    def env_var(name: str, default: Any = None) -> Any:
        if name in session.environment:
            return session.environment[name]
        if name.startswith(SECRET_PREFIX):
            raise CompilationError(
                f"Secret env vars are allowed only in profiles.yml or packages.yml. Found '{name}' "
                "referenced elsewhere.",
                code="env-var-secret",
            )
        note(ENV_VAR, name)
        value = os.environ.get(name)
        if session.capture is not None:
            session.capture.environment[name] = value
        if value is not None:
            return value
        if default is not None:
            return str(default) if not isinstance(default, str) else default
        near = [key for key in os.environ if not key.startswith(SECRET_PREFIX)]
        raise CompilationError(
            f"Env var required but not provided: '{name}'",
            code="env-var-missing",
            hint=did_you_mean(name, near) or f"set it, or give a default: env_var('{name}', '...')",
        )

    return env_var
