"""Reads one ``dbt_project.yml``, the root project's or a package's, into a ``ProjectConfig``.

Jinja is rendered as dbt renders it: hooks, ``vars`` and ``query-comment`` stay as written. Packages
that the project asks for are found by the neighbour ``packages``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tidemill.engine.project.config import DBT_VERSION, ProjectConfig
from tidemill.engine.project.config_context import ConfigContext
from tidemill.engine.project.project_schema import (
    RENAMED_PATHS,
    SECTIONS,
    check_project,
)
from tidemill.engine.project.rendering import Path as KeyPath
from tidemill.engine.project.rendering import TreeRenderer
from tidemill.engine.project.vars_file import (
    read_vars_file,
    refuse_both_places,
    seen_in_project_file,
)
from tidemill.engine.project.versions import meets, split_requirements
from tidemill.engine.project.yaml_loader import Document, load_mapping
from tidemill.errors import ConfigurationError, Fault, Place, ProjectFaults, did_you_mean, facts

PROJECT_FILE = "dbt_project.yml"

_KEPT = {"on-run-start", "on-run-end", "query-comment", "vars"}
_MOVED = {"log-path": ("logs", "DBT_LOG_PATH"), "target-path": ("target", "DBT_TARGET_PATH")}
"""Keys for which there are options now, with their defaults and variables."""
_HOOK_SECTIONS = {"models", "seeds", "snapshots", "tests", "data_tests"}
_HOOKS = {"pre-hook", "post-hook", "pre_hook", "post_hook"}


class LoadedProject:
    """A project's configuration with what was noticed while it was read."""

    def __init__(self, config: ProjectConfig, warnings: tuple[Fault, ...]) -> None:
        self.config = config
        self.warnings = warnings


def read_project_file(folder: Path, *, shown: str = "") -> Document:
    """The document of ``folder``'s project file. ``shown`` is the folder's name in places.

    Raises ConfigurationError when there is none, or it cannot be read.
    """
    path = folder / PROJECT_FILE
    file = f"{shown}/{PROJECT_FILE}" if shown else PROJECT_FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise _no_project(folder) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{path} cannot be read: {error}", code="project-unreadable", place=Place(file=file)
        ) from error
    return load_mapping(text, file)


def load_project(
    folder: Path, document: Document, context: ConfigContext, *, check_version: bool = True
) -> LoadedProject:
    """The configuration in ``document``, with dbt's defaults.

    Raises ConfigurationError or ProjectFaults with all that is wrong in the file.
    """
    shown = document.file.rpartition("/")[0]
    variables = read_vars_file(folder, shown=shown)
    if variables:
        refuse_both_places(variables, document)
        context = context.beneath(seen_in_project_file(variables, document.value.get("name")))
    renderer = TreeRenderer(context, document.place_of, _kept)
    values = renderer.render(document.value)
    faults = renderer.faults or check_project(values, document)
    if faults:
        raise_configuration(faults)
    required = split_requirements(values.get("require-dbt-version") or ())
    if check_version:
        _check_version(values["name"], required, document)
    config = _project_config(
        folder, {**values, "vars": values.get("vars") or variables}, document.value, required
    )
    return LoadedProject(config, (*document.warnings, *_deprecations(values, document)))


def raise_configuration(faults: list[Fault]) -> None:
    """Raise the faults: one as ConfigurationError, several together."""
    if len(faults) > 1:
        raise ProjectFaults(faults)
    [fault] = faults
    error = ConfigurationError(fault.message)
    error.fault = fault
    raise error


def _no_project(folder: Path) -> ConfigurationError:
    if not folder.is_dir():
        return ConfigurationError(
            f"there is no folder {folder}",
            code="project-missing",
            hint="give the project's folder with --project-dir",
        )
    near = [path.name for path in folder.iterdir() if path.suffix in {".yml", ".yaml"}]
    misspelt = did_you_mean(PROJECT_FILE, near)
    inner = sorted(path.parent.name for path in folder.glob(f"*/{PROJECT_FILE}"))
    hint = misspelt
    if hint is None and inner:
        hint = f"there is one in {inner[0]}/: give it with --project-dir {inner[0]}"
    return ConfigurationError(
        f"No {PROJECT_FILE} found at expected path {folder}",
        code="project-missing",
        hint=hint or "run this in a dbt project, or give its folder with --project-dir",
    )


def _kept(path: KeyPath) -> bool:
    """dbt's rule: what stays as written until it is used."""
    if not path:
        return False
    first = path[0]
    if first in _KEPT:
        return True
    if first in _HOOK_SECTIONS:
        return any(isinstance(key, str) and key.lstrip("+ ") in _HOOKS for key in path)
    return False


def _check_version(name: str, required: tuple[str, ...], document: Document) -> None:
    place = document.place_of(("require-dbt-version",))
    try:
        satisfied = meets(DBT_VERSION, required)
    except ValueError as error:
        raise ConfigurationError(str(error), code="version-requirement", place=place) from None
    if not satisfied:
        raise ConfigurationError(
            f"'{name}' asks for dbt {', '.join(required)}; this is the language of dbt {DBT_VERSION}",
            code="version-requirement",
            place=place,
            hint="use another version of the package, or --no-version-check",
        )


def _project_config(
    folder: Path, values: dict[str, Any], written: dict[str, Any], required: tuple[str, ...]
) -> ProjectConfig:
    defaults = ProjectConfig(name="", root=folder)

    def folders(key: str) -> tuple[str, ...]:
        old = next((old for old, new in RENAMED_PATHS.items() if new == key), key)
        found = values.get(key) if values.get(key) is not None else values.get(old)
        default: tuple[str, ...] = getattr(defaults, key.replace("-", "_"))
        return default if found is None else tuple(found)

    target_path = values.get("target-path") or defaults.target_path
    clean_targets = values.get("clean-targets")
    return ProjectConfig(
        name=values["name"],
        root=folder,
        version=None if values.get("version") is None else str(values["version"]),
        profile=values.get("profile"),
        model_paths=folders("model-paths"),
        seed_paths=folders("seed-paths"),
        test_paths=folders("test-paths"),
        analysis_paths=folders("analysis-paths"),
        macro_paths=folders("macro-paths"),
        snapshot_paths=folders("snapshot-paths"),
        function_paths=folders("function-paths"),
        docs_paths=folders("docs-paths"),
        asset_paths=folders("asset-paths"),
        target_path=target_path,
        log_path=values.get("log-path") or defaults.log_path,
        clean_targets=(target_path,) if clean_targets is None else tuple(clean_targets),
        packages_install_path=values.get("packages-install-path") or defaults.packages_install_path,
        quoting={k: v for k, v in (values.get("quoting") or {}).items() if v is not None},
        dispatch=tuple(values.get("dispatch") or ()),
        vars=values.get("vars") or {},
        flags=values.get("flags") or {},
        query_comment=_query_comment(values),
        on_run_start=_hooks(values.get("on-run-start")),
        on_run_end=_hooks(values.get("on-run-end")),
        require_dbt_version=required,
        restrict_access=bool(values.get("restrict-access")),
        configs=_sections(values),
        unrendered_configs=_sections(written),
    )


def _query_comment(values: dict[str, Any]) -> Any:
    """False when the project asks for no comment, None when it says nothing, else what it says."""
    if "query-comment" not in values:
        return None
    return values["query-comment"] or False


def _hooks(written: Any) -> tuple[str, ...]:
    if written is None:
        return ()
    return (written,) if isinstance(written, str) else tuple(written)


def _sections(values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        name: values[key]
        for key, name in SECTIONS.items()
        if isinstance(values.get(key), dict) and values[key]
    }


def _deprecations(values: dict[str, Any], document: Document) -> list[Fault]:
    renamed = [
        Fault(
            code=f"deprecated-{old}",
            label="Warning",
            message=f"The `{old}` config has been renamed to `{new}`",
            place=document.place_of((old,)),
            hint=f"write '{new}'",
            facts=facts(deprecated_path=old, exp_path=new),
        )
        for old, new in RENAMED_PATHS.items()
        if old in values
    ]
    moved = [
        Fault(
            code=f"deprecated-{key}",
            label="Warning",
            message=f"The `{key}` config in `dbt_project.yml` has been deprecated",
            place=document.place_of((key,)),
            hint=f"give it with --{key}, or in the environment variable {variable}",
            facts=facts(deprecated_path=key),
        )
        for key, (default, variable) in _MOVED.items()
        if values.get(key) not in (None, default)
    ]
    return [*renamed, *moved]
