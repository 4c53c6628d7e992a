"""SQL files to nodes: models, analyses, singular tests and snapshots."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any

import msgspec

from tidemill.engine.jinja.capture import Capture
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.nodes import Analysis, DependsOn, Function, Model, Node, SingularTest, Snapshot
from tidemill.engine.parsing.blocks import SNAPSHOT_BLOCKS, split_blocks
from tidemill.engine.parsing.naming import Naming
from tidemill.engine.parsing.node_hooks import with_hooks
from tidemill.engine.parsing.patching import (
    PatchIndex,
    patched,
    versioned,
    with_constraint_parents,
)
from tidemill.engine.parsing.property_entries import Patch
from tidemill.engine.parsing.templates import TemplateReader
from tidemill.engine.parsing.written_config import (
    FLAG,
    is_plain,
    written_config,
    written_properties,
)
from tidemill.engine.project.config_kinds import SECTION_OF_KIND
from tidemill.engine.project.config_trees import (
    ConfigLayers,
    Layer,
    check_config,
    configs_for,
    merge_configs,
    unrendered_config,
)
from tidemill.engine.project.files import ProjectFile
from tidemill.errors import ParsingError, Place
from tidemill.keys import unique_id

_PYTHON_DEFAULTS = {"materialized": "table"}
_KINDS: dict[str, type[Node]] = {
    "model": Model,
    "function": Function,
    "analysis": Analysis,
    "test": SingularTest,
    "snapshot": Snapshot,
}


def checksum_of(text: str) -> str:
    """dbt's checksum of a file: SHA-256 of its text without white space at the ends."""
    return hashlib.sha256(text.strip().encode()).hexdigest()


@contextmanager
def _in_its_file(node: Node) -> Iterator[None]:
    """What is wrong in ``config()`` has no place of its own: it is in the node's file."""
    try:
        yield
    except ParsingError as error:
        if error.fault.place is not None:
            raise
        raise error.located(
            node=node.unique_id, place=Place(file=node.original_file_path, line=node.line)
        ) from None


def _check(node: Node) -> None:
    """Rules between keys of the final configuration. Raises ParsingError."""
    try:
        check_config(node.config, node.resource_type)
    except ParsingError as error:
        place = Place(file=node.original_file_path, line=node.line)
        raise error.located(node=node.unique_id, place=place) from None


class SqlParser:
    """Makes nodes of SQL text. One for a project; holds what all of them need."""

    def __init__(self, host: MacroHost, naming: Naming, patches: PatchIndex) -> None:
        self._host = host
        self._naming = naming
        self._patches = patches
        self._reader = TemplateReader(host)

    def nodes_of(self, file: ProjectFile, kind: str) -> Iterator[Node]:
        """The nodes of one file: one, or for a snapshot file one for each block."""
        text = file.read()
        if kind == "snapshot":
            for block in split_blocks(text, file.path, SNAPSHOT_BLOCKS):
                node = self.node(file, kind, block.name, block.body, block.body_line)
                yield msgspec.structs.replace(node, checksum=checksum_of(text))
        else:
            code = text.strip()
            line = 1 + text[: len(text) - len(text.lstrip())].count("\n")
            yield self.node(file, kind, file.stem, code, line)

    def node(self, file: ProjectFile, kind: str, name: str, code: str, line: int) -> Node:
        """One node of ``code``. Raises what its template or configuration raises."""
        patch = self._patches.find(kind, name, file.package)
        first = versioned(self._first(file, kind, name, code, line), patch)
        layers = self._layers(first)
        capture = self._reader.read(
            first, lambda: self._with_config(first, layers, patch, Capture())
        )
        node = self._with_config(first, layers, patch, capture)
        named = self._naming.named(with_constraint_parents(patched(node, patch)))
        _check(named)
        return named if kind == "test" else with_hooks(self._host, named)

    def yaml_snapshot(self, patch: Patch) -> Node:
        """The snapshot that a property entry with ``relation`` makes of a model or source."""
        file = ProjectFile(
            package=patch.package,
            path=patch.file,
            relative_path="/".join((*PurePosixPath(patch.file).parts[1:], f"{patch.name}.sql")),
            root=self._host.config.packages[patch.package].root,
        )
        code = f"select * from {{{{ {patch.relation} }}}}"
        node = self.node(file, "snapshot", patch.name, code, patch.place.line or 1)
        return msgspec.structs.replace(
            node, checksum=checksum_of(file.read()), fqn=(*node.fqn[:-2], patch.name)
        )

    def _first(self, file: ProjectFile, kind: str, name: str, code: str, line: int) -> Node:
        target = self._host.config.target
        return _KINDS[kind](
            unique_id=unique_id(kind, file.package, name),
            resource_type=kind,
            name=name,
            package_name=file.package,
            path=_path(file, kind),
            original_file_path=file.path,
            fqn=fqn_of(file, kind, name),
            alias=name,
            schema=target.schema,
            database=target.database,
            raw_code=code,
            language="python" if file.path.endswith(".py") else "sql",
            checksum=checksum_of(code),
            line=line,
        )

    def _layers(self, node: Node, *, rendered: bool = True) -> ConfigLayers:
        section = SECTION_OF_KIND[node.resource_type]
        if node.resource_type == "function" and not rendered:
            section = "models"  # dbt looks there for what is written of functions
        return configs_for(
            self._host.config, section, node.fqn, node.package_name, rendered=rendered
        )

    def _with_config(
        self, node: Node, layers: ConfigLayers, patch: Patch | None, capture: Capture
    ) -> Node:
        described = (patch.config,) if patch is not None else ()
        if node.language == "python" and node.resource_type == "model":
            described = (_PYTHON_DEFAULTS, *described)
        stacked = [*layers.own, *described, *capture.config_calls, *layers.root]
        with _in_its_file(node):
            config = merge_configs(stacked, node.resource_type)
        written = self._layers(node, rendered=False)
        as_written = described
        if patch is not None and self._compares_more:
            as_written = (*described[:-1], Layer(written_properties(patch)))
        return msgspec.structs.replace(
            node,
            config=config,
            unrendered_config=unrendered_config(
                [*written.own, *as_written, self._written_call(node, capture), *written.root]
            ),
            config_call=capture.config_call,
            refs=tuple(capture.refs),
            sources=tuple(capture.sources),
            metrics=tuple(capture.metrics),
            functions=tuple(capture.functions),
            depends_on=DependsOn((), tuple(capture.macros)),
        )

    @property
    def _compares_more(self) -> bool:
        return bool(self._host.config.project.flags.get(FLAG))

    def _written_call(self, node: Node, capture: Capture) -> dict[str, Any]:
        if node.language != "sql" or not self._compares_more:
            return capture.config_call
        if node.resource_type == "model" and is_plain(node.raw_code, self._host.environment):
            return capture.config_call
        return written_config(node.raw_code, self._host.environment) or capture.config_call


def _path(file: ProjectFile, kind: str) -> str:
    """dbt shows analyses under ``analysis/``."""
    return f"analysis/{file.relative_path}" if kind == "analysis" else file.relative_path


def fqn_of(file: ProjectFile, kind: str, name: str) -> tuple[str, ...]:
    """Package, folders below the search folder, name. Snapshots add their file's name (dbt's rule)."""
    folders = _path(file, kind).split("/")[:-1]
    if kind == "snapshot" and file.path.endswith(".sql"):
        return (file.package, *folders, file.stem, name)
    return (file.package, *folders, name)
