"""On which file systems the system is trusted to tell of every change."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tidemill.engine.project import watching

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="elsewhere the system is never trusted"
)
_LINE = "36 35 98:0 / {place} rw,noatime master:1 - {kind} /dev/root rw\n"


@pytest.mark.parametrize(
    ("place", "kind", "folder", "trusted"),
    [
        ("/mnt/data", "ext4", "/mnt/data/shop", True),
        ("/mnt/data", "nfs4", "/mnt/data/shop", False),
        ("/mnt/data", "nfs4", "/mnt/database", True),
        ("/mnt/donn\u00e9es", "cifs", "/mnt/donn\u00e9es/shop", False),
        ("/mnt/two\\040words", "9p", "/mnt/two words/shop", False),
        ("/mnt/data", "fuse.sshfs", "/mnt/data", False),
    ],
)
def test_trust(
    place: str,
    kind: str,
    folder: str,
    trusted: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        _LINE.format(place="/", kind="ext4") + _LINE.format(place=place, kind=kind), "utf-8"
    )
    monkeypatch.setattr(watching, "_MOUNTS", mounts)
    watch = watching.open_watch(Path(folder))
    assert (watch is not None) is trusted
    if watch is not None:
        watch.close()
