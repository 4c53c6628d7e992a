"""dbt's rules for the freshness of a source table: what it takes over from its source.

``freshness`` may stand at four places: source, its config, table, its config. A later one is merged into
the earlier; ``null`` switches freshness off.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tidemill.errors import ParsingError, Place

_UNSET: dict[str, Any] = {}
_LIMITS = ("warn_after", "error_after")


def merged_freshness(source: Mapping[str, Any], table: Mapping[str, Any]) -> dict[str, Any] | None:
    """The thresholds of one table: empty when nobody sets any, None when they are switched off."""
    levels = [level.get("freshness", _UNSET) for level in _levels(source, table)]
    merged = levels[0]
    for update in levels[1:]:
        if merged is not None and update is not None:
            merged = _merge(merged, update)
        elif merged is None and _sets_limits(update):
            merged = update
        else:
            merged = None
    if merged is None:
        return None
    if not _sets_limits(merged):
        return {}
    return {
        **{limit: _limit(merged.get(limit, _UNSET)) for limit in _LIMITS},
        "filter": merged.get("filter"),
    }


def loaded_at(
    source: Mapping[str, Any], table: Mapping[str, Any], place: Place
) -> tuple[str | None, str | None]:
    """``loaded_at_field`` and ``loaded_at_query`` of one table. Raises ParsingError for both at once, and
    for an empty field.
    """
    for level in (source, table):
        if level.get("loaded_at_field") == "":
            raise ParsingError(
                "loaded_at_field cannot be an empty string.",
                code="source",
                place=place,
                hint="remove it, or write null to take back what the source says",
            )
    field_here = "loaded_at_field" in table or _config(table).get("loaded_at_field") is not None
    query_here = _either(table, "loaded_at_query")
    _refuse_both(field_here, query_here, "table", place)
    _refuse_both(
        _either(source, "loaded_at_field"), _either(source, "loaded_at_query"), "source", place
    )
    field = _either(table if field_here else source, "loaded_at_field")
    if query_here is not None:
        return field, query_here
    return field, None if field_here else _either(source, "loaded_at_query")


def _levels(source: Mapping[str, Any], table: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [source, _config(source), table, _config(table)]


def _config(values: Mapping[str, Any]) -> Mapping[str, Any]:
    return values.get("config") or {}


def _either(values: Mapping[str, Any], key: str) -> Any:
    return values.get(key) or _config(values).get(key)


def _refuse_both(field: Any, query: Any, level: str, place: Place) -> None:
    if field and query:
        raise ParsingError(
            f"the {level} has 'loaded_at_field' as well as 'loaded_at_query'",
            code="two-places",
            place=place,
            hint="keep one of them",
        )


def _sets_limits(freshness: Any) -> bool:
    return isinstance(freshness, dict) and any(
        _is_complete(freshness.get(limit)) for limit in _LIMITS
    )


def _is_complete(limit: Any) -> bool:
    return (
        isinstance(limit, dict)
        and limit.get("count") is not None
        and limit.get("period") is not None
    )


def _merge(base: Mapping[str, Any], update: Mapping[str, Any]) -> dict[str, Any]:
    merged: dict[str, Any] = {
        "filter": update.get("filter") if update.get("filter") is not None else base.get("filter")
    }
    for limit in _LIMITS:
        merged[limit] = _merged_limit(base.get(limit, _UNSET), update.get(limit, _UNSET))
    return merged


def _merged_limit(base: Any, update: Any) -> Any:
    """A limit that is not complete changes nothing; null takes the limit away."""
    if update is None or _is_complete(update):
        return update
    return base


def _limit(limit: Any) -> dict[str, Any] | None:
    if limit is None:
        return None
    return {"count": limit.get("count"), "period": limit.get("period")}
