"""A parse state as a manifest and a host, and how far an edit reaches that is not in a node's own file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import msgspec

from tidemill.adapters.base import Adapter
from tidemill.engine.nodes import Doc, Hook, Macro, Manifest
from tidemill.engine.nodes.section import changed_section
from tidemill.engine.parsing.cache.changes import (
    Change,
    FileKey,
    WholeNeededError,
)
from tidemill.engine.parsing.cache.folder import FOLDER
from tidemill.engine.parsing.cache.state import (
    State,
)
from tidemill.engine.parsing.cache.tree import Look
from tidemill.engine.parsing.parsed import FoundFiles, by_enabled, code_path, metadata_of
from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.project.reads import Unit
from tidemill.events import Event

if TYPE_CHECKING:
    from tidemill.engine.jinja.macro_host import MacroHost

Emit = Callable[[Event], None]


class Warm:
    """A state as a manifest and a host, with edited macros and docs blocks put in."""

    def __init__(
        self,
        config: RuntimeConfig,
        adapter: Adapter,
        state: State,
        look: Look,
        emit: Emit,
    ) -> None:
        self._config = config
        self._adapter = adapter
        self._state = state
        self._look = look
        self._files = look.found
        self._emit = emit
        # Not a method: who holds the manifest would hold this object, and the files of old states stay open.
        repair = partial(_repaired, config, adapter, look.found)
        self.manifest = state.manifest(metadata_of(config, adapter), repair)
        self.changed: set[tuple[str, str]] = set()
        """Sections and ids of what was put in."""
        self.has_new_macros = False
        self.reached: list[Change] = []
        """What else has to be parsed for what was put in."""
        self.held_back: list[Event] = []
        """What reading macros anew has to tell, once it is sure that not everything is parsed."""

    @cached_property
    def host(self) -> MacroHost:
        """A host of the macros as they are now."""
        from tidemill.engine.jinja.macro_host import MacroHost

        host = MacroHost(
            self._config,
            self.manifest.macros.values(),
            self._adapter,
            code_path=code_path(self._config),
        )
        host.emit = self._emit
        return host

    def find_macro(self, unique_id: str) -> Macro | None:
        """The macro of that id."""
        return self.manifest.macros.get(unique_id)

    def take(self, edits: Iterable[Change]) -> None:
        """Read anew what others stand on, if it changed: macros, docs blocks, fixtures. Raises WholeNeededError."""
        by_kind: dict[str, list[Change]] = {}
        for change in edits:
            if change.key is not None:
                by_kind.setdefault(change.key[0], []).append(change)
        if by_kind.keys() & {"macro", "generic_test"}:
            self._take_macros()
        if by_kind.keys() & {"docs", "fixture"}:
            from tidemill.engine.parsing.mentions import Mentions

            mentions = Mentions(self._config, self._look.files)
            if "docs" in by_kind:
                self.reached += mentions.of_docs(self._take_docs())
            stems = {PurePosixPath(c.key[2]).stem for c in by_kind.get("fixture", ()) if c.key}
            if stems:
                self.reached += mentions.of_fixtures(stems)

    def _take_docs(self) -> set[str]:
        """The names of docs blocks that are not what they were."""
        from tidemill.engine.parsing.docs import docs_of_file
        from tidemill.engine.parsing.gathering import Gathering

        gathering = Gathering(self.held_back.append)
        docs: dict[str, Doc] = {}
        for files in self._files.values():
            for file in files["docs"]:
                with gathering.each():
                    docs |= {doc.unique_id: doc for doc in docs_of_file(file)}
        gathering.check()
        old = self.manifest.docs
        changed = {key for key in {*old, *docs} if old.get(key) != docs.get(key)}
        self.changed |= {("docs", key) for key in changed}
        self.manifest = msgspec.structs.replace(self.manifest, docs=docs)
        return {(docs.get(key) or old[key]).name for key in changed}

    def _take_macros(self) -> None:
        from tidemill.engine.parsing import macro_arguments
        from tidemill.engine.parsing.gathering import Gathering
        from tidemill.engine.parsing.project import find_macros

        if self._config.project.flags.get(macro_arguments.FLAG):
            raise WholeNeededError(
                "a macro was edited, and its arguments are held against its description"
            )
        gathering = Gathering(self.held_back.append)
        found = find_macros(self._config, self._adapter, self._files, gathering)
        old = self.manifest.macros
        if found.keys() != old.keys():
            from tidemill.engine.parsing.mentions import Mentions

            others = [(old.get(key) or found[key]) for key in found.keys() ^ old.keys()]
            mentions = Mentions(self._config, self._look.files)
            self.reached += mentions.of_macros(others, {**old, **found}, self._state.known)
        macros = {key: _described(macro, old.get(key)) for key, macro in found.items()}
        self.changed |= {
            ("macros", key) for key in {*old, *macros} if old.get(key) != macros.get(key)
        }
        self.manifest = msgspec.structs.replace(self.manifest, macros=macros)
        self.has_new_macros = True

    @property
    def macro_units(self) -> set[Unit]:
        """The files of macros, if they were read anew."""
        kinds = ("macro", "generic_test") if self.has_new_macros else ()
        found = (f for files in self._files.values() for kind in kinds for f in files[kind])
        return {(file.package, file.path) for file in found}

    def check_hooks(self) -> None:
        """Parse on-run-start and on-run-end anew. Raises WholeNeededError if they read something else.

        Each has the checksum of its project file (dbt's rule), which may be another after any edit of it.
        """
        from tidemill.engine.parsing.hooks import parse_hooks
        from tidemill.engine.parsing.linking import link
        from tidemill.engine.parsing.naming import Naming

        naming, config = Naming(self.host), self._config
        packages = (
            p for name, p in config.packages.items() if name not in config.internal_packages
        )
        hooks = [hook for package in packages for hook in parse_hooks(self.host, naming, package)]
        on, off = by_enabled(hooks)
        part = Manifest(metadata=self.manifest.metadata, nodes=on)
        linked = link(part, root=config.project.name, known=self.manifest).manifest
        sums = {hook.unique_id: hook.checksum for hook in hooks}
        old = self.manifest.hooks
        old_off = {
            key: (found,)
            for key, (found, *_) in self.manifest.disabled.items()
            if isinstance(found, Hook)
        }
        new = tuple(_with_sum(hook, sums) for hook in old)
        new_off = {key: (_with_sum(hook, sums),) for key, (hook,) in old_off.items()}
        if dict(linked.nodes) != {hook.unique_id: hook for hook in new} or off != new_off:
            raise WholeNeededError("a hook reads something else")
        if (new, new_off) != (old, old_off):
            self._put_hooks({hook.unique_id: hook for hook in new}, new_off)

    def _put_hooks(self, on: Mapping[str, Hook], off: Mapping[str, tuple[Hook, ...]]) -> None:
        self.changed |= {("nodes", key) for key in on} | {("disabled", key) for key in off}
        self.manifest = self.manifest.with_resources(
            {"nodes": on.keys()},
            nodes=changed_section(self.manifest.nodes, (), on),
            disabled={**self.manifest.disabled, **off},
            hooks=tuple(on.values()),
        )

    def check_configs(self, manifest: Manifest) -> None:
        """Refuse where another configuration of the project file is unused now."""
        from tidemill.engine.parsing.unused_configs import CONFIG_UNUSED, unused_configs

        told = [w.fault for _, w in self._state.known.warnings if w.fault.code == CONFIG_UNUSED]
        if [f.message for f in unused_configs(manifest, self._config)] != [f.message for f in told]:
            raise WholeNeededError("other paths of dbt_project.yml configure nothing")

    def units_of(self, change: Change, key: FileKey) -> Iterator[Unit]:
        """The files that an added, removed or edited one concerns. Raises WholeNeededError."""
        from tidemill.engine.parsing.reach import NODE_KINDS, beside

        kind, package, path = key
        if kind in {"macro", "generic_test", "docs", "fixture"}:
            return  # who notices it is known by what they read, or mention
        if kind not in (*NODE_KINDS, "properties"):
            raise WholeNeededError(f"{path}: {change.why}")
        if change.what in {"added", "removed"}:
            yield from beside(self._look.files, self._state.known, key)
        yield package, path


def _with_sum(hook: Hook, sums: Mapping[str, str]) -> Hook:
    return msgspec.structs.replace(hook, checksum=sums.get(hook.unique_id, ""))


def _repaired(config: RuntimeConfig, adapter: Adapter, files: FoundFiles) -> Manifest:
    """Everything parsed, because a part of the state is damaged; the next parse starts afresh."""
    from tidemill.engine.parsing.project import ProjectParser

    state_path(config).unlink(missing_ok=True)
    return ProjectParser(config, adapter, lambda _: None, files).parse().manifest


def _described(macro: Macro, old: Macro | None) -> Macro:
    """``macro`` with what a property file said of it."""
    if old is None or old.patch_path is None:
        return macro
    return msgspec.structs.replace(
        macro,
        description=old.description,
        arguments=old.arguments,
        config=old.config,
        patch_path=old.patch_path,
    )


def state_path(config: RuntimeConfig) -> Path:
    """The head of the state of this project and target."""
    name = f"{config.target.profile_name}-{config.target.name}"
    safe = "".join(letter if letter.isalnum() else "_" for letter in name)
    return config.target_path / FOLDER / f"{safe}.state"
