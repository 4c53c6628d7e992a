"""Tables as dbt has them, agate's, to and from what the engine has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tidemill.adapters.base import PythonType, QueryResult

_SAMPLES: dict[PythonType, Any] = {
    int: 1,
    float: Decimal("1.5"),
    Decimal: Decimal("1.5"),
    bool: True,
    date: date(2000, 1, 1),
    datetime: datetime(2000, 1, 1, 1, 1, 1),  # noqa: DTZ001
    timedelta: timedelta(seconds=1),
    str: "text",
}


def for_plugin(value: Any) -> Any:
    """What a macro returned, as a plugin expects it: our tables become agate's."""
    if not hasattr(value, "column_names") or not hasattr(value, "print_table"):
        return value
    if type(value).__module__.startswith("agate"):
        return value
    from dbt_common.clients.agate_helper import table_from_data_flat

    names = list(value.column_names)
    rows = [dict(zip(names, row, strict=True)) for row in value.rows]
    return table_from_data_flat(rows, names)


def result_of(table: Any) -> QueryResult:
    """The rows of an agate table."""
    return QueryResult(
        columns=tuple(table.column_names),
        types=tuple(type(kind).__name__.lower() for kind in table.column_types),
        rows=[tuple(row) for row in table.rows],
    )


def sample(types: Sequence[PythonType]) -> Any:
    """An agate table of one column that holds values of these types."""
    import agate
    from dbt_common.clients import agate_helper

    values = [_SAMPLES.get(kind, "text") for kind in types]
    kinds = (
        agate_helper.Integer(),
        agate_helper.Number(),
        agate.TimeDelta(),
        agate.Date(),
        agate_helper.ISODateTime(),
        agate.Boolean(),
    )
    fitting = next((kind for kind in kinds if _holds(kind, values)), agate.Text())
    texts = isinstance(fitting, agate.Text)
    rows = [[str(value) if texts else value] for value in values]
    return agate.Table(rows, ["v"], [fitting])


def _holds(kind: Any, values: Sequence[Any]) -> bool:
    import agate

    if isinstance(kind, agate.Boolean) and not all(isinstance(value, bool) for value in values):
        return False
    if isinstance(kind, agate.TimeDelta) and not all(isinstance(v, timedelta) for v in values):
        return False
    if isinstance(kind, agate.Date) and any(isinstance(value, datetime) for value in values):
        return False
    try:
        for value in values:
            kind.cast(value)
    except agate.CastError:
        return False
    return True
