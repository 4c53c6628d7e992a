"""The configuration of one resource: the trees of ``dbt_project.yml``, property files and ``config()`` as one.

    layers = configs_for(config, "models", ("shop", "staging", "stg_orders"), "shop")
    merge_configs([*layers.own, patch, *config_calls, *layers.root], "model")

Precedence is dbt's, lowest first: defaults, the package's own project file from general to specific,
property file, ``config()``, and for packages the root project's file on top. How two values of one key
merge is in ``config_merging``; defaults and types are in ``config_kinds``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from tidemill.engine.project.config import ProjectConfig, RuntimeConfig
from tidemill.engine.project.config_kinds import (
    DEFAULTS,
    FIXED_KEYS,
    FIXED_MATERIALIZATIONS,
    type_problem,
)
from tidemill.engine.project.config_merging import ConfigProblem, listed, merge_layer
from tidemill.engine.project.project_file import read_project_file
from tidemill.errors import ParsingError, Place, TidemillError

_STORED = {True: "table", False: "ephemeral", None: None}
_STATIC_ANALYSIS = {True: "on", False: "off"}
_MUTABLE = {
    kind: tuple(key for key, value in defaults.items() if isinstance(value, dict | list))
    for kind, defaults in DEFAULTS.items()
}
_LISTED = {kind: ({"tags", "packages"} & defaults.keys()) for kind, defaults in DEFAULTS.items()}
_FIXED = {kind: FIXED_KEYS & defaults.keys() for kind, defaults in DEFAULTS.items()}
_MOST_LEVELS = 500
"""More than most projects configure: each keeps the project that it is of, and a process that stays reads many."""


class Layer(dict[str, Any]):
    """The configuration of one level or file, which can tell where one of its keys stands."""

    place_of: Callable[[str], Place | None]

    def __init__(
        self, values: Mapping[str, Any], place_of: Callable[[str], Place | None] | None = None
    ) -> None:
        super().__init__(values)
        self.place_of = place_of or _nowhere


class ConfigLayers(msgspec.Struct, frozen=True):
    """Configuration from project files: what lies under the resource's own, and what over it."""

    own: tuple[Layer, ...]
    root: tuple[Layer, ...] = ()


def configs_for(
    config: RuntimeConfig,
    section: str,
    fqn: Iterable[str],
    package: str,
    *,
    rendered: bool = True,
) -> ConfigLayers:
    """What project files say about the resource of that fqn: a layer for each matching level.

    ``section`` is a key of the project file. Analyses have none of their own in dbt and follow models.
    ``rendered=False`` gives the values as written, before their Jinja.
    """
    names = tuple(fqn)
    section = "models" if section == "analyses" else section
    own = tuple(_levels(config.packages[package], section, names, rendered))
    if package == config.project.name:
        return ConfigLayers(own)
    return ConfigLayers(own, tuple(_levels(config.project, section, names, rendered)))


def merge_configs(layers: Iterable[Mapping[str, Any]], kind: str) -> dict[str, Any]:
    """The configuration of a resource of ``kind``, with dbt's defaults, keys and order.

    Later layers win. Raises ParsingError that names the key, and its place where a ``Layer`` has it.
    """
    stacked = list(layers)
    config = DEFAULTS[kind].copy()
    for key in _MUTABLE[kind]:
        config[key] = config[key].copy()
    try:
        for layer in stacked:
            merge_layer(config, layer, kind)
        return _finished(config, kind, {key for layer in stacked for key in layer})
    except ConfigProblem as problem:
        raise ParsingError(
            problem.message,
            code="config",
            place=_place_of(problem.key, stacked),
            hint=problem.hint,
        ) from None


def unrendered_config(layers: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """dbt's ``unrendered_config``: what the layers say, as written, later keys over earlier ones."""
    merged: dict[str, Any] = {}
    for layer in layers:
        merged.update(layer)
    return merged


def check_config(config: Mapping[str, Any], kind: str) -> None:
    """Rules between keys, for a configuration that is complete. Raises ParsingError without a place."""
    problem = None
    if kind == "snapshot":
        problem = _snapshot_problem(config)
    elif (config.get("contract") or {}).get("enforced"):
        problem = _contract_problem(config)
    if problem is not None:
        raise ParsingError(problem, code="config")


def unused_config_paths(
    config: RuntimeConfig,
    fqns: Mapping[str, Collection[tuple[str, ...]]],
    disabled: Collection[tuple[str, ...]] = (),
) -> list[str]:
    """Paths in the root project's trees that configure no resource, such as ``models.shop.stagign``.

    ``fqns`` holds the fqns of all enabled resources by section. Those of ``disabled`` ones count in every
    section (dbt's rule).
    """
    unused = []
    for section, tree in config.project.configs.items():
        known = (*fqns.get(section, ()), *disabled)
        paths = dict.fromkeys(_configured_paths(tree, ()))
        lengths = {len(path) for path in paths}
        used = {fqn[:length] for fqn in known for length in lengths}
        unused += [".".join((section, *path)) for path in paths if path not in used]
    return unused


def _configured_paths(tree: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for key, value in tree.items():
        if isinstance(value, dict) and not str(key).startswith("+"):
            yield from _configured_paths(value, (*path, str(key)))
        else:
            yield path


def _levels(
    project: ProjectConfig, section: str, fqn: tuple[str, ...], rendered: bool
) -> Iterator[Layer]:
    trees = project.configs if rendered else project.unrendered_configs
    tree: Any = trees
    path: tuple[str, ...] = ()
    for name in (section, *fqn):
        tree, path = tree.get(name), (*path, name)
        if not isinstance(tree, dict):
            return
        layer = _layer(tree, project, path)
        if layer:
            yield layer


_layers: dict[tuple[int, tuple[str, ...]], tuple[Any, Layer]] = {}
"""Layers by level, which stand for thousands of resources, each beside the mapping that it was made of."""


def _layer(tree: dict[Any, Any], project: ProjectConfig, path: tuple[str, ...]) -> Layer:
    """What one level configures. It is asked for each resource below it, and made once."""
    key = (id(tree), path)
    known = _layers.get(key)
    if known is not None and known[0] is tree:
        return known[1]
    if len(_layers) >= _MOST_LEVELS:
        _layers.clear()
    layer = Layer(_values(tree), _lazy_place(project, path))
    _layers[key] = (tree, layer)
    return layer


def _values(level: dict[Any, Any]) -> dict[str, Any]:
    """The keys of one level that are configuration: with ``+``, or with a value that is no mapping."""
    found = {}
    for key, value in level.items():
        if isinstance(key, str) and key.startswith("+"):
            found[key[1:].strip()] = value
        elif not isinstance(value, dict):
            found[key] = value
    return found


def _lazy_place(project: ProjectConfig, path: tuple[str, ...]) -> Callable[[str], Place | None]:
    """Finds the place of a key by reading the project file again: faults are rare, memory is not."""

    def place_of(key: str) -> Place | None:
        try:
            document = read_project_file(project.root)
        except TidemillError:
            return None
        section = "tests" if "data_tests" not in document.value else "data_tests"
        top = section if path[0] == "data_tests" else path[0]
        top = top if top in document.value else top.replace("_", "-")
        spellings = (key, f"+{key}", key.replace("-", "_"), f"+{key.replace('-', '_')}")
        parent = document.place_of((top, *path[1:]))
        for spelling in spellings:
            place = document.place_of((top, *path[1:], spelling))
            if place != parent:
                return place
        return parent

    return place_of


def _nowhere(_: str) -> None:
    return None


def _place_of(key: str, layers: list[Mapping[str, Any]]) -> Place | None:
    """Where the layer that counts says ``key``."""
    spellings = {key, key.replace("-", "_")}
    for layer in reversed(layers):
        if spellings & set(layer):
            return layer.place_of(key) if isinstance(layer, Layer) else None
    return None


def _finished(config: dict[str, Any], kind: str, touched: set[str]) -> dict[str, Any]:
    """The merged configuration with dbt's last touches. Raises ConfigProblem for a ``touched`` key."""
    defaults = DEFAULTS[kind]
    for key in _LISTED[kind]:
        if config[key] is not None:
            config[key] = listed(config[key])
    if "static_analysis" in defaults and isinstance(config["static_analysis"], bool):
        config["static_analysis"] = _STATIC_ANALYSIS[config["static_analysis"]]
    for key in _FIXED[kind]:
        if isinstance(config[key], dict):
            config[key] = {name: config[key].get(name, old) for name, old in defaults[key].items()}
    for key in defaults if touched else ():
        problem = type_problem(key, config[key]) if key in touched else None
        if problem is not None:
            raise ConfigProblem(key, problem)
    _check_materialized(config, kind)
    if kind == "test":
        _settle_storing(config)
    if kind == "model":
        config["freshness"] = _model_freshness(config["freshness"])
    if kind == "source":
        config["freshness"] = _source_freshness(config["freshness"], defaults["freshness"])
    return config


def _check_materialized(config: dict[str, Any], kind: str) -> None:
    only = FIXED_MATERIALIZATIONS.get(kind)
    if only is not None and config["materialized"] != only:
        raise ConfigProblem(
            "materialized",
            f"a {kind} is always materialized as '{only}', not as '{config['materialized']}'",
            "remove 'materialized' here",
        )


def _settle_storing(config: dict[str, Any]) -> None:
    """``store_failures_as`` decides; without it ``store_failures`` does (dbt's rule)."""
    if config["store_failures_as"] is None:
        config["store_failures_as"] = _STORED[config["store_failures"]]
    else:
        config["store_failures"] = config["store_failures_as"] != "ephemeral"


def _model_freshness(freshness: Any) -> dict[str, Any] | None:
    """``build_after`` with its default; anything else is dropped, as in dbt."""
    build_after = freshness.get("build_after") if isinstance(freshness, dict) else None
    if not isinstance(build_after, dict):
        return None
    count, period = build_after.get("count"), build_after.get("period")
    if (count is None) != (period is None):
        missing, given = ("count", "period") if count is None else ("period", "count")
        message = (
            f"`freshness.build_after` must have a value for `{missing}` if a `{given}` is provided"
        )
        raise ConfigProblem("freshness", message)
    return {
        "build_after": {
            "count": count,
            "period": period,
            "updates_on": build_after.get("updates_on", "any"),
        }
    }


def _source_freshness(freshness: Any, default: dict[str, Any]) -> dict[str, Any] | None:
    """All of its keys, or None where freshness is switched off."""
    if freshness is None:
        return None
    if not isinstance(freshness, dict):
        raise ConfigProblem("freshness", "'freshness' must be a mapping, or null to switch it off")
    return {key: freshness.get(key, value) for key, value in default.items()}


def _snapshot_problem(config: Mapping[str, Any]) -> str | None:
    strategy, columns = config.get("strategy"), config.get("check_cols")
    if not strategy or not config.get("unique_key"):
        missing = "strategy" if not strategy else "unique_key"
        return f"Snapshots must be configured with a 'strategy' and 'unique_key': '{missing}' is missing"
    if strategy == "check" and not columns:
        return "a snapshot with the strategy 'check' needs 'check_cols'"
    if strategy == "check" and isinstance(columns, str) and columns != "all":
        return f"'check_cols' must be 'all' or a list of columns, not '{columns}'"
    if strategy == "timestamp" and not config.get("updated_at"):
        return "a snapshot with the strategy 'timestamp' needs 'updated_at'"
    if strategy == "timestamp" and columns:
        return "a snapshot with the strategy 'timestamp' has no use for 'check_cols'"
    return None


def _contract_problem(config: Mapping[str, Any]) -> str | None:
    allowed = ("append_new_columns", "fail")
    chosen = config.get("on_schema_change")
    if config.get("materialized") == "incremental" and chosen not in allowed:
        return (
            f"Invalid value for on_schema_change: {chosen}. Models materialized as incremental with "
            "contracts enabled must set on_schema_change to 'append_new_columns' or 'fail'"
        )
    return None
