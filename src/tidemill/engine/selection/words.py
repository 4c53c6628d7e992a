"""The words of ``--select`` and ``--exclude`` to an expression.

Words are separated by blanks (union); commas join criteria that must all hold (intersection). A
criterion is ``[@][n+][method[.argument]:]value[+n]``. The rules and the defaults are dbt-core 1.11's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tidemill.engine.selection.expressions import (
    INDIRECT_MODES,
    Criterion,
    Difference,
    Expression,
    Indirect,
    Intersection,
    Union,
)
from tidemill.errors import UsageError, did_you_mean

METHODS: tuple[str, ...] = (
    "fqn",
    "tag",
    "group",
    "access",
    "source",
    "path",
    "file",
    "package",
    "config",
    "test_name",
    "test_type",
    "resource_type",
    "state",
    "exposure",
    "metric",
    "result",
    "source_status",
    "version",
    "semantic_model",
    "saved_query",
    "unit_test",
    "selector",
)
"""All method names, those that read stored state included."""

_CRITERION = re.compile(
    r"(?P<at>@)?(?P<up>\d*\+)?(?:(?P<method>[\w.]+):)?(?P<value>.*?)(?P<down>\+\d*)?"
)
_FILE_ENDINGS = (".sql", ".py", ".csv")


def parse_selection(
    include: Iterable[str], exclude: Iterable[str] = (), *, indirect: Indirect = "eager"
) -> Expression:
    """The meaning of ``--select`` and ``--exclude``. Without ``include``, everything is included.

    Raises UsageError for a criterion that cannot be read, an unknown method or indirect mode.
    """
    check_indirect(indirect)
    included = tuple(include)
    excluded = tuple(exclude)
    everything = Criterion(raw="*", method="all", value="*", indirect=indirect)
    chosen = parse_words(included, indirect=indirect) if included else everything
    if not excluded:
        return chosen
    return Difference(include=chosen, exclude=parse_words(excluded, indirect=indirect))


def parse_words(words: Iterable[str], *, indirect: Indirect = "eager") -> Union:
    """The union of ``words``; each may hold several, separated by blanks."""
    raw_words = [word for text in words for word in text.split()] or [""]
    return Union(parts=tuple(_intersection(raw, indirect) for raw in raw_words), indirect=indirect)


def parse_criterion(raw: str, *, indirect: Indirect = "eager") -> Criterion:
    """One criterion, such as ``2+tag:nightly+``."""
    match = _CRITERION.fullmatch(raw)
    if match is None:
        raise UsageError(
            f"The selector {raw!r} cannot be read",
            code="selector",
            hint="write [@][n+][method:]value[+n], for example 'tag:nightly+1'",
        )
    return criterion(
        raw,
        method=match["method"],
        value=match["value"],
        childrens_parents=match["at"] is not None,
        parents=match["up"] is not None,
        parents_depth=_depth(match["up"]),
        children=match["down"] is not None,
        children_depth=_depth(match["down"]),
        indirect=indirect,
    )


def criterion(
    raw: str,
    *,
    method: str | None,
    value: object,
    childrens_parents: bool = False,
    parents: bool = False,
    parents_depth: int | None = None,
    children: bool = False,
    children_depth: int | None = None,
    indirect: Indirect = "eager",
) -> Criterion:
    """A checked criterion; without ``method`` the look of the value decides: path, file or fqn.

    Raises UsageError for an unknown method, and for ``@`` together with a ``+`` behind.
    """
    if childrens_parents and children:
        raise UsageError(
            f"The selector {raw!r} has both '@' in front and '+' behind",
            code="selector",
            hint="'@' already takes everything below; leave one of the two out",
        )
    name, *arguments = (method or _default_method(str(value))).split(".")
    _check_method(name, raw)
    return Criterion(
        raw=raw,
        method=name,
        arguments=tuple(arguments),
        value=value,
        childrens_parents=childrens_parents,
        parents=parents,
        parents_depth=parents_depth,
        children=children,
        children_depth=children_depth,
        indirect=indirect,
    )


def check_indirect(mode: str) -> None:
    """Raise UsageError unless ``mode`` is one of ``INDIRECT_MODES``."""
    if mode not in INDIRECT_MODES:
        raise UsageError(
            f"{mode!r} is no mode of indirect selection",
            code="selector",
            hint=did_you_mean(mode, INDIRECT_MODES) or f"choose one of {', '.join(INDIRECT_MODES)}",
        )


def _intersection(raw: str, indirect: Indirect) -> Intersection:
    parts = tuple(parse_criterion(part, indirect=indirect) for part in raw.split(","))
    return Intersection(parts=parts, indirect=indirect, raw=raw)


def _check_method(name: str, raw: str) -> None:
    if name not in METHODS:
        raise UsageError(
            f"'{name}' is not a valid method name in the selector {raw!r}",
            code="selector-method",
            hint=did_you_mean(name, METHODS) or f"methods are {', '.join(METHODS)}",
        )


def _default_method(value: str) -> str:
    if "/" in value:
        return "path"
    return "file" if value.lower().endswith(_FILE_ENDINGS) else "fqn"


def _depth(sign: str | None) -> int | None:
    digits = (sign or "").strip("+")
    return int(digits) if digits else None
