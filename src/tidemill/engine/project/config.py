"""What the project's configuration files say, as values. Loading is done by the neighbours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from tidemill.errors import Fault

DBT_VERSION = "1.11.16"
"""The dbt Core version whose language and formats are kept; what ``dbt_version`` says in templates."""


class ProjectConfig(msgspec.Struct, frozen=True, kw_only=True):
    """One ``dbt_project.yml``: the root project's or a package's, with dbt's defaults filled in."""

    name: str
    root: Path
    version: str | None = None
    profile: str | None = None
    model_paths: tuple[str, ...] = ("models",)
    seed_paths: tuple[str, ...] = ("seeds",)
    test_paths: tuple[str, ...] = ("tests",)
    analysis_paths: tuple[str, ...] = ("analyses",)
    macro_paths: tuple[str, ...] = ("macros",)
    snapshot_paths: tuple[str, ...] = ("snapshots",)
    function_paths: tuple[str, ...] = ("functions",)
    docs_paths: tuple[str, ...] = ()
    """Empty means everywhere dbt looks: models, seeds, snapshots, analyses, macros, tests."""
    asset_paths: tuple[str, ...] = ()
    target_path: str = "target"
    log_path: str = "logs"
    clean_targets: tuple[str, ...] = ("target",)
    packages_install_path: str = "dbt_packages"
    quoting: dict[str, bool] = {}
    dispatch: tuple[dict[str, Any], ...] = ()
    vars: dict[str, Any] = {}
    flags: dict[str, Any] = {}
    query_comment: Any = None
    on_run_start: tuple[str, ...] = ()
    on_run_end: tuple[str, ...] = ()
    require_dbt_version: tuple[str, ...] = ()
    package_specs: tuple[dict[str, Any], ...] = ()
    """Entries of ``packages.yml`` or ``dependencies.yml`` as written: not rendered, so without secrets."""
    restrict_access: bool = False
    configs: dict[str, dict[str, Any]] = {}
    """The configuration trees by section: models, seeds, snapshots, data_tests, sources, exposures ...
    Rendered (their Jinja is done), keys as written, with or without ``+``."""
    unrendered_configs: dict[str, dict[str, Any]] = {}

    @property
    def search_paths(self) -> dict[str, tuple[str, ...]]:
        """Folders by kind of file: model, seed, test, analysis, macro, snapshot."""
        return {
            "model": self.model_paths,
            "seed": self.seed_paths,
            "test": self.test_paths,
            "analysis": self.analysis_paths,
            "macro": self.macro_paths,
            "snapshot": self.snapshot_paths,
            "function": self.function_paths,
        }


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """The profile's chosen output. ``credentials`` holds secrets: never log or write it."""

    profile_name: str
    name: str
    type: str
    """The adapter: ``duckdb``, ``postgres`` ..."""
    threads: int = 1
    database: str | None = None
    schema: str = "main"
    credentials: dict[str, Any] = {}
    """The output's entries as the adapter's own loader normalised them."""

    def __repr__(self) -> str:
        return f"Target({self.profile_name}.{self.name}, type={self.type})"

    def __rich_repr__(self) -> Any:
        yield repr(self)


class RuntimeConfig(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """All that parsing and running must know beyond the files: dbt's RuntimeConfig.

    ``packages`` maps names to all projects in the graph: the root, installed packages, and the
    internal ones (``dbt`` and the adapter's), in dbt's order.
    """

    project: ProjectConfig
    packages: dict[str, ProjectConfig]
    internal_packages: tuple[str, ...]
    """Names of the packages that ship with the tool, most specific first: ``("dbt_duckdb", "dbt")``."""
    target: Target
    cli_vars: dict[str, Any] = {}
    arguments: dict[str, Any] = {}
    """The command's flags by dbt's names in lower case (``full_refresh``, ``threads``, ``which`` ...)."""
    invocation_id: str = ""
    started_at: float = 0.0
    profiles_dir: Path | None = None
    env_read: dict[str, str] = {}
    """Environment variables that the configuration files read, secrets left out."""
    warnings: tuple[Fault, ...] = ()
    """What was found while loading that is not wrong enough to stop."""

    @property
    def root(self) -> Path:
        return self.project.root

    @property
    def target_path(self) -> Path:
        """Where artifacts go. ``--target-path`` and ``DBT_TARGET_PATH`` were applied on loading."""
        return self.project.root / self.project.target_path

    @property
    def full_refresh(self) -> bool:
        return bool(self.arguments.get("full_refresh"))
