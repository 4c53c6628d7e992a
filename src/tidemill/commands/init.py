"""``init``: a new project that builds at once, and the profile it needs. Nothing that exists is overwritten."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

import msgspec

from tidemill.engine.project.yaml_loader import load_mapping
from tidemill.errors import ConfigurationError, UsageError

STARTER = Path(__file__).parent / "starter"
PROFILES_FILE = "profiles.yml"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TAKEN = frozenset({"dbt", "dbt_duckdb"})
_RENAMED = {"gitignore": ".gitignore"}
"""Files that would take effect in our own repository under their real name."""


class Created(msgspec.Struct, frozen=True, kw_only=True):
    """What was made."""

    root: Path
    profiles_file: Path | None = None
    """The file that a profile was written to, or None when none was needed."""


def init_project(
    parent: Path,
    name: str,
    *,
    profile: str | None = None,
    profiles_dir: Path | None = None,
    skip_profile: bool = False,
) -> Created:
    """Create the project ``name`` in ``parent``, all of it or nothing.

    With ``profile`` the project uses that existing one; otherwise a profile of the project's own name is
    written to ``profiles_dir``, or into the project. Raises UsageError for a name that dbt would not
    accept, and ConfigurationError when something is in the way or cannot be written.
    """
    _check_name(name)
    root = parent / name
    if root.exists():
        raise ConfigurationError(
            f"there is a '{name}' in {parent} already, and it is left as it is",
            code="init-exists",
            hint="choose another name, or run init inside it to give it a profile",
        )
    own_profile = None if profile or skip_profile else name
    try:
        _create(parent, root, name, profile or name)
        if own_profile is None:
            return Created(root=root)
        return Created(root=root, profiles_file=add_profile(profiles_dir or root, own_profile))
    except OSError as error:
        raise _cannot_write(root, error) from error


def add_profile(folder: Path, name: str) -> Path | None:
    """Add a DuckDB profile ``name`` to the profiles file in ``folder``; None when it is there already.

    What the file says is kept as it stands. Raises ConfigurationError when it cannot be read or written.
    """
    file = folder / PROFILES_FILE
    text = _filled(STARTER / PROFILES_FILE, name, name)
    try:
        before = file.read_text(encoding="utf-8") if file.exists() else ""
        if before.strip() and name in load_mapping(before, str(file)).value:
            return None
        folder.mkdir(parents=True, exist_ok=True)
        gap = "\n" if before.endswith("\n") else "\n\n"
        file.write_text(f"{before}{gap if before else ''}{text}", encoding="utf-8")
    except OSError as error:
        raise _cannot_write(file, error) from error
    return file


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"'{name}' cannot be the name of a project",
            code="init-name",
            hint="use letters, digits and underscores, and begin with a letter",
        )
    if name in _TAKEN:
        raise UsageError(
            f"'{name}' is the name of a package that every project has", code="init-name"
        )


def _create(parent: Path, root: Path, name: str, profile: str) -> None:
    """Write everything beside the destination first, so that nobody finds half a project."""
    parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=parent))
    try:
        for file in sorted(STARTER.rglob("*")):
            relative = file.relative_to(STARTER)
            if file.is_dir() or relative == Path(PROFILES_FILE) or "__pycache__" in file.parts:
                continue
            destination = building / relative.parent / _RENAMED.get(file.name, file.name)
            destination.parent.mkdir(parents=True, exist_ok=True)
            destination.write_text(_filled(file, name, profile), encoding="utf-8")
        building.chmod(0o755)
        building.rename(root)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise


def _filled(file: Path, name: str, profile: str) -> str:
    text = file.read_text(encoding="utf-8")
    return text.replace("__project__", name).replace("__profile__", profile)


def _cannot_write(path: Path, error: OSError) -> ConfigurationError:
    return ConfigurationError(
        f"{path} cannot be written: {error.strerror or error}", code="init-refused"
    )
