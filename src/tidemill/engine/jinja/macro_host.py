"""Finds, compiles and hands out macros, and opens sessions. One host serves all threads of a project."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

from jinja2 import Template

from tidemill.adapters.base import Adapter, Connection
from tidemill.adapters.cache import RelationCache
from tidemill.adapters.relation import Relation
from tidemill.engine.jinja.capture import Capture
from tidemill.engine.jinja.code_cache import CodeCache
from tidemill.engine.jinja.context import Flags
from tidemill.engine.jinja.dialect import make_environment
from tidemill.engine.jinja.periods import Period
from tidemill.engine.jinja.query_comments import QueryComments
from tidemill.engine.jinja.registry import BUILTIN_PACKAGE, MacroRegistry
from tidemill.engine.jinja.relations import node_relation
from tidemill.engine.jinja.session import Phase, Session
from tidemill.engine.jinja.tables import AttributeDict
from tidemill.engine.jinja.trouble import ORIGIN
from tidemill.engine.nodes import Macro, Manifest, Node
from tidemill.engine.nodes.shape import resource_dict
from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.project.loading import vars_for
from tidemill.engine.project.target_names import target_names
from tidemill.errors import CompilationError, Fault, Place, did_you_mean
from tidemill.events import Event, FaultFound

_EXPLICIT_OVERRIDES = "require_explicit_package_overrides_for_builtin_materializations"


class MacroHost:
    """The macros of a project, compiled when first called, with everything sessions share."""

    config: RuntimeConfig
    root_package: str
    flags: Flags
    target: dict[str, Any]

    def __init__(
        self,
        config: RuntimeConfig,
        macros: Iterable[Macro],
        adapter: Adapter,
        *,
        code_path: Path | None = None,
    ) -> None:
        self.adapter = adapter
        self.registry = MacroRegistry(
            macros, root=config.project.name, internal=config.internal_packages
        )
        self.environment = make_environment()
        self._parse_environment = make_environment(parsing=True)
        self.emit: Callable[[Event], None] | None = None
        """Who hears what templates log where nobody else listens, such as while parsing."""
        self._codes = CodeCache(self.environment, code_path)
        self._templates: dict[str, Template] = {}
        self._pieces: dict[str, Template] = {}
        self._overridden: dict[str, bool] = {}
        self._replacements: set[str] = set()
        """Of which materialisations it was told that they replace built-in ones."""
        self._configure(config)

    def _configure(self, config: RuntimeConfig) -> None:
        self.config = config
        self.root_package = config.project.name
        self.quoting: dict[str, bool] = dict(config.project.quoting)
        self.flags = Flags(config.arguments)
        self.target = AttributeDict(target_names(config.target))
        self.behavior = Behavior(config.project.flags)
        self.sample = _period(config.arguments.get("sample"))
        self.event_time = _period(config.arguments.get("event_time"))
        self.query_comments = QueryComments(self)
        self.relations = RelationCache()
        self.selected_resources: tuple[str, ...] = ()
        self.deferred: Mapping[str, Node] = {}
        """What ``ref`` takes in the place of a node that is not there: another state's, by unique id."""
        self._vars: dict[str, dict[str, Any]] = {}
        self._relations: dict[str, tuple[Node, Relation]] = {}
        self._graph: tuple[Manifest, dict[str, Any]] | None = None
        self._lock = threading.Lock()
        self.adapter.attach(self)

    def with_config(self, config: RuntimeConfig) -> MacroHost:
        """A host for another command on the same macros: what is compiled is shared, the rest is its own."""
        other = copy.copy(self)
        other._configure(config)
        return other

    # -- sessions ----------------------------------------------------------------------------

    def session(
        self,
        node: Node | None,
        manifest: Manifest | None,
        *,
        phase: Phase = "compile",
        package: str | None = None,
        connection: Connection | Callable[[], Connection] | None = None,
        emit: Callable[[Event], None] | None = None,
        extra: Mapping[str, Any] | None = None,
        capture: Capture | None = None,
        debug: bool = False,
    ) -> Session:
        """A session for ``node``; without one, for an operation of ``package`` (or the root project)."""
        owner = node.package_name if node is not None else self.root_package
        return Session(
            self,
            phase=phase,
            package=package or owner,
            node=node,
            manifest=manifest,
            connection=connection,
            emit=emit or self.emit,
            extra=extra,
            capture=capture,
            debug=debug,
        )

    # -- finding -----------------------------------------------------------------------------

    def find_operation(self, name: str) -> Macro:
        """The macro that ``run-operation`` calls ``name`` or ``package.name``, of whatever package.

        Raises CompilationError with the nearest name.
        """
        package, dot, rest = name.rpartition(".")
        places = [self.registry.package(package) or {}] if dot else self.registry.packages.values()
        if dot:
            found = self.registry.find_in(rest, package, package=self.root_package)
        else:
            found = self.registry.find_anywhere(name)
        if found is not None:
            return found
        raise CompilationError(
            f"dbt could not find a macro with the name '{rest}' in "
            + (f"the package '{package}'" if dot else "any package"),
            code="macro-not-found",
            hint=did_you_mean(rest, {key for macros in places for key in macros}),
        )

    def find_macro(self, name: str, package: str | None, *, seen_from: str) -> Macro:
        """The macro ``name`` (in ``package``). Raises CompilationError with the nearest name."""
        if package is None and "." in name:
            package, _, name = name.partition(".")
        macro = self.registry.find_in(name, package, package=seen_from)
        if macro is not None:
            return macro
        known = set(self.registry.package(package) or ()) if package else self._known(seen_from)
        where = f" in package '{package}'" if package else ""
        raise CompilationError(
            f"no macro named '{name}' was found{where}",
            code="macro-not-found",
            hint=did_you_mean(name, known),
        )

    def _known(self, package: str) -> set[str]:
        return self.registry.names(package)

    def find_materialization(self, name: str, emit: Callable[[Event], None] | None = None) -> Macro:
        """The macro of a materialisation for this adapter. Raises CompilationError naming what exists.

        ``emit`` is told when a package's stands in the place of a built-in one.
        """
        explicit = self.config.project.flags.get(_EXPLICIT_OVERRIDES, True)
        macro = self.registry.find_materialization(
            name, self.adapter.type_names, replaceable=not explicit
        )
        if not explicit and emit is not None:
            self._warn_of_replacement(macro, emit)
        return macro

    def _warn_of_replacement(self, macro: Macro, emit: Callable[[Event], None]) -> None:
        name = self.registry.replaced_materialization(macro, self.adapter.type_names)
        if name is None or macro.unique_id in self._replacements:
            return
        self._replacements.add(macro.unique_id)
        fault = Fault(
            code="deprecated-materialization-override",
            label="Warning",
            message=f"Installed package '{macro.package_name}' is overriding the built-in "
            f"materialization '{name}'",
            place=Place(file=macro.original_file_path, line=macro.line),
            hint="define it in the project itself, and let it call the package's: dbt means to give "
            "this up",
        )
        emit(FaultFound(fault=fault, level="warn"))

    def is_overridden(self, name: str) -> bool:
        """Whether the project replaces a built-in macro, directly or where it dispatches to.

        What the adapter answers in Python must then go through the project's macro.
        """
        known = self._overridden.get(name)
        if known is None:
            known = self._overridden[name] = self._finds_own(name)
        return known

    def _finds_own(self, name: str) -> bool:
        internal = self.config.internal_packages
        macro = self.registry.find(name, package=self.root_package)
        if macro is not None and macro.package_name not in internal:
            return True
        target = self.dispatch(name, "dbt", packages=(self.root_package,))
        return target.package_name not in internal

    def dispatch(self, name: str, namespace: str | None, *, packages: tuple[str, ...]) -> Macro:
        """dbt's ``adapter.dispatch``: adapter prefixes over the packages of the search order.

        A search without a namespace is made from each of ``packages``; the first with an answer wins.
        """
        attempts: dict[str, None] = {}
        for package, place in product(packages, search_places(self.config, namespace)):
            for prefix in (*self.adapter.type_names, "default"):
                candidate = f"{prefix}__{name}"
                macro = self.registry.find_in(candidate, place, package=package)
                if macro is not None:
                    return macro
                attempts[f"{place}.{candidate}" if place else candidate] = None
        searched = ", ".join(repr(attempt) for attempt in attempts)
        raise CompilationError(
            f"In dispatch: No macro named '{name}' found within namespace: '{namespace}'\n"
            f"    Searched for: {searched}",
            code="dispatch",
        )

    @cached_property
    def runs_batches(self) -> bool:
        """Whether microbatch models run in batches: not under a project's own strategy macro, unless a flag says so."""
        macro = self.registry.find("get_incremental_microbatch_sql", package=self.root_package)
        is_own = macro is not None and macro.package_name not in self.config.internal_packages
        return not is_own or bool(
            self.config.project.flags.get(
                "require_batched_execution_for_custom_microbatch_strategy", False
            )
        )

    # -- templates ---------------------------------------------------------------------------

    def macro_template(self, macro: Macro) -> Template:
        """The macro's compiled template, made once and kept on disk. Raises TemplateSyntaxError."""
        template = self._templates.get(macro.unique_id)
        if template is None:
            code = self._codes.code(macro.macro_sql, keep=True)
            template = Template.from_code(self.environment, code, self.environment.globals)
            setattr(template, ORIGIN, (macro.original_file_path, macro.line))
            self._templates[macro.unique_id] = template
        return template

    def template(
        self, text: str, *, parsing: bool = False, file: str | None, line: int
    ) -> Template:
        """A template for a node's text. The code is shared by both phases."""
        environment = self._parse_environment if parsing else self.environment
        template = Template.from_code(environment, self._codes.code(text), environment.globals)
        setattr(template, ORIGIN, (file, line) if file else None)
        return template

    def piece_template(self, text: str) -> Template:
        """A template of the parse phase for a piece, which many files may share: made once."""
        template = self._pieces.get(text)
        if template is None:
            environment = self._parse_environment
            code = self._codes.code(text)
            template = Template.from_code(environment, code, environment.globals)
            self._pieces[text] = template
        return template

    def save_code(self) -> None:
        """Write newly compiled macros to the cache on disk, if there is one."""
        self._codes.save()

    # -- shared values -----------------------------------------------------------------------

    def vars_of(self, package: str) -> dict[str, Any]:
        """The vars that templates of ``package`` see."""
        found = self._vars.get(package)
        if found is None:
            found = self._vars[package] = vars_for(self.config, package)
        return found

    def relation_of(self, node: Node) -> Relation:
        """The relation that the node builds, made once: nodes are read more often than built."""
        known = self._relations.get(node.unique_id)
        if known is None or known[0] is not node:
            relation = node_relation(self.adapter, node, self.quoting)
            known = self._relations[node.unique_id] = (node, relation)
        return known[1]

    def graph(self, manifest: Manifest | None) -> dict[str, Any]:
        """dbt's ``graph``: all resources as mappings. Empty groups while the project is parsed."""
        if manifest is None:
            return AttributeDict({name: {} for name in _GRAPH_GROUPS})
        with self._lock:
            if self._graph is None or self._graph[0] is not manifest:
                self._graph = (manifest, _flat_graph(manifest))
            return self._graph[1]


def _period(written: Any) -> Period | None:
    return Period.of(written) if isinstance(written, Mapping) else None


_GRAPH_GROUPS = (
    "exposures",
    "functions",
    "groups",
    "metrics",
    "nodes",
    "sources",
    "semantic_models",
    "saved_queries",
)


def _flat_graph(manifest: Manifest) -> dict[str, Any]:
    def shapes(resources: Mapping[str, Any]) -> dict[str, Any]:
        return {key: AttributeDict(resource_dict(value)) for key, value in resources.items()}

    return AttributeDict(
        exposures=shapes(manifest.exposures),
        functions=shapes(manifest.functions),
        groups=shapes(manifest.groups),
        metrics=shapes(manifest.metrics),
        nodes=shapes(manifest.nodes),
        sources=shapes(manifest.sources),
        semantic_models=shapes(manifest.semantic_models),
        saved_queries=shapes(manifest.saved_queries),
    )


class Behavior:
    """``adapter.behavior``: dbt's behaviour flags by name, off unless the project turns them on."""

    def __init__(self, flags: Mapping[str, Any]) -> None:
        self._flags = flags

    def __getattr__(self, name: str) -> Switch:
        if name.startswith("_"):
            raise AttributeError(name)
        return Switch(bool(self._flags.get(name, False)))


class Switch:
    """A behaviour flag: true or false by itself, and as ``setting`` and ``no_warn``."""

    def __init__(self, on: bool) -> None:
        self.setting = self.no_warn = on

    def __bool__(self) -> bool:
        return self.setting


def search_places(config: RuntimeConfig, namespace: str | None) -> tuple[str | None, ...]:
    """The packages that ``adapter.dispatch`` looks in, in order; None is wherever a call would look.

    Raises CompilationError for a namespace that is no name.
    """
    if namespace is None:
        return (None,)
    if not isinstance(namespace, str):
        raise CompilationError(
            f"In adapter.dispatch, got a {type(namespace).__name__} macro_namespace argument "
            f'("{namespace}"), but macro_namespace should be None or a string.',
            code="dispatch",
        )
    for entry in config.project.dispatch:
        if entry.get("macro_namespace") == namespace:
            return tuple(entry.get("search_order") or ())
    # For built-in macros too: the root project's ``default__x`` goes before the warehouse's own ``postgres__x``.
    is_package = namespace in config.packages and namespace not in config.internal_packages
    if is_package or namespace == BUILTIN_PACKAGE:
        return (config.project.name, namespace)
    return (None,)
