"""``parse`` of a project in which nothing at all has changed: its manifest gets a new head, and that is all.

    said = again(asked)         # None: it has to be looked at properly
    keep_said(asked, project, said)

``engine/parsing/cache/standing.py`` tells what a parse stands on. Nothing heavy is imported before that is known.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tidemill.commands.artifacts import MANIFEST, SEMANTIC_MANIFEST
from tidemill.engine.parsing.cache.bodies import is_made_of, kept_head, put_head
from tidemill.engine.parsing.cache.standing import Places, keep_standing, standing_answer

if TYPE_CHECKING:
    from tidemill.commands.opening import OpenProject
    from tidemill.engine.project.config import RuntimeConfig

_OF_PACKAGES = ("dbt_project.yml", "vars.yml", ".dbtignore")
"""Files that count in every package, beside those in its folders."""
_OF_THE_ROOT = (
    "packages.yml",
    "dependencies.yml",
    "package-lock.yml",
    "selectors.yml",
    "catalogs.yml",
)
"""Files that count in the project itself."""
_PROFILES = "profiles.yml"


class Asked(NamedTuple):
    """One invocation of ``parse``."""

    root: Path
    arguments: Mapping[str, Any]
    """All flags."""
    invocation_id: str
    started_at: float

    @property
    def target_path(self) -> Path:
        """The target folder, if the project file does not name another one."""
        variables = (os.environ.get(f"DBT_{word}TARGET_PATH") for word in ("ENGINE_", ""))
        chosen = self.arguments.get("target_path") or next(filter(None, variables), "target")
        return self.root / chosen

    @property
    def question(self) -> Any:
        """What the answer depends on, beside files and environment."""
        return str(self.root), sorted(self.arguments.items())


def again(asked: Asked) -> Any:
    """Write what a parse of the unchanged project writes, and return what was said; None if it has changed."""
    identity, said = standing_answer(asked.target_path, asked.question) or (None, None)
    if not is_made_of(asked.target_path / SEMANTIC_MANIFEST, identity):
        return None
    path = asked.target_path / MANIFEST
    old = kept_head(path, identity)
    return said if old is not None and put_head(path, identity, _as_of_now(old, asked)) else None


def _as_of_now(head: bytes, asked: Asked) -> bytes:
    import msgspec

    from tidemill.engine.nodes.encoding import encode, utc, utc_with_offset

    before, key, metadata = head.partition(b'"metadata": ')
    values = msgspec.json.decode(metadata) | {
        "generated_at": utc(time.time()),
        "invocation_id": asked.invocation_id,
        "invocation_started_at": utc(asked.started_at),
        "run_started_at": utc_with_offset(asked.started_at),
    }
    return before + key + encode(values)


def keep_said(asked: Asked, project: OpenProject, said: Any) -> None:
    """Keep ``said``, plain values, for a parse that finds nothing changed since this one, which wrote its artifacts.

    After a parse of a part nothing is kept: the files that it parsed are too new to tell edits by their times.
    """
    from tidemill.engine.artifacts.manifest import identity_of

    parsed, identity = project.parsed, identity_of(project.manifest)
    if parsed is None or identity is None or not parsed.settled:
        return
    if parsed.reasons.changes and parsed.reasons.whole is None:
        return
    if asked.target_path == project.config.target_path:
        places = _places(project.config)
        keep_standing(asked.target_path, asked.question, places, asked.started_at, (identity, said))


def _places(config: RuntimeConfig) -> Places:
    from tidemill.engine.project.files import search_folders

    folders = [
        str(package.root / folder)
        for package in config.packages.values()
        for folder in search_folders(package)
    ]
    program = _program()
    folders += [str(program / "engine"), str(program / "adapters")]
    files = (str(path) for path in (*_settings(config), program / "__init__.py", *_installed()))
    return Places(tuple(dict.fromkeys(files)), tuple(_outermost(folders)))


def _settings(config: RuntimeConfig) -> Iterator[Path]:
    """Files with settings, those too that may come to be, and the folder of the packages."""
    for package in config.packages.values():
        yield from (package.root / name for name in _OF_PACKAGES)
    yield from (config.root / name for name in _OF_THE_ROOT)
    yield config.root / config.project.packages_install_path
    for folder in (
        config.profiles_dir or config.root,
        config.root,
        Path.cwd(),
        Path.home() / ".dbt",
    ):
        yield folder / _PROFILES


def _program() -> Path:
    import tidemill

    return Path(tidemill.__file__).parent


def _installed() -> Iterator[Path]:
    """The folders of what Tidemill stands on: they change with each installation."""
    import jinja2
    import msgspec
    import yaml

    for module in (jinja2, msgspec, yaml):
        yield Path(module.__file__ or "").parents[1]


def _outermost(folders: list[str]) -> Iterator[str]:
    """Without those that lie in others of them."""
    for folder in dict.fromkeys(folders):
        if not any(folder.startswith(f"{other}/") for other in folders):
            yield folder
