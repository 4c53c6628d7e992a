"""Values in entries of semantic models, metrics and saved queries, converted with their places in faults.

What people may write in two ways (a measure as a name or a mapping, a filter as a text or a list, a window
as ``7 days``) is brought into one first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from tidemill.engine.nodes.semantics import GRANULARITIES
from tidemill.engine.parsing.property_entries import Entry
from tidemill.engine.parsing.property_schema import Path
from tidemill.errors import ParsingError, did_you_mean

Value = TypeVar("Value")

_MEASURES = ("base_measure", "conversion_measure")
_AT = re.compile(r" - at `\$(?P<path>[^`]*)`$")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")
_UNKNOWN = re.compile(r"unknown field `([^`]+)`")
_CHOICE = re.compile(r"Invalid enum value '([^']*)'")


def converted(kind: type[Value], values: Any, entry: Entry, path: Path) -> Value:
    """``values`` as ``kind``; words of a fixed list count in any case (``SUM``), as in dbt.

    Raises ParsingError that says what is wrong, where, and what is right.
    """
    try:
        return msgspec.convert(values, kind, strict=True)
    except msgspec.ValidationError as error:
        respelled = _respelled(values, kind, str(error))
        if respelled is None:
            raise _misfit(str(error), kind, entry, path) from None
    return converted(kind, respelled, entry, path)


def _respelled(values: Any, kind: Any, message: str) -> Any:
    """``values`` with the word that ``message`` refuses in small letters, or None if that is no help."""
    match, choice = _AT.search(message), _CHOICE.search(message)
    if match is None or choice is None:
        return None
    steps, word = _steps(match["path"]), choice[1].lower()
    is_known = word != choice[1] and word in get_args(_type_at(kind, steps))
    return _replaced(values, steps, word) if is_known else None


def _replaced(values: Any, steps: Path, value: Any) -> Any:
    """A copy of nested ``values`` with another ``value`` at ``steps``."""
    if not steps:
        return value
    copy: Any = dict(values) if isinstance(values, dict) else list(values)
    copy[steps[0]] = _replaced(values[steps[0]], steps[1:], value)
    return copy


def filters(written: Any) -> dict[str, Any] | None:
    """A filter: one condition, or several."""
    if written is None:
        return None
    conditions = written if isinstance(written, list) else [written]
    return {"where_filters": [{"where_sql_template": condition} for condition in conditions]}


def input_measure(written: Any) -> Any:
    """A measure as an input of a metric."""
    return _named(written)


def input_metric(written: Any, entry: Entry, path: Path) -> Any:
    """A metric as an input of another one."""
    found = _named(written)
    if isinstance(found, dict) and "offset_window" in found:
        place = (*path, "offset_window")
        found["offset_window"] = window(found["offset_window"], entry, place)
    return found


def window(written: Any, entry: Entry, path: Path) -> dict[str, Any] | None:
    """``7 days`` as count and granularity; a plural stands for the one it counts."""
    if written is None:
        return None
    parts = str(written).lower().split(" ")
    if len(parts) != 2 or not parts[0].isdigit():
        raise ParsingError(
            f"'{written}' is no window of time",
            code="semantic-window",
            place=entry.place_of(path),
            hint="write a number and a unit: 7 days",
        )
    unit = parts[1]
    return {
        "count": int(parts[0]),
        "granularity": unit[:-1] if unit[:-1] in GRANULARITIES else unit,
    }


def conversion(written: Any, entry: Entry, path: Path) -> Any:
    """``conversion_type_params`` with their measures and window in one form."""
    if not isinstance(written, dict):
        return written
    found = {key: _named(value) if key in _MEASURES else value for key, value in written.items()}
    if "window" in found:
        found["window"] = window(found["window"], entry, (*path, "window"))
    return found


def text(written: Any) -> Any:
    """An expression: numbers and truth values are SQL as well."""
    return str(written) if isinstance(written, bool | int | float) else written


def element(written: Any) -> Any:
    """An entity, dimension or measure, with the part of its ``config`` that counts."""
    if not isinstance(written, dict):
        return written
    config = written.get("config") or {}
    meta = config.get("meta") or {} if isinstance(config, dict) else config
    return {key: value for key, value in written.items() if key != "config"} | {
        "config": {"meta": meta}
    }


def _named(written: Any) -> Any:
    if isinstance(written, str):
        return {"name": written}
    if isinstance(written, dict) and "filter" in written:
        return {**written, "filter": filters(written["filter"])}
    return dict(written) if isinstance(written, dict) else written


def _misfit(message: str, kind: Any, entry: Entry, path: Path) -> ParsingError:
    match = _AT.search(message)
    steps = _steps(match["path"]) if match else ()
    what = message[: match.start()] if match else message
    hint = None
    unknown = _UNKNOWN.search(what)
    choice = _CHOICE.search(what)
    if unknown is not None:
        known = list(_fields(_type_at(kind, steps)))
        what = f"unknown key '{unknown[1]}'"
        hint = did_you_mean(unknown[1], known) or "known keys: " + ", ".join(known)
        steps = (*steps, unknown[1])
    elif choice is not None:
        known = list(get_args(_type_at(kind, steps)))
        what = f"'{choice[1]}' is none of: {', '.join(known)}"
        hint = did_you_mean(choice[1], known)
    subject = f"'{'.'.join(map(str, (*path, *steps)))}' of " if (*path, *steps) else ""
    return ParsingError(
        f"{subject}the {_LABELS[entry.section]} '{entry.name}': {what[:1].lower() + what[1:]}",
        code="semantic-entry",
        place=entry.place_of((*path, *steps)),
        hint=hint,
    )


_LABELS = {
    "metrics": "metric",
    "semantic_models": "semantic model",
    "saved_queries": "saved query",
}


def _steps(written: str) -> Path:
    return tuple(
        int(index) if index else name for name, index in _STEP.findall(written) if name or index
    )


def _type_at(kind: Any, steps: Path) -> Any:
    """The type that stands at ``steps`` inside ``kind``; optional ones count as what they hold."""
    for step in steps:
        kind = _fields(_held(kind)).get(str(step)) if isinstance(step, str) else _held(kind)
    return _held(kind)


def _held(kind: Any) -> Any:
    if get_origin(kind) is tuple:
        return get_args(kind)[0]
    options = [option for option in get_args(kind) if option is not type(None)]
    is_optional = type(None) in get_args(kind)
    return _held(options[0]) if is_optional and options else kind


def _fields(kind: Any) -> Mapping[str, Any]:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return get_type_hints(kind)
    return {}
