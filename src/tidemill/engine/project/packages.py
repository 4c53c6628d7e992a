"""Finds the packages of a project: installed, local, and those that ship with the tool.

Installed packages are the folders in ``packages-install-path``. Local packages of ``packages.yml`` or
``dependencies.yml`` are read where they are, unless they are installed too. Nothing is fetched here:
that is for ``engine/installing``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

from tidemill.engine.project.config import ProjectConfig
from tidemill.engine.project.config_context import ConfigContext
from tidemill.engine.project.project_file import (
    PROJECT_FILE,
    LoadedProject,
    load_project,
    raise_configuration,
    read_project_file,
)
from tidemill.engine.project.rendering import TreeRenderer
from tidemill.engine.project.yaml_loader import Document, load_mapping
from tidemill.errors import ConfigurationError, Fault, Place, did_you_mean

PACKAGES_FILE = "packages.yml"
DEPENDENCIES_FILE = "dependencies.yml"
GLOBAL_PACKAGE = "dbt"

_KINDS: dict[str, frozenset[str]] = {
    "package": frozenset({"version", "install_prerelease", "install-prerelease"}),
    "git": frozenset({"revision", "warn-unpinned", "warn_unpinned", "subdirectory"}),
    "private": frozenset(
        {"provider", "revision", "warn-unpinned", "warn_unpinned", "subdirectory"}
    ),
    "local": frozenset(),
    "tarball": frozenset(),
}
"""The kinds of entry in ``packages``, with the keys that each may have beside ``name``."""

LoadPackage = Callable[[Path, str], LoadedProject]


class PackageSpecs(msgspec.Struct, frozen=True, kw_only=True):
    """What a project asks for."""

    file: str
    written: tuple[dict[str, Any], ...] = ()
    """Entries before their Jinja is rendered: what may be kept, for it holds no secrets."""
    entries: tuple[dict[str, Any], ...] = ()
    """Entries as they are meant, in the same order. They may hold secrets: never show or keep them."""
    local: tuple[str, ...] = ()
    """Folders of local packages, rendered."""
    others: tuple[str, ...] = ()
    """Names of what must be installed."""


def read_specs(folder: Path, context: ConfigContext, *, shown: str = "") -> PackageSpecs:
    """The packages that the project in ``folder`` asks for.

    Raises ConfigurationError or ProjectFaults for entries that are none.
    """
    documents = {
        name: _document(folder, name, shown) for name in (PACKAGES_FILE, DEPENDENCIES_FILE)
    }
    packages, dependencies = documents[PACKAGES_FILE], documents[DEPENDENCIES_FILE]
    faults = _misplaced(packages, dependencies)
    if "packages" in dependencies.value:
        # dbt does not render dependencies.yml, so that other tools can read it.
        document, rendered = dependencies, dependencies.value["packages"]
    else:
        renderer = TreeRenderer(context, packages.place_of)
        document, rendered = packages, renderer.render(packages.value).get("packages")
        faults += renderer.faults
    entries = rendered or []
    faults += check_entries(entries, document)
    if faults:
        raise_configuration(faults)
    return PackageSpecs(
        file=document.file,
        written=tuple(document.value.get("packages") or ()),
        entries=tuple(entries),
        local=tuple(str(entry["local"]) for entry in entries if "local" in entry),
        others=tuple(_name(entry) for entry in entries if "local" not in entry),
    )


def load_packages(
    root: ProjectConfig, specs: PackageSpecs, load: LoadPackage, context: ConfigContext
) -> list[LoadedProject]:
    """All installed and local packages, in the order of their folders' names.

    Raises ConfigurationError when one is missing or broken.
    """
    loaded = _installed(root, load)
    present = [package.config.root.resolve() for package in loaded]
    local = _local_packages(root.root, specs, load, context, present)
    names = {package.config.name for package in loaded}
    loaded += [package for name, package in local.items() if name not in names]
    wanted = len(specs.local) + len(specs.others)
    if len(loaded) < wanted:
        raise _not_installed(root, specs, [package.config for package in loaded])
    return loaded


def check_names(packages: Iterable[ProjectConfig]) -> None:
    """Raise ConfigurationError when two packages have one name."""
    seen: dict[str, ProjectConfig] = {}
    for package in packages:
        other = seen.setdefault(package.name, package)
        if other is not package:
            raise ConfigurationError(
                f"two packages have the name '{package.name}': {other.root} and {package.root}",
                code="package-name",
                hint="remove one of them from the packages, or from the install folder",
            )


def global_package() -> ProjectConfig:
    """The macros that every dbt project builds on, from the installed ``dbt-adapters``.

    They are located without importing any of dbt's Python.
    """
    spec = find_spec("dbt")
    for location in (spec and spec.submodule_search_locations) or ():
        folder = Path(location) / "include" / "global_project"
        if (folder / PROJECT_FILE).is_file():
            document = read_project_file(folder, shown=GLOBAL_PACKAGE)
            return load_project(folder, document, ConfigContext(), check_version=False).config
    raise ConfigurationError(
        "the built-in macros are missing: the Python package 'dbt-adapters' is not installed",
        code="builtin-macros",
        hint="pip install dbt-adapters",
    )


def adapter_package(name: str, macro_folder: Path) -> ProjectConfig:
    """The adapter's own macros as a package."""
    return ProjectConfig(name=name, root=macro_folder.parent, macro_paths=(macro_folder.name,))


def make_loader(context: ConfigContext, *, check_version: bool = True) -> LoadPackage:
    """A function that loads the package in a folder, for ``load_packages``."""

    def load(folder: Path, shown: str) -> LoadedProject:
        document = read_project_file(folder, shown=shown)
        return load_project(folder, document, context, check_version=check_version)

    return load


def _document(folder: Path, name: str, shown: str) -> Document:
    path = folder / name
    file = f"{shown}/{name}" if shown else name
    if not path.is_file():
        return Document(file=file, value={})
    return load_mapping(path.read_text(encoding="utf-8"), file)


def _misplaced(packages: Document, dependencies: Document) -> list[Fault]:
    faults = []
    if "packages" in packages.value and "packages" in dependencies.value:
        message = f"'packages' stands in {packages.file} as well; only one of them may have it"
        faults.append(_fault(message, dependencies.place_of(("packages",))))
    if "projects" in packages.value:
        hint = f"move it to {DEPENDENCIES_FILE}"
        place = packages.place_of(("projects",))
        faults.append(_fault(f"'projects' does not belong in {PACKAGES_FILE}", place, hint))
    return faults


def check_entries(entries: Any, document: Document) -> list[Fault]:
    """All that is wrong with the rendered entries of ``packages``."""
    if not isinstance(entries, list):
        return [_fault("'packages' must be a list", document.place_of(("packages",)))]
    faults = []
    for index, entry in enumerate(entries):
        found = _entry_fault(entry)
        if found is not None:
            message, hint = found
            faults.append(_fault(message, document.place_of(("packages", index)), hint))
    return faults


def _entry_fault(entry: Any) -> tuple[str, str | None] | None:
    if not isinstance(entry, dict):
        return "an entry of 'packages' must be a mapping", "such as '- local: ../shared'"
    kinds = [kind for kind in _KINDS if kind in entry]
    if len(kinds) != 1:
        hint = did_you_mean(str(next(iter(entry), "")), _KINDS)
        return "an entry of 'packages' needs one of: " + ", ".join(_KINDS), hint
    [kind] = kinds
    if not isinstance(entry[kind], str) or not entry[kind].strip():
        word = "hub" if kind == "package" else kind
        return f"A {word} package is missing the value: '{kind}' must say where it is", None
    unknown = [key for key in entry if key not in {kind, "name", *_KINDS[kind]}]
    if unknown:
        hint = did_you_mean(str(unknown[0]), ["name", *_KINDS[kind]])
        message = f"unknown key '{unknown[0]}' for a '{kind}' package"
        return f"The packages.yml file in this project is malformed: {message}", hint
    if kind == "package" and entry.get("version") is None:
        return f"'{entry[kind]}' has no version", "add a line such as 'version: 1.3.0'"
    if kind == "package" and "/" not in entry[kind]:
        return f"'{entry[kind]}' has no namespace", "write it as 'dbt-labs/dbt_utils'"
    if kind == "tarball" and not entry.get("name"):
        return "a tarball needs a name", "add a line such as 'name: dbt_utils'"
    return None


def _name(entry: dict[str, Any]) -> str:
    """The likely name of a package's folder, for messages."""
    if entry.get("name"):
        return str(entry["name"])
    kind = next(kind for kind in _KINDS if kind in entry)
    return str(entry[kind]).rstrip("/").rpartition("/")[2].removesuffix(".git")


def _installed(root: ProjectConfig, load: LoadPackage) -> list[LoadedProject]:
    folder = root.root / root.packages_install_path
    if not folder.is_dir():
        return []
    return [
        load(path, f"{root.packages_install_path}/{path.name}")
        for path in sorted(folder.iterdir())
        if path.is_dir() and not path.name.startswith("__")
    ]


def _local_packages(
    root: Path,
    specs: PackageSpecs,
    load: LoadPackage,
    context: ConfigContext,
    present: Sequence[Path],
) -> dict[str, LoadedProject]:
    """Local packages by name that are not installed, with those that they ask for in turn."""
    wanted = len(specs.local) + len(specs.others)
    found: dict[str, LoadedProject] = {}
    waiting = [(root, local, specs.file) for local in specs.local]
    while waiting:
        base, local, asked_in = waiting.pop(0)
        # Paths begin at the root project (dbt's rule); people also write them from the package.
        folder = next(
            (path for path in (root / local, base / local) if path.is_dir()), root / local
        ).resolve()
        if folder in present or any(p.config.root == folder for p in found.values()):
            continue
        if not (folder / PROJECT_FILE).is_file() and len(present) >= wanted:
            continue  # dbt looks at what is installed alone: the project may have been moved since
        if not folder.is_dir():
            raise ConfigurationError(
                f"the local package '{local}' is not there: {folder} does not exist",
                code="package-missing",
                place=Place(file=asked_in),
            )
        package = load(folder, local.rstrip("/"))
        found.setdefault(package.config.name, package)
        inner = read_specs(folder, context, shown=local.rstrip("/"))
        waiting += [(folder, name, inner.file) for name in inner.local]
    return found


def _not_installed(
    root: ProjectConfig, specs: PackageSpecs, loaded: Iterable[ProjectConfig]
) -> ConfigurationError:
    present = {package.name for package in loaded} | {package.root.name for package in loaded}
    missing = [name for name in specs.others if name not in present] or list(specs.others)
    names = ", ".join(f"'{name}'" for name in missing)
    return ConfigurationError(
        f"{specs.file} asks for packages that are not installed in"
        f" {root.packages_install_path}: {names}",
        code="packages-missing",
        place=Place(file=specs.file),
        hint="install them with 'tidemill deps' (in dbt's words: run 'dbt deps')",
    )


def _fault(message: str, place: Place, hint: str | None = None) -> Fault:
    return Fault(code="packages", label="Runtime Error", message=message, place=place, hint=hint)
