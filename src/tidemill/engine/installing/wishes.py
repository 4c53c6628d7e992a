"""Entries of ``packages`` as values: what is asked for, and how two wishes for one package join.

Which version a wish comes to, and fetching it, is for the neighbours.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha1
from typing import Any

import msgspec

from tidemill.engine.project.versions import Requirement, parse_requirement
from tidemill.errors import DependencyError


class HubWish(msgspec.Struct, frozen=True, kw_only=True):
    """A package of a hub, by its index name (``dbt-labs/dbt_utils``)."""

    package: str
    versions: tuple[str, ...]
    prereleases: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (self.package,)

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        return tuple(_requirement(text, self.package) for text in self.versions)

    def joined(self, other: HubWish) -> HubWish:
        """Both: every requirement counts. The first one says whether prereleases do (dbt's rule)."""
        return msgspec.structs.replace(self, versions=(*self.versions, *other.versions))


class GitWish(msgspec.Struct, frozen=True, kw_only=True):
    """A package in a Git repository. ``written`` is the address before its Jinja was rendered."""

    url: str
    written: str
    revisions: tuple[str, ...] = ()
    warn_unpinned: bool = True
    subdirectory: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Addresses with and without ``.git`` mean one repository."""
        other = self.url.removesuffix(".git") if self.url.endswith(".git") else f"{self.url}.git"
        inner = f"/{self.subdirectory}" if self.subdirectory else ""
        return (self.url + inner, other + inner)

    def joined(self, other: GitWish) -> GitWish:
        return msgspec.structs.replace(
            self,
            revisions=(*self.revisions, *other.revisions),
            warn_unpinned=self.warn_unpinned and other.warn_unpinned,
        )


class LocalWish(msgspec.Struct, frozen=True, kw_only=True):
    """A package in a folder; the path is relative to the root project, also for packages of packages."""

    path: str

    @property
    def names(self) -> tuple[str, ...]:
        return (self.path,)

    def joined(self, other: LocalWish) -> LocalWish:
        return self


class TarballWish(msgspec.Struct, frozen=True, kw_only=True):
    """A package in an archive. ``written`` is the address before its Jinja was rendered."""

    url: str
    written: str
    name: str

    @property
    def names(self) -> tuple[str, ...]:
        return (self.url,)

    def joined(self, other: TarballWish) -> TarballWish:
        return self


Wish = HubWish | GitWish | LocalWish | TarballWish


class Wishes:
    """Wishes by name, in the order in which they were first met."""

    def __init__(self, wishes: Iterable[Wish] = ()) -> None:
        self._found: dict[str, Wish] = {}
        for wish in wishes:
            self.add(wish)

    def __iter__(self) -> Any:
        return iter(tuple(self._found.values()))

    def add(self, wish: Wish) -> Wish:
        """``wish`` joined with what was asked of the same package before. Raises DependencyError."""
        name = next((name for name in wish.names if name in self._found), wish.names[0])
        before = self._found.get(name)
        if before is not None and type(before) is not type(wish):
            raise DependencyError(
                f"'{name}' is asked for as two kinds of package",
                hint="packages that ask for the same one must ask for it in one way",
            )
        # The kinds are equal, which the type checker cannot know.
        joined: Wish = wish if before is None else before.joined(wish)  # type: ignore[arg-type]
        self._found[name] = joined
        return joined


def wishes_of(
    entries: Sequence[Mapping[str, Any]], written: Sequence[Mapping[str, Any]] = ()
) -> list[Wish]:
    """Checked entries as wishes; ``written`` are the same entries before they were rendered."""
    originals = written if len(written) == len(entries) else entries
    return [_wish(entry, original) for entry, original in zip(entries, originals, strict=True)]


def _wish(entry: Mapping[str, Any], written: Mapping[str, Any]) -> Wish:
    if "local" in entry:
        return LocalWish(path=entry["local"])
    if "tarball" in entry:
        address = str(written.get("tarball") or entry["tarball"])
        return TarballWish(url=entry["tarball"], written=address, name=entry["name"])
    if "git" in entry:
        return _git_wish(entry, str(written.get("git") or entry["git"]))
    if "private" in entry:
        raise DependencyError(
            f"the private package '{entry['private']}' needs dbt's platform to find its address",
            hint="ask for it with 'git' and its full address",
        )
    return HubWish(
        package=entry["package"],
        versions=_texts(entry["version"]),
        prereleases=bool(entry.get("install_prerelease")),
    )


def _git_wish(entry: Mapping[str, Any], written: str) -> GitWish:
    revision = entry.get("revision")
    unpinned = entry.get("warn-unpinned", entry.get("warn_unpinned"))
    return GitWish(
        url=entry["git"],
        written=written,
        revisions=() if revision is None else (str(revision),),
        warn_unpinned=unpinned is not False,
        subdirectory=entry.get("subdirectory"),
    )


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def _requirement(text: str, package: str) -> Requirement:
    try:
        return parse_requirement(text)
    except ValueError as error:
        raise DependencyError(f"{package}: {error}") from None


def fingerprint(
    entries: Sequence[Mapping[str, Any]], written: Sequence[Mapping[str, Any]] = ()
) -> str:
    """dbt's ``sha1_hash`` of what a project asks for: whether a lock file still fits."""
    originals = written if len(written) == len(entries) else entries
    texts = [
        json.dumps({**_complete(entry), "unrendered": dict(original)}, sort_keys=True)
        for entry, original in zip(entries, originals, strict=True)
    ]
    joined = "\n".join(sorted(texts))
    return sha1(joined.encode(), usedforsecurity=False).hexdigest()


def _complete(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The entry with the defaults that dbt fills in before it makes the hash."""
    if "git" in entry:
        defaults: dict[str, Any] = {"revision": None, "subdirectory": None, "warn-unpinned": None}
        return defaults | dict(entry)
    if "package" in entry:
        return {"install_prerelease": False} | dict(entry)
    return dict(entry)
