"""selectors.yml: named selections written as YAML, to the expressions that words also become.

A definition is a word, ``{method: value}``, a mapping with ``method`` and ``value``, or ``union`` and
``intersection`` lists whose entries may be ``exclude``. Rules are dbt-core 1.11's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import msgspec

from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.project.config_context import ConfigContext
from tidemill.engine.project.rendering import TreeRenderer
from tidemill.engine.project.target_names import target_names
from tidemill.engine.project.yaml_loader import load_yaml
from tidemill.engine.selection.expressions import (
    Difference,
    Expression,
    Indirect,
    Intersection,
    Union,
)
from tidemill.engine.selection.words import check_indirect, criterion, parse_criterion
from tidemill.errors import ConfigurationError, Place, UsageError, did_you_mean, raise_faults

FILE = "selectors.yml"
_SIGNS = ("childrens_parents", "parents", "children")


class Selector(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of selectors.yml."""

    name: str
    expression: Expression
    description: str = ""
    default: bool = False


def read_selectors(config: RuntimeConfig, *, indirect: Indirect = "eager") -> dict[str, Selector]:
    """The selectors of the root project by name; none when there is no file.

    Raises ConfigurationError, and ParsingError for what is no YAML.
    """
    return parse_selectors(_read(config), indirect=indirect)


def selectors_for_manifest(config: RuntimeConfig) -> dict[str, Any]:
    """The selectors of the root project as the manifest keeps them. Raises like ``read_selectors``."""
    data = _read(config)
    parse_selectors(data)
    return selectors_in_manifest(data)


def parse_selectors(data: Any, *, indirect: Indirect = "eager") -> dict[str, Selector]:
    """The selectors that the content of selectors.yml defines, in order. Raises ConfigurationError."""
    known: dict[str, Selector] = {}
    for entry in _entries(data):
        try:
            expression = _Reader(known, indirect).top(entry["definition"])
        except UsageError as error:
            raise _fault(f"in selector '{entry['name']}': {error.fault.message}", error) from None
        known[entry["name"]] = Selector(
            name=entry["name"],
            expression=expression,
            description=entry.get("description") or "",
            default=bool(entry.get("default", False)),
        )
    _check_one_default(known)
    return known


def find_selector(selectors: Mapping[str, Selector], name: str) -> Selector:
    """The selector of that name. Raises UsageError that lists those there are."""
    if name in selectors:
        return selectors[name]
    listed = f"{FILE} has {', '.join(selectors)}" if selectors else f"there is no {FILE} with any"
    raise UsageError(
        f"Could not find selector named {name}",
        code="selector-not-found",
        hint=did_you_mean(name, selectors) or listed,
    )


def selectors_in_manifest(data: Any) -> dict[str, Any]:
    """The content of selectors.yml as dbt keeps it in the manifest: words spelled out, references followed."""
    found: dict[str, dict[str, Any]] = {}
    for entry in _entries(data):
        found[entry["name"]] = {**entry, "definition": _spelled_out(entry["definition"], found)}
    return found


class _Reader:
    """Definitions to expressions, inside one selector and knowing those above it."""

    def __init__(self, known: Mapping[str, Selector], indirect: Indirect) -> None:
        self._known = known
        self._indirect: Indirect = indirect

    def top(self, definition: Any) -> Expression:
        joined = isinstance(definition, dict) and definition.keys() & {"union", "intersection"}
        if joined and len(definition) > 1:
            raise UsageError(
                "only one 'union' or 'intersection' is allowed at the root of a definition, "
                f"and there are {', '.join(map(str, definition))}"
            )
        return self.read(definition)

    def read(self, definition: Any) -> Expression:
        if isinstance(definition, str):
            return parse_criterion(definition, indirect=self._indirect)
        if not isinstance(definition, dict):
            raise UsageError(f"a definition is text or a mapping, not {definition!r}")
        for key, join in (("union", Union), ("intersection", Intersection)):
            if key in definition:
                return self._joined(_listed(definition, key), join)
        return self._single(definition)

    def _joined(self, parts: list[Any], join: type[Union | Intersection]) -> Expression:
        # As in dbt, an entry with 'exclude' is an exclusion and nothing else, whatever it holds besides.
        excludes = [part for part in parts if isinstance(part, dict) and "exclude" in part]
        if len(excludes) > 1:
            raise UsageError("there can be one 'exclude' in a 'union' or an 'intersection'")
        included = tuple(self.read(part) for part in parts if part not in excludes)
        whole: Expression = join(parts=included)
        return self._without(whole, excludes[0]) if excludes else whole

    def _without(self, whole: Expression, definition: dict[str, Any]) -> Expression:
        excluded = tuple(self.read(part) for part in _listed(definition, "exclude"))
        if not excluded:
            return whole
        return Difference(include=whole, exclude=Union(parts=excluded))

    def _single(self, definition: dict[str, Any]) -> Expression:
        if len(definition) == 1:
            ((method, value),) = definition.items()
            return criterion(
                f"{method}:{value}", method=method, value=value, indirect=self._indirect
            )
        if "method" not in definition or "value" not in definition:
            raise UsageError(f"expected 'method' and 'value', and got {', '.join(definition)}")
        if definition["method"] == "selector":
            return find_selector(self._known, definition["value"]).expression
        whole = self._criterion(definition)
        return self._without(whole, definition) if "exclude" in definition else whole

    def _criterion(self, definition: dict[str, Any]) -> Expression:
        # Keys that mean nothing are passed over, as in dbt: projects have them.
        indirect = definition.get("indirect_selection", self._indirect)
        check_indirect(indirect)
        return criterion(
            f"{definition['method']}:{definition['value']}",
            method=definition["method"],
            value=definition["value"],
            childrens_parents=bool(definition.get("childrens_parents")),
            parents=bool(definition.get("parents")),
            parents_depth=_depth(definition, "parents_depth"),
            children=bool(definition.get("children")),
            children_depth=_depth(definition, "children_depth"),
            indirect=indirect,
        )


def _read(config: RuntimeConfig) -> Any:
    """The file with its Jinja rendered, or None when there is none."""
    path = config.root / FILE
    if not path.is_file():
        return None
    document = load_yaml(path.read_text("utf-8"), FILE)
    context = ConfigContext(variables=config.cli_vars, target=target_names(config.target))
    renderer = TreeRenderer(context, document.place_of)
    data = renderer.render(document.value)
    raise_faults(renderer.faults)
    return data


def _entries(data: Any) -> list[dict[str, Any]]:
    entries = data.get("selectors") if isinstance(data, dict) else None
    if data is None:
        return []
    if not isinstance(entries, list):
        raise _fault("the file must have a list 'selectors'")
    for entry in entries:
        if not isinstance(entry, dict) or not {"name", "definition"} <= entry.keys():
            raise _fault(f"each selector needs a 'name' and a 'definition', and {entry!r} has not")
    return cast("list[dict[str, Any]]", entries)


def _listed(definition: dict[str, Any], key: str) -> list[Any]:
    parts = definition[key]
    if not isinstance(parts, list):
        raise UsageError(f"'{key}' must be a list")
    return parts


def _depth(definition: dict[str, Any], key: str) -> int | None:
    value = definition.get(key)
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, str) and value.isdigit():
        return int(value)
    raise UsageError(f"'{key}' must be a number, not {value!r}")


def _check_one_default(selectors: Mapping[str, Selector]) -> None:
    defaults = [name for name, selector in selectors.items() if selector.default]
    if len(defaults) > 1:
        raise _fault(f"there can be one default selector, and there are {', '.join(defaults)}")


def _fault(message: str, cause: UsageError | None = None) -> ConfigurationError:
    return ConfigurationError(
        message,
        code="selectors-file",
        place=Place(file=FILE),
        hint=cause.fault.hint if cause is not None else None,
    )


def _spelled_out(definition: Any, known: Mapping[str, dict[str, Any]]) -> Any:
    if isinstance(definition, str):
        return _word_spelled_out(definition)
    if not isinstance(definition, dict):
        return definition
    for key in ("union", "intersection"):
        if key in definition:
            return {key: [_spelled_out(part, known) for part in definition[key]]}
    first, value = next(iter(definition.items()))
    if isinstance(value, list):
        value = [_spelled_out(part, known) for part in value]
    if first == "exclude":
        return {first: value}
    if len(definition) == 1:
        return {"method": first, "value": value}
    if first == "method" and value == "selector":
        return known[definition["value"]]["definition"]
    return definition


def _word_spelled_out(word: str) -> dict[str, Any]:
    read = parse_criterion(word)
    spelled = {
        "childrens_parents": read.childrens_parents,
        "parents": read.parents,
        "parents_depth": None if read.parents_depth is None else str(read.parents_depth),
        "method": ".".join((read.method, *read.arguments)),
        "value": read.value,
        "children": read.children,
        "children_depth": None if read.children_depth is None else str(read.children_depth),
    }
    return {key: value for key, value in spelled.items() if value}
