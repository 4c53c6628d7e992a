"""From wishes to pinned packages: every package once, at one version, with all that it asks for in turn."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec

from tidemill.engine.installing.archives import unpack
from tidemill.engine.installing.git import HEAD, check_out, commit_of
from tidemill.engine.installing.http import Http
from tidemill.engine.installing.hub import Hub
from tidemill.engine.installing.secrets import shown, without_secrets
from tidemill.engine.installing.wishes import (
    GitWish,
    HubWish,
    LocalWish,
    TarballWish,
    Wish,
    Wishes,
    wishes_of,
)
from tidemill.engine.project.config_context import ConfigContext
from tidemill.engine.project.packages import read_specs
from tidemill.engine.project.project_file import PROJECT_FILE, read_project_file
from tidemill.errors import DependencyError
from tidemill.events import Message

_FLOATING = ("main", "master")


class Pin(msgspec.Struct, frozen=True, kw_only=True):
    """One package at one version."""

    name: str
    """The name of its project, and of its folder."""
    wish: Wish
    version: str | None = None
    """The version of a hub package, the commit of a Git package."""
    latest: str | None = None
    """The newest version that the hub has."""
    folder: Path | None = None
    """Where it has been fetched to; a hub package is fetched when it is installed."""
    archive: str | None = None
    asks_for: tuple[Wish, ...] = ()

    @property
    def title(self) -> str:
        """What it is called in messages."""
        return shown(self.name if isinstance(self.wish, TarballWish) else self.wish.names[0])

    @property
    def entry(self) -> dict[str, Any]:
        """Its entry in the lock file, dbt's keys."""
        wish = self.wish
        if isinstance(wish, HubWish):
            return {"name": self.name, "package": wish.package, "version": self.version}
        if isinstance(wish, LocalWish):
            return {"local": wish.path, "name": self.name}
        if isinstance(wish, TarballWish):
            return {"name": self.name, "tarball": without_secrets(wish.written)}
        entry = {
            "git": without_secrets(wish.written),
            "name": self.name,
            "revision": self.version,
        }
        return entry | ({"subdirectory": wish.subdirectory} if wish.subdirectory else {})


class Resolver:
    """Finds the version of each package. ``downloads`` is a folder for what must be looked into."""

    def __init__(
        self,
        root: Path,
        downloads: Path,
        hub: Hub,
        http: Http,
        context: ConfigContext,
        emit: Callable[[Message], None],
    ) -> None:
        self._root = root
        self._downloads = downloads
        self._hub = hub
        self._http = http
        self._context = context
        self._emit = emit
        self._pins: dict[Wish, Pin] = {}

    def resolve(self, asked: Iterable[Wish], root_name: str) -> list[Pin]:
        """All packages, those asked for first, then level by level what they ask for.

        Raises DependencyError when one cannot be had, or two cannot stand beside each other.
        """
        final = Wishes()
        waiting = Wishes(asked)
        while pending := [*waiting]:
            waiting = Wishes()
            for wish in pending:
                for inner in self.pin(final.add(wish)).asks_for:
                    waiting.add(inner)
        pins = [self.pin(wish) for wish in final]
        _check_names(pins, root_name)
        return pins

    def pin(self, wish: Wish) -> Pin:
        """The package of one wish, fetched as far as needed to know its name and its own wishes."""
        if wish not in self._pins:
            self._pins[wish] = self._pin(wish)
        return self._pins[wish]

    def _pin(self, wish: Wish) -> Pin:
        if isinstance(wish, HubWish):
            return self._from_hub(wish)
        if isinstance(wish, GitWish):
            return self._from_git(wish)
        if isinstance(wish, TarballWish):
            return self._from_archive(wish)
        return self._with_metadata(Pin(name="", wish=wish, folder=local_folder(self._root, wish)))

    def _from_hub(self, wish: HubWish) -> Pin:
        version, latest = self._hub.choose(wish)
        metadata = self._hub.version(wish.package, version)
        moved = self._hub.redirect(wish.package)
        if moved is not None:
            text = (
                f"The `{wish.package}` package is deprecated in favor of `{moved}`. Ask for that one in "
                "packages.yml"
            )
            names = {"old_name": wish.package, "new_name": moved}
            self._emit(Message(text=text, level="warn", code="D001", data=names))
        entries = metadata.get("packages") or []
        return Pin(
            name=str(metadata["name"]),
            wish=wish,
            version=version,
            latest=latest,
            archive=metadata["downloads"]["tarball"],
            asks_for=tuple(wishes_of(entries)),
        )

    def _from_git(self, wish: GitWish) -> Pin:
        revision = _one_revision(wish)
        folder = check_out(
            wish.url, revision, self._place(wish.names[0]), subdirectory=wish.subdirectory
        )
        if wish.warn_unpinned and revision in (HEAD, *_FLOATING):
            self._emit(_unpinned(wish, revision))
        return self._with_metadata(
            Pin(name="", wish=wish, version=commit_of(folder), folder=folder)
        )

    def _from_archive(self, wish: TarballWish) -> Pin:
        place = self._place(wish.url)
        archive = place.with_suffix(".tar.gz")
        self._http.download(wish.url, archive)
        folder = unpack(archive, place, source=wish.url)
        pin = self._with_metadata(Pin(name="", wish=wish, folder=folder))
        # The folder's name is the one that the project gives it, not the package's own (dbt's rule).
        return msgspec.structs.replace(pin, name=wish.name or pin.name)

    def _with_metadata(self, pin: Pin) -> Pin:
        assert pin.folder is not None
        title = shown(pin.wish.names[0])
        if not (pin.folder / PROJECT_FILE).is_file():
            raise DependencyError(
                f"the package {title} has no {PROJECT_FILE}",
                hint="for a package inside a repository, give its folder as 'subdirectory'",
            )
        document = read_project_file(pin.folder, shown=title)
        name = document.value.get("name")
        if not isinstance(name, str):
            raise DependencyError(f"the package {title} has no name in its dbt_project.yml")
        specs = read_specs(pin.folder, self._context, shown=title)
        rendered = str(self._context.render(name))
        asked = wishes_of(specs.entries, specs.written)
        return msgspec.structs.replace(pin, name=rendered, asks_for=tuple(asked))

    def _place(self, name: str) -> Path:
        return self._downloads / hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()


def local_folder(root: Path, wish: LocalWish) -> Path:
    """The folder of a local package. Raises DependencyError when there is none."""
    folder = (root / Path(wish.path).expanduser()).resolve()
    if not folder.is_dir():
        raise DependencyError(
            f"the local package '{wish.path}' is not there: {folder} does not exist",
            code="package-missing",
            hint="paths of local packages begin at the root project",
        )
    return folder


def _one_revision(wish: GitWish) -> str:
    revisions = dict.fromkeys(wish.revisions)
    if len(revisions) > 1:
        raise DependencyError(
            f"{shown(wish.names[0])} is asked for at several revisions: {', '.join(revisions)}",
            code="git-revisions",
            hint="a Git package can be installed at one revision only",
        )
    return next(iter(revisions), HEAD)


def _unpinned(wish: GitWish, revision: str) -> Message:
    what = "not pinned" if revision == HEAD else f'pinned to the branch "{revision}"'
    text = (
        f"the git package {shown(wish.url)} is {what}: it can change without warning;"
        " give a tag or a commit as 'revision'"
    )
    return Message(text=text, level="warn", code="M029")


def _check_names(pins: Iterable[Pin], root_name: str) -> None:
    seen: dict[str, Pin] = {}
    for pin in pins:
        if pin.name == root_name:
            raise DependencyError(
                f"the package {pin.title} has the name of the root project, '{root_name}'",
                hint="rename one of them",
            )
        other = seen.setdefault(pin.name, pin)
        if other is not pin:
            raise DependencyError(
                f"two packages have the name '{pin.name}': {other.title} and {pin.title}",
                hint="remove one of them from the packages",
            )
