"""Opens a project for commands: its configuration, adapter, macros and manifest, each when first needed.

    with open_project(Path("shop"), Opening(target="dev")) as project:
        project.manifest.nodes

What a verb does with it is in the verb's module.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import msgspec

from tidemill.commands.parse_reasons import told
from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.project.loading import load_runtime
from tidemill.errors import ConfigurationError
from tidemill.events import Event, FaultFound

if TYPE_CHECKING:
    from tidemill.adapters.base import Adapter, Connection
    from tidemill.engine.graph import Dag
    from tidemill.engine.jinja.macro_host import MacroHost
    from tidemill.engine.nodes import Manifest
    from tidemill.engine.parsing.cached import CachedParse
    from tidemill.engine.parsing.memory import Memory
    from tidemill.engine.parsing.parsed import ParsedProject

Emit = Callable[[Event], None]


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """How a project is opened: what the command line says beside the verb's own options."""

    profiles_dir: Path | None = None
    profile: str | None = None
    target: str | None = None
    vars: Mapping[str, Any] = {}
    threads: int | None = None
    target_path: str | None = None
    arguments: Mapping[str, Any] = {}
    """Flags by dbt's names, as templates see them (``flags``, ``invocation_args_dict``)."""
    require_profile: bool = True
    require_packages: bool = True
    source: str = "python"
    """Who works with it, for the history of runs: ``cli``, ``server`` or ``python``."""
    invocation_id: str = ""
    """The id of the first command; a new one when empty."""


def open_project(
    project_dir: Path,
    opening: Opening | None = None,
    *,
    emit: Emit | None = None,
    memory: Memory | None = None,
) -> OpenProject:
    """Load the configuration of the project in ``project_dir``; nothing is parsed or connected yet.

    ``emit`` gets the events of parsing, and warnings about the configuration. ``memory`` is of a process that
    opens projects more than once.
    Raises ConfigurationError, ParsingError, CompilationError or ProjectFaults.
    """
    wanted = opening or Opening()
    config = load_runtime(
        project_dir,
        profiles_dir=wanted.profiles_dir,
        profile=wanted.profile,
        target=wanted.target,
        cli_vars=dict(wanted.vars),
        threads=wanted.threads,
        target_path=wanted.target_path,
        arguments=dict(wanted.arguments),
        require_profile=wanted.require_profile,
        require_packages=wanted.require_packages,
    )
    if wanted.invocation_id:
        config = msgspec.structs.replace(config, invocation_id=wanted.invocation_id)
    project = OpenProject(config, wanted, emit or _ignore, memory)
    project.tell_warnings()
    return project


class OpenProject:
    """A project that commands work on. Safe to share between threads; a context manager."""

    def __init__(
        self, config: RuntimeConfig, opening: Opening, emit: Emit, memory: Memory | None = None
    ) -> None:
        self.config = config
        self.opening = opening
        self.emit = emit
        self._memory = memory
        self._adapter: Adapter | None = None
        self._manifest: Manifest | None = None
        self._parsed: ParsedProject | None = None
        self._dag: Dag | None = None
        self._dag_before: Dag | None = None
        self.parsed: CachedParse | None = None
        """What the last parse gave, and did, and why."""
        self._lock = threading.RLock()
        self._first_id = True

    # -- what it is made of ------------------------------------------------------------------

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self.config.root

    @property
    def adapter(self) -> Adapter:
        """The warehouse of the target, not necessarily connected. Raises ConfigurationError without a profile."""
        with self._lock:
            if self._adapter is None:
                self._adapter = _adapter_of(self.config)
            return self._adapter

    @property
    def manifest(self) -> Manifest:
        """The parsed project; parsed when first asked for. Raises ProjectFaults with all that is wrong."""
        with self._lock:
            return self.parse() if self._manifest is None else self._manifest

    @property
    def dag(self) -> Dag:
        """The graph of the manifest. Raises CompilationError that names a cycle."""
        from tidemill.engine.graph import Dag

        with self._lock:
            if self._dag is None:
                self._dag = Dag.of(self.manifest, self._dag_before)
                self._dag_before = None
            return self._dag

    def resume(self, before: OpenProject) -> None:
        """Make the graph of the one that this project had when it was open before: it differs little."""
        self._dag_before = before._dag

    @property
    def is_parsed(self) -> bool:
        """Whether the manifest is at hand without work."""
        return self._manifest is not None

    def parse(self) -> Manifest:
        """Read the project's files anew. Raises ProjectFaults; the manifest known before is kept then."""
        from tidemill.engine.parsing.cached import parse_cached
        from tidemill.engine.selection import selectors_for_manifest

        with self._lock:
            anew = self.config.arguments.get("partial_parse") is False
            found = parse_cached(
                self.config, self.adapter, self.emit, anew=anew, memory=self._memory
            )
            parsed, self.parsed = found.project, found
            if not anew:
                self.emit(told(found.reasons))
            selectors = selectors_for_manifest(self.config)
            manifest = parsed.manifest.with_equal(selectors=selectors)
            self._manifest, self._dag, self._parsed = manifest, None, parsed
            return manifest

    # -- working with it ---------------------------------------------------------------------

    def config_for(self, arguments: Mapping[str, Any]) -> RuntimeConfig:
        """The configuration of one command: its own flags, id and moment."""
        with self._lock:
            first, self._first_id = self._first_id, False
        return msgspec.structs.replace(
            self.config,
            arguments={**self.config.arguments, **arguments},
            invocation_id=self.config.invocation_id if first else str(uuid.uuid4()),
            started_at=time.time(),
        )

    def host(self, config: RuntimeConfig | None = None) -> MacroHost:
        """The project's macros, ready to be called; under ``config`` when it is not the project's own."""
        with self._lock:
            if self._parsed is None:
                self.parse()
            assert self._parsed is not None
            host = self._parsed.host
            return host if config is None else host.with_config(config)

    @contextmanager
    def connection(self, name: str) -> Iterator[Connection]:
        """A connection for a while; what is not committed is rolled back. Raises DatabaseError."""
        connection = self.adapter.connection(name)
        try:
            yield connection
        finally:
            connection.close()

    def tell_warnings(self) -> None:
        """Tell what was found while loading that is not wrong enough to stop."""
        for fault in self.config.warnings:
            self.emit(FaultFound(fault=fault, level="warn"))

    def share_warehouse(self, other: OpenProject) -> bool:
        """Use the adapter of ``other`` if both have the same target; False if they have not.

        So a project that is opened anew keeps a database that lives in memory only.
        """
        if other.config.target != self.config.target or other.root != self.root:
            return False
        with self._lock:
            self._adapter = other.adapter
        return True

    def disconnect(self) -> None:
        """Let go of the warehouse, so that other processes may have it. The next need connects again."""
        with self._lock:
            if self._adapter is not None:
                self._adapter.close()

    def close(self) -> None:
        """Let go of everything. Safe to call twice."""
        self.disconnect()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _adapter_of(config: RuntimeConfig) -> Adapter:
    from tidemill.adapters.registry import adapter_for

    if not config.target.type:
        raise ConfigurationError("the project was opened without a profile", code="profile-missing")
    return adapter_for(config.target.type)(config.target.credentials, config.root)


def _ignore(_: Event) -> None:
    return None
