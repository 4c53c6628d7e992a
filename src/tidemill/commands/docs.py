"""``docs``: catalog.json and a page that shows it, and a small server for the page.

The page (``docs_page/index.html``) is our own: it reads manifest.json and catalog.json beside it. With
``static`` there is a second one that holds both.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec

from tidemill.commands.artifacts import MANIFEST, Artifacts
from tidemill.commands.compile import compile_selected
from tidemill.commands.opening import OpenProject
from tidemill.commands.running_nodes import RunOptions
from tidemill.commands.selecting import select_ids
from tidemill.engine.artifacts.catalog import Catalog, write_catalog
from tidemill.engine.nodes import RunResult
from tidemill.engine.running.cataloging import read_catalog
from tidemill.errors import ConfigurationError
from tidemill.events import Event, Message

CATALOG = "catalog.json"
PAGE = "index.html"
STATIC_PAGE = "static_index.html"
_TEMPLATE = Path(__file__).parent / "docs_page" / PAGE
_SLOTS = {"manifest": MANIFEST, "catalog": CATALOG}
_LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})


class DocsOptions(RunOptions, frozen=True, kw_only=True):
    """dbt's options of the same names."""

    compile: bool = True
    empty_catalog: bool = False
    static: bool = False


class Generation:
    """One ``docs generate``. Iterate it once; ``catalog`` and ``compiled`` are there afterwards."""

    def __init__(
        self,
        project: OpenProject,
        options: DocsOptions | None = None,
        *,
        cancel: threading.Event | None = None,
    ) -> None:
        self.compiled: RunResult | None = None
        """What came of compiling; None where nothing was compiled."""
        self.catalog: Catalog | None = None
        """None when the project does not compile, for then there is no catalog."""
        self._project = project
        self._options = options or DocsOptions()
        self._cancel = cancel
        self._folder = project.config.target_path

    @property
    def success(self) -> bool:
        well_compiled = self.compiled is None or self.compiled.success
        return self.catalog is not None and not self.catalog.errors and well_compiled

    def __iter__(self) -> Iterator[Event]:
        """The events of compiling, then what was written.

        Raises DatabaseError when the warehouse cannot be reached, ConfigurationError when the
        folder cannot be written.
        """
        started = time.time()
        if self._options.compile:
            yield from self._compile()
            if self.compiled is not None and not self.compiled.success:
                text = "compile failed, cannot generate docs"
                yield Message(text=text, level="error", code="E043")
                return
        elif not (self._folder / MANIFEST).exists():
            # One that is there may have the compiled code that this one would be without.
            Artifacts(self._project).write_manifest(started_at=started)
        self._copy_page()
        if not self._options.empty_catalog:
            yield Message(text="Building catalog", code="E044")
        self.catalog = self._read()
        path = self._folder / CATALOG
        write_catalog(
            path,
            self.catalog,
            invocation_id=self._project.config.invocation_id,
            started_at=started,
            generated_at=time.time(),
        )
        if self._options.static:
            self._write_static_page()
        for error in self.catalog.errors:
            text = f"Encountered an error while generating catalog: {error}"
            yield Message(text=text, level="warn", code="E040")
        if self.catalog.errors:
            count = len(self.catalog.errors)
            failures = "1 failure" if count == 1 else f"{count} failures"
            yield Message(text=f"{failures} while writing the catalog", level="error", code="E041")
        yield Message(text=f"Catalog written to {path}", code="E042")

    def _compile(self) -> Iterator[Event]:
        shared = {name: getattr(self._options, name) for name in RunOptions.__struct_fields__}
        run = compile_selected(self._project, RunOptions(**shared), cancel=self._cancel)
        yield from run
        self.compiled = run.result

    def _read(self) -> Catalog:
        if self._options.empty_catalog:
            return Catalog()
        project = self._project
        project.adapter.open()
        return read_catalog(project.host(), project.manifest, self._selected())

    def _selected(self) -> frozenset[str] | None:
        """Nodes and sources that the options select; None for all (dbt selects only what it compiles)."""
        options = self._options
        if not options.compile or not (options.select or options.exclude or options.selector):
            return None
        found: set[str] = set()
        for kind in ("compile", "freshness"):
            found.update(select_ids(self._project, kind, options, with_empty=True))
        return frozenset(found)

    # -- the page ----------------------------------------------------------------------------

    def _copy_page(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(_TEMPLATE, self._folder / PAGE)
            for asset_path in self._project.config.project.asset_paths:
                source = self._project.root / asset_path
                if source.is_dir():
                    target = self._folder / asset_path
                    shutil.rmtree(target, ignore_errors=True)
                    shutil.copytree(source, target)
        except OSError as error:
            raise _cannot_write(self._folder, error) from error

    def _write_static_page(self) -> None:
        page = _TEMPLATE.read_text(encoding="utf-8")
        for slot, name in _SLOTS.items():
            content = (self._folder / name).read_text(encoding="utf-8")
            # Inside a script element, the text of a node must not be able to end it.
            content = content.replace("<", "\\u003c")
            page = page.replace(
                f'<script type="application/json" id="{slot}"></script>',
                f'<script type="application/json" id="{slot}">{content}</script>',
            )
        path = self._folder / STATIC_PAGE
        try:
            path.write_text(page, encoding="utf-8")
        except OSError as error:
            raise _cannot_write(path, error) from error


def docs_server(project: OpenProject, host: str, port: int) -> ThreadingHTTPServer:
    """A server for the page in the target folder, ready to serve. Raises ConfigurationError.

    It answers reading requests for files of that folder alone, and only under names of this machine
    (or the one it was told to listen on), so that no other web page can read them.
    """
    folder = project.config.target_path
    if not (folder / CATALOG).is_file():
        raise ConfigurationError(
            f"there is no {CATALOG} in {folder}",
            code="docs-missing",
            hint="write it with 'tidemill docs generate'",
        )
    shutil.copyfile(_TEMPLATE, folder / PAGE)
    names = frozenset({*_LOCAL, host}) if host not in {"0.0.0.0", "::"} else None
    handler = partial(_PageHandler, directory=str(folder), names=names)
    try:
        return ThreadingHTTPServer((host, port), handler)
    except OSError as error:
        raise ConfigurationError(
            f"nothing can listen on {host}:{port}: {error.strerror or error}",
            code="docs-port",
            hint="choose another port with --port",
        ) from error


class _PageHandler(SimpleHTTPRequestHandler):
    def __init__(self, *args: Any, names: frozenset[str] | None, **more: Any) -> None:
        self._names = names
        super().__init__(*args, **more)

    def send_head(self) -> Any:
        name = (self.headers.get("Host") or "").rpartition(":")[0] or self.headers.get("Host", "")
        if self._names is not None and name not in self._names:
            self.send_error(403, "this address is not served under that name")
            return None
        return super().send_head()

    def list_directory(self, path: Any) -> None:
        self.send_error(404, "there is no such page")

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are nobody's business here."""


def _cannot_write(path: Path, error: OSError) -> ConfigurationError:
    return ConfigurationError(
        f"{path} cannot be written: {error.strerror or error}", code="cannot-write"
    )


def options_of(shared: RunOptions, **own: Any) -> DocsOptions:
    """The options of ``docs generate`` from those that all verbs share."""
    return DocsOptions(**msgspec.structs.asdict(shared), **own)
