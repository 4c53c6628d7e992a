"""Reads the column lineage of an open project: compiles without a warehouse, keeps what it read in the target folder."""

from __future__ import annotations

import threading
from typing import NoReturn

import msgspec

import tidemill
from tidemill.commands.opening import OpenProject
from tidemill.engine.compiling.code_files import CodeFiles
from tidemill.engine.compiling.compiler import Compiler
from tidemill.engine.lineage.cache import CACHE_FILE, LineageCache
from tidemill.engine.lineage.calm import Calmness
from tidemill.engine.lineage.known_columns import CATALOG_FILE, KnownColumns, read_catalog
from tidemill.engine.lineage.project_lineage import Compile, ProjectLineage, Recall
from tidemill.engine.lineage.relations import RelationNames
from tidemill.engine.nodes import Manifest, Node
from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.running.connections import Connections
from tidemill.errors import CompilationError

_FIRST_RUN = {"macros": {"is_incremental": False}}
"""An incremental model is read as it is built for the first time: that is the whole of it."""


class LineageKeeper:
    """Keeps the lineage of a project while it is open, and what of it still holds when it was parsed anew."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lineage: ProjectLineage | None = None

    def of(self, project: OpenProject) -> ProjectLineage:
        """The lineage of the project as it is now. Raises ProjectFaults."""
        with self._lock:
            before = self._lineage
            if before is None or before.manifest is not project.manifest:
                self._lineage = column_lineage(project, before)
            assert self._lineage is not None
            return self._lineage

    def save(self) -> None:
        """Keep on disk what was read and is not there yet."""
        if self._lineage is not None:
            self._lineage.cache.save()


def column_lineage(
    project: OpenProject, before: ProjectLineage | None = None, *, introspect: bool = False
) -> ProjectLineage:
    """The lineage of the project as it is now; nothing is read yet. Raises ProjectFaults.

    What ``before`` read is taken over where it still holds. With ``introspect``, templates may ask the warehouse;
    then every model that is looked at is compiled.
    """
    manifest, config = project.manifest, project.config
    relation_class = project.adapter.relation_class
    target = config.target_path
    surroundings = msgspec.msgpack.encode(
        (config.target, config.cli_vars, config.packages, config.arguments.get("vars")),
        enc_hook=repr,
    )
    return ProjectLineage(
        manifest,
        compiling(project, introspect=introspect),
        _names(manifest, config.target.type, relation_class.add_ephemeral_prefix(""), before),
        KnownColumns(manifest, project.root, read_catalog(target / CATALOG_FILE)),
        before.cache if before else lineage_cache(config),
        dialect=config.target.type,
        calmness=None
        if introspect
        else Calmness(manifest, surroundings, before.calmness if before else None),
        recall=_recalling(project),
        before=before,
    )


def lineage_cache(config: RuntimeConfig) -> LineageCache:
    """What is kept of column lineage in the target folder."""
    return LineageCache(config.target_path / CACHE_FILE, tidemill.__version__)


def _names(
    manifest: Manifest, dialect: str, prefix: str, before: ProjectLineage | None
) -> RelationNames:
    if before is None:
        return RelationNames(manifest, dialect, prefix)
    return RelationNames.after(before.names, before.manifest, manifest, prefix)


def compiling(project: OpenProject, *, introspect: bool = False) -> Compile:
    """How the SQL of a model is had: without a warehouse, unless ``introspect``."""
    compiler = Compiler(project.host(), project.manifest, overrides=_FIRST_RUN)

    def compile_sql(node: Node) -> str:
        if not introspect:
            return compiler.compile(node, _no_warehouse).own_code
        with Connections(project.adapter).named(node.unique_id) as connect:
            return compiler.compile(node, connect).own_code

    return compile_sql


def _recalling(project: OpenProject) -> Recall:
    """What the last run or compilation made of a model, unless the model's file was changed since."""
    files = CodeFiles(project.root, project.config.project.target_path)
    packages = project.config.packages

    def recall(node: Node) -> str | None:
        package = packages.get(node.package_name)
        source = (package.root if package else project.root) / node.original_file_path
        compiled = project.root / files.path("compiled", node)
        try:
            if compiled.stat().st_mtime_ns < source.stat().st_mtime_ns:
                return None
            return compiled.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    return recall


def _no_warehouse() -> NoReturn:
    raise CompilationError(
        "its SQL asks the warehouse while it is compiled", code="lineage-needs-warehouse"
    )
