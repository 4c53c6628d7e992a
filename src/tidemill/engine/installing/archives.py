"""Unpacking package archives: nothing may land outside the folder that they are unpacked into."""

from __future__ import annotations

import tarfile
import zlib
from pathlib import Path

from tidemill.engine.installing.secrets import shown
from tidemill.errors import DependencyError


def unpack(archive: Path, folder: Path, *, source: str) -> Path:
    """Unpack a ``.tar.gz`` into ``folder`` and return the one folder that it holds.

    ``source`` is where the archive came from, for messages. Raises DependencyError for what is no
    archive, holds anything but one folder, or would write elsewhere.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with tarfile.open(archive, "r:*") as tarball:
            _extract(tarball, folder, source)
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise DependencyError(
            f"{shown(source)} is no archive that can be unpacked: {error}", code="archive"
        ) from None
    inner = [path for path in folder.iterdir() if path.name != "pax_global_header"]
    if len(inner) != 1 or not inner[0].is_dir():
        raise DependencyError(
            f"the archive from {shown(source)} must hold exactly one folder, with the package in it",
            code="archive",
        )
    return inner[0]


def _extract(tarball: tarfile.TarFile, folder: Path, source: str) -> None:
    root = folder.resolve()
    # Newer Pythons check as well, by rules of their own; ours below hold for all.
    tarball.extraction_filter = getattr(tarfile, "fully_trusted_filter", None)
    for member in tarball.getmembers():
        target = (root / member.name).resolve()
        link = (
            (target.parent / member.linkname).resolve()
            if member.issym()
            else (root / member.linkname).resolve()
            if member.islnk()
            else target
        )
        outside = not all(path == root or root in path.parents for path in (target, link))
        if outside or member.isdev():
            raise DependencyError(
                f"the archive from {shown(source)} would write outside its folder: {member.name}",
                code="archive",
            )
        member.uid = member.gid = 0
        tarball.extract(member, root, set_attrs=member.isfile())
