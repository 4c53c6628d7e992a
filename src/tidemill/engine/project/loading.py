"""Loads all that a command must know beyond the project's files: dbt's RuntimeConfig.

    config = load_runtime(Path("shop"), target="dev", cli_vars={"day": "2026-01-01"})
    vars_for(config, "shop")

The order is dbt's: the project file is read, the profile found by its name, the target rendered, the
project file rendered with that target, and then the packages. Models are not read here.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from tidemill.adapters.registry import adapter_for
from tidemill.engine.project.catalogs_file import check_catalogs
from tidemill.engine.project.config import ProjectConfig, RuntimeConfig, Target
from tidemill.engine.project.config_context import ConfigContext
from tidemill.engine.project.packages import (
    PACKAGES_FILE,
    PackageSpecs,
    adapter_package,
    check_names,
    global_package,
    load_packages,
    make_loader,
    read_specs,
)
from tidemill.engine.project.profiles import FoundProfile, ProfileRequest, load_target
from tidemill.engine.project.project_file import LoadedProject, load_project, read_project_file
from tidemill.engine.project.target_names import target_names
from tidemill.engine.project.vars_file import read_vars_file, seen_in_project_file
from tidemill.engine.project.yaml_loader import Document
from tidemill.errors import ConfigurationError, Fault, Place

NO_TARGET = Target(profile_name="", name="", type="", schema="")
"""The target of commands that need no profile."""
NO_PACKAGES = PackageSpecs(file=PACKAGES_FILE)
"""What commands look at that need no packages."""


def load_runtime(
    project_dir: Path,
    *,
    profiles_dir: Path | None = None,
    profile: str | None = None,
    target: str | None = None,
    cli_vars: Mapping[str, Any] | None = None,
    threads: int | None = None,
    target_path: str | None = None,
    arguments: Mapping[str, Any] | None = None,
    require_profile: bool = True,
    require_packages: bool = True,
) -> RuntimeConfig:
    """The configuration of the project in ``project_dir``, of its packages and of the chosen target.

    ``arguments`` are the command's flags by dbt's names; ``version_check: False`` skips the check of
    ``require-dbt-version``. With ``require_profile=False`` there is no target and no built-in package;
    with ``require_packages=False`` those that the project asks for are not looked at.
    Raises ConfigurationError, ParsingError, CompilationError or ProjectFaults.
    """
    root = Path(project_dir).expanduser().resolve()
    variables = dict(cli_vars or {})
    document = read_project_file(root)
    secret_context = ConfigContext(variables=variables, secrets=True)
    found = FoundProfile(NO_TARGET, root)
    if require_profile:
        request = ProfileRequest(
            project_root=root,
            profiles_dir=profiles_dir,
            profile=profile or _profile_name(document, root, secret_context),
            target=target,
            threads=threads,
        )
        found = load_target(request, secret_context)
        check_catalogs(root, secret_context)
    loader = _ProjectLoader(root, found.target, variables, secret_context, arguments or {})
    loader.with_packages = require_packages
    project, packages = loader.load(document, target_path, found.flags)
    return RuntimeConfig(
        project=project,
        packages=packages,
        internal_packages=tuple(loader.internal),
        target=found.target,
        cli_vars=variables,
        arguments=dict(arguments or {}),
        invocation_id=str(uuid.uuid4()),
        started_at=time.time(),
        profiles_dir=found.folder,
        env_read=loader.env_read,
        warnings=tuple(loader.warnings),
    )


def vars_for(config: RuntimeConfig, package: str) -> dict[str, Any]:
    """The variables that ``var()`` sees inside ``package``, by dbt's precedence.

    A package's own values lie lowest, the root project's over them, those given to the command on top.
    Inside one project, what stands under the package's name wins over what is general.
    """
    own = config.packages[package].vars
    root = config.project.vars
    merged = {**own, **_scoped(own, package)}
    return {**merged, **root, **_scoped(root, package), **config.cli_vars}


def _scoped(variables: Mapping[str, Any], package: str) -> Mapping[str, Any]:
    scoped = variables.get(package)
    return scoped if isinstance(scoped, dict) else {}


def _profile_name(document: Document, root: Path, context: ConfigContext) -> str | None:
    name = document.value.get("profile")
    context = context.beneath(
        seen_in_project_file(read_vars_file(root), document.value.get("name"))
    )
    return str(context.render(name)) if isinstance(name, str) else None


class _ProjectLoader:
    """Loads the root project and its packages for one target, and gathers what they read."""

    def __init__(
        self,
        root: Path,
        target: Target,
        variables: dict[str, Any],
        secret_context: ConfigContext,
        arguments: Mapping[str, Any],
    ) -> None:
        self.root = root
        self.target = target
        self.check_version = arguments.get("version_check") is not False
        names = target_names(target)
        # Commands that need no profile do without the values of variables, as in dbt.
        self.context = ConfigContext(
            variables=variables, target=names, require_vars=bool(target.type)
        )
        # As in dbt, packages do not see the variables given to the command in their project files.
        self.package_context = ConfigContext(target=names)
        self.secret_context = secret_context
        self.with_packages = True
        self.warnings: list[Fault] = []
        """What was found that is not wrong enough to stop."""
        self.internal: dict[str, ProjectConfig] = {}

    @property
    def env_read(self) -> dict[str, str]:
        contexts = (self.secret_context, self.context, self.package_context)
        return {name: value for context in contexts for name, value in context.env_read.items()}

    def load(
        self, document: Document, target_path: str | None, profile_flags: dict[str, Any]
    ) -> tuple[ProjectConfig, dict[str, ProjectConfig]]:
        loaded = load_project(self.root, document, self.context, check_version=self.check_version)
        if profile_flags:
            self.warnings.append(_flags_in_profile())
        specs = read_specs(self.root, self.secret_context) if self.with_packages else NO_PACKAGES
        project = msgspec.structs.replace(
            self._keep(loaded),
            package_specs=specs.written,
            flags=_flags(loaded.config.flags, profile_flags),
            **_overrides(loaded.config, target_path),
        )
        packages = {project.name: project}
        if self.target.type:
            self.internal = _internal_packages(self.target, self.root)
            packages |= self.internal
        if self.with_packages:
            packages |= self._packages(project, specs)
        return project, packages

    def _packages(self, project: ProjectConfig, specs: PackageSpecs) -> dict[str, ProjectConfig]:
        load = make_loader(self.package_context, check_version=self.check_version)
        loaded = load_packages(project, specs, load, self.secret_context)
        check_names([project, *self.internal.values(), *(package.config for package in loaded)])
        return {package.config.name: self._keep(package) for package in loaded}

    def _keep(self, loaded: LoadedProject) -> ProjectConfig:
        self.warnings += loaded.warnings
        return loaded.config


def _overrides(project: ProjectConfig, target_path: str | None) -> dict[str, Any]:
    """What ``--target-path`` and ``DBT_TARGET_PATH`` change."""
    chosen = target_path or os.environ.get("DBT_ENGINE_TARGET_PATH")
    chosen = chosen or os.environ.get("DBT_TARGET_PATH")
    if not chosen:
        return {}
    cleaned = tuple(
        chosen if path == project.target_path else path for path in project.clean_targets
    )
    return {"target_path": chosen, "clean_targets": cleaned}


def _flags_in_profile() -> Fault:
    return Fault(
        code="deprecated-profile-flags",
        label="Warning",
        message="User config should be moved from the 'config' key in profiles.yml to the 'flags' key "
        "in dbt_project.yml.",
        place=Place(file="profiles.yml"),
    )


def _flags(of_project: dict[str, Any], of_profile: dict[str, Any]) -> dict[str, Any]:
    """The project's flags; those in ``profiles.yml`` are an old place for them."""
    if of_project and of_profile:
        raise ConfigurationError(
            "flags stand in dbt_project.yml and, as 'config', in profiles.yml",
            code="two-places",
            place=Place(file="profiles.yml"),
            hint="move those of profiles.yml to 'flags' in dbt_project.yml",
        )
    return of_project or of_profile


def _internal_packages(target: Target, root: Path) -> dict[str, ProjectConfig]:
    """The adapter's macros and the built-in ones, most specific first."""
    adapter_class = adapter_for(target.type)
    folders = adapter_class(target.credentials, root).macro_packages
    builtin = global_package()
    own = {name: adapter_package(name, folder) for name, folder in folders.items()}
    return {**own, builtin.name: builtin}
