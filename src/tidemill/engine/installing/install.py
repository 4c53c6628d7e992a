"""Putting pinned packages into the project's folder of packages, each under the name of its project."""

from __future__ import annotations

import shutil
from pathlib import Path

from tidemill.engine.installing.archives import unpack
from tidemill.engine.installing.http import Http
from tidemill.engine.installing.resolving import Pin
from tidemill.engine.installing.secrets import shown
from tidemill.engine.installing.wishes import LocalWish
from tidemill.errors import ConfigurationError, DependencyError


def empty_folder(folder: Path) -> None:
    """Make ``folder``, without anything in it. Raises ConfigurationError."""
    try:
        if folder.is_symlink() or folder.is_file():
            folder.unlink()
        elif folder.is_dir():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
    except OSError as error:
        raise ConfigurationError(
            f"{folder} cannot be emptied: {error.strerror or error}", code="cannot-write"
        ) from error


def install(pin: Pin, folder: Path, downloads: Path, http: Http) -> None:
    """Put one package into ``folder``. Raises DependencyError when it cannot be fetched or placed."""
    destination = folder / pin.name
    if destination.resolve().parent != folder.resolve():
        raise DependencyError(
            f"'{pin.name}' cannot be the name of a package: it would be installed outside {folder}"
        )
    try:
        if isinstance(pin.wish, LocalWish):
            _link(_folder_of(pin), destination)
        elif pin.archive is not None:
            _unpack(pin, pin.archive, destination, downloads, http)
        else:
            shutil.copytree(_folder_of(pin), destination, symlinks=True)
    except OSError as error:
        raise DependencyError(
            f"'{pin.name}' cannot be put into {folder}: {error.strerror or error}"
        ) from error


def describe(pin: Pin) -> str:
    """Where a package came from, in dbt's words."""
    if isinstance(pin.wish, LocalWish):
        return f"<local @ {pin.wish.path}>"
    if pin.archive is not None:
        return f"version {pin.version}"
    if pin.version is not None:
        return f"revision {pin.version}"
    return f"tarball (url: {shown(pin.wish.names[0])})"


def _folder_of(pin: Pin) -> Path:
    assert pin.folder is not None
    return pin.folder


def _link(source: Path, destination: Path) -> None:
    """A link where the system has them, so that edits count at once; else a copy."""
    try:
        destination.symlink_to(source, target_is_directory=True)
    except OSError:
        shutil.copytree(source, destination)


def _unpack(pin: Pin, url: str, destination: Path, downloads: Path, http: Http) -> None:
    place = downloads / f"{pin.name}.{pin.version}"
    archive = downloads / f"{pin.name}.{pin.version}.tar.gz"
    http.download(url, archive)
    shutil.move(unpack(archive, place, source=url), destination)
