"""A package hub: an index of names, and for each package its versions. Any host that serves dbt's layout."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from tidemill.engine.installing.http import Http
from tidemill.engine.installing.wishes import HubWish
from tidemill.engine.project.config import DBT_VERSION
from tidemill.engine.project.versions import meets, parse_requirement
from tidemill.errors import DependencyError, did_you_mean

DEFAULT_HUB = "https://hub.getdbt.com/"


class Hub:
    """One hub, asked as little as possible: each answer is kept for the length of a command."""

    def __init__(self, http: Http, url: str | None = None, *, check_version: bool = True) -> None:
        base = url or os.environ.get("DBT_ENGINE_PACKAGE_HUB_URL")
        base = base or os.environ.get("DBT_PACKAGE_HUB_URL") or DEFAULT_HUB
        self.url = base if base.endswith("/") else f"{base}/"
        self._http = http
        self._check_version = check_version
        self._packages: dict[str, dict[str, Any]] = {}

    @cached_property
    def index(self) -> frozenset[str]:
        """The names of all packages."""
        found = self._http.json(f"{self.url}api/v1/index.json")
        if not isinstance(found, list):
            raise DependencyError(f"{self.url} has no list of packages", code="hub")
        return frozenset(map(str, found))

    def package(self, name: str) -> Mapping[str, Any]:
        """What the hub knows of a package. Raises DependencyError when it is unknown."""
        if name not in self._packages:
            if name not in self.index:
                raise DependencyError(
                    f"the package '{name}' was not found in the package index of {self.url}",
                    code="hub-unknown",
                    hint=did_you_mean(name, self.index),
                )
            found = self._http.json(f"{self.url}api/v1/{name}.json")
            if not isinstance(found, dict) or not isinstance(found.get("versions"), dict):
                raise DependencyError(
                    f"{self.url} does not tell the versions of '{name}'", code="hub"
                )
            self._packages[name] = found
        return self._packages[name]

    def version(self, name: str, version: str) -> Mapping[str, Any]:
        """One version's metadata: name, packages, downloads. Raises DependencyError."""
        versions = self.package(name)["versions"]
        if version not in versions:
            raise DependencyError(
                f"the package '{name}' has no version {version}",
                code="hub-version",
                hint=did_you_mean(version, versions),
            )
        found: Mapping[str, Any] = versions[version]
        return found

    def redirect(self, name: str) -> str | None:
        """The new name of a package that has moved."""
        package = self.package(name)
        if "redirectnamespace" not in package and "redirectname" not in package:
            return None
        namespace, _, short = name.partition("/")
        namespace = package.get("redirectnamespace") or package.get("namespace") or namespace
        return f"{namespace}/{package.get('redirectname') or short}"

    def choose(self, wish: HubWish) -> tuple[str, str]:
        """The newest version that meets the wish, and the newest of all. Raises DependencyError."""
        requirements = wish.requirements
        prereleases = wish.prereleases or any(not r.version.is_final for r in requirements)
        installable = sorted(
            (
                (parse_requirement(text).version, text)
                for text, metadata in self.package(wish.package)["versions"].items()
                if self._fits(metadata)
            ),
            key=lambda pair: pair[0],
        )
        installable = [pair for pair in installable if prereleases or pair[0].is_final]
        matching = [text for v, text in installable if all(r.is_met_by(v) for r in requirements)]
        if not matching:
            raise self._nothing_fits(wish, [text for _, text in installable])
        return matching[-1], installable[-1][1]

    def _fits(self, metadata: Mapping[str, Any]) -> bool:
        required = metadata.get("require_dbt_version")
        if not self._check_version or not required:
            return True
        return meets(DBT_VERSION, required if isinstance(required, list) else [required])

    def _nothing_fits(self, wish: HubWish, versions: list[str]) -> DependencyError:
        known = ", ".join(versions[-8:]) or "none"
        return DependencyError(
            f"no version of '{wish.package}' meets {', '.join(wish.versions)}"
            f" (versions that fit dbt {DBT_VERSION}: {known})",
            code="hub-version",
            hint="--no-version-check counts versions for other dbt versions as well"
            if self._check_version
            else None,
        )
