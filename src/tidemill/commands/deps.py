"""``deps``: choose the versions of packages, keep them in package-lock.yml, and install them.

The lock file decides as long as it was made for the packages that are asked for; otherwise, and with
``upgrade``, the versions are chosen anew. No profile is needed.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from tidemill.commands.opening import OpenProject
from tidemill.engine.installing.adding import SourceKind, add_package
from tidemill.engine.installing.http import Http
from tidemill.engine.installing.hub import Hub
from tidemill.engine.installing.install import describe, empty_folder, install
from tidemill.engine.installing.lock import Lock, read_lock, write_lock
from tidemill.engine.installing.resolving import Pin, Resolver
from tidemill.engine.installing.wishes import HubWish, fingerprint, wishes_of
from tidemill.engine.project.config_context import ConfigContext
from tidemill.engine.project.packages import PackageSpecs, read_specs
from tidemill.errors import UsageError
from tidemill.events import Level, Message


class DepsOptions(msgspec.Struct, frozen=True, kw_only=True):
    """dbt's options of the same names."""

    upgrade: bool = False
    lock: bool = False
    """Write the lock file and install nothing."""
    add_package: str | None = None
    """``name@version``, to be added to the packages first."""
    source: SourceKind = "hub"


def deps(project: OpenProject, options: DepsOptions | None = None) -> Iterator[Message]:
    """Install what the project asks for, telling each step.

    Open the project without profile and packages. Raises DependencyError, ConfigurationError,
    ProjectFaults, or UsageError for a package to add without a version.
    """
    return _Deps(project, options or DepsOptions()).run()


class _Deps:
    def __init__(self, project: OpenProject, options: DepsOptions) -> None:
        self._project = project.config.project
        self._root = project.root
        self._options = options
        self._check_version = project.config.arguments.get("version_check") is not False
        self._context = ConfigContext(variables=project.config.cli_vars, secrets=True)
        self._http = Http()
        self._said: list[Message] = []

    def run(self) -> Iterator[Message]:
        if self._options.add_package:
            yield from self._add(self._options.add_package)
        specs = read_specs(self._root, self._context)
        with _downloads_folder() as downloads:
            yield _say(f"Set downloads directory='{downloads}'", "M028", "debug")
            resolver = self._resolver(downloads)
            yield from self._locked(specs, resolver)
            if not self._options.lock:
                yield from self._installed(resolver, downloads)

    def _add(self, wanted: str) -> Iterator[Message]:
        name, _, version = wanted.partition("@")
        if not version and self._options.source != "local":
            raise UsageError(
                f"--add-package {name} has no version",
                hint=f"write it as {name}@1.0.0, or with a range: '{name}@>=1.0.0,<2.0.0'",
            )
        added = add_package(self._root, name, version or None, self._options.source)
        if added.created:
            yield _say(f"Created {added.file.name}", "Z017")
        for entry in added.removed:
            yield _say(f"Found duplicate package in {added.file.name}, removing: {entry}", "M033")
        yield _say(f"Added new package {wanted} to {added.file}", "M032")

    def _resolver(self, downloads: Path) -> Resolver:
        hub = Hub(self._http, check_version=self._check_version)
        return Resolver(self._root, downloads, hub, self._http, self._context, self._said.append)

    def _locked(self, specs: PackageSpecs, resolver: Resolver) -> Iterator[Message]:
        """See to it that the lock file fits what is asked for."""
        wanted = fingerprint(specs.entries, specs.written)
        lock = read_lock(self._root, self._context)
        if lock is not None and lock.fingerprint == wanted and not self._options.upgrade:
            return
        if not specs.entries:
            yield _nothing(specs)
            return
        asked = wishes_of(specs.entries, specs.written)
        pins = resolver.resolve(asked, self._project.name)
        yield from self._heard()
        path = write_lock(self._root, pins, wanted)
        yield _say(f"Updating lock file in file path: {path}", "M031")

    def _installed(self, resolver: Resolver, downloads: Path) -> Iterator[Message]:
        folder = self._root / self._project.packages_install_path
        empty_folder(folder)
        lock = read_lock(self._root, self._context) or Lock(
            entries=(), written=(), fingerprint=None
        )
        if not lock.entries:
            yield _nothing(read_specs(self._root, self._context))
            return
        behind: list[str] = []
        for wish in lock.wishes:
            pin = resolver.pin(wish)
            yield from self._heard()
            yield _say(f"Installing {pin.title}", "M014")
            install(pin, folder, downloads, self._http)
            yield _say(f"Installed from {describe(pin)}", "M015")
            yield from _about_version(pin)
            if pin.latest != pin.version and isinstance(wish, HubWish):
                behind.append(pin.title)
        if behind:
            yield _say("", "Z017")
            text = f"Updates available for packages: {behind}"
            yield _say(f"{text}\nUpdate your versions in packages.yml, then run deps", "M019")

    def _heard(self) -> Iterator[Message]:
        yield from self._said
        self._said.clear()


def _about_version(pin: Pin) -> Iterator[Message]:
    if isinstance(pin.wish, HubWish):
        if pin.latest == pin.version:
            yield _say("Up to date!", "M017")
        else:
            yield _say(f"Updated version available: {pin.latest}", "M016")
    subdirectory = getattr(pin.wish, "subdirectory", None)
    if subdirectory:
        yield _say(f"and subdirectory {subdirectory}", "M018")


def _nothing(specs: PackageSpecs) -> Message:
    return _say(f"Warning: No packages were found in {specs.file}", "M013")


def _say(text: str, code: str, level: Level = "info") -> Message:
    return Message(text=text, code=code, level=level)


@contextmanager
def _downloads_folder() -> Iterator[Path]:
    """Where archives and repositories go: ``DBT_DOWNLOADS_DIR``, or a folder that is gone afterwards."""
    chosen = os.environ.get("DBT_DOWNLOADS_DIR")
    if chosen:
        Path(chosen).mkdir(parents=True, exist_ok=True)
        yield Path(chosen)
        return
    with tempfile.TemporaryDirectory(prefix="tidemill-downloads-") as folder:
        yield Path(folder)
