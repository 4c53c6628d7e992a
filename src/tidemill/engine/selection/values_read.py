"""Vars and environment variables whose values changed since the state, for the files that read them.

A manifest does not hold such values. Tidemill's parse state does, as digests, and it lies in the target folder
beside the manifest. Where the state's folder has none (dbt wrote it, or only the manifest was kept), nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tidemill.engine.parsing.cache.folder import FOLDER
from tidemill.engine.parsing.cache.segments import DamagedError
from tidemill.engine.parsing.cache.state import Known, read_known
from tidemill.engine.parsing.warm import state_path
from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.project.reads import ENV_VAR, VAR, Key, Unit


class ValuesRead:
    """What the files of a project read, then and now."""

    def __init__(self, before: Known | None, now: Known | None) -> None:
        both = before is not None and now is not None
        self._reads: Mapping[Unit, tuple[Key, ...]] = now.reads if both and now else {}
        old: Mapping[Key, bytes] = before.answers if both and before else {}
        new: Mapping[Key, bytes] = now.answers if both and now else {}
        self._changed = {
            key
            for key, answer in new.items()
            if key[0] in {VAR, ENV_VAR} and key in old and old[key] != answer
        }

    @property
    def any_changed(self) -> bool:
        """Whether there is any at all."""
        return bool(self._changed)

    def changed(self, package: str, path: str) -> tuple[str, ...]:
        """What the file reads and has another value now: ``var start_date``, ``env_var REGION``."""
        keys = self._reads.get((package, path), ())
        return tuple(sorted({f"{key[0]} {key[-1]}" for key in keys if key in self._changed}))


def values_read(folder: Path, config: RuntimeConfig) -> ValuesRead:
    """Compare the parse state in ``folder`` with the project's own."""
    own = state_path(config)
    return ValuesRead(_known(_state_in(folder / FOLDER, own.name)), _known(own))


def _state_in(folder: Path, name: str) -> Path | None:
    """The state of the same target, or else the newest one."""
    if (folder / name).is_file():
        return folder / name
    found = sorted(folder.glob("*.state"), key=lambda path: path.stat().st_mtime)
    return found[-1] if found else None


def _known(path: Path | None) -> Known | None:
    try:
        return read_known(path) if path is not None else None
    except (DamagedError, TypeError, ValueError, LookupError):
        return None  # written by another version
