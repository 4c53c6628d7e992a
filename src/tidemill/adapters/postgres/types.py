"""Postgres' types: columns, the names that dbt shows for the types of a query, and values as dbt gives them.

dbt-postgres drives psycopg2. Its type names, and its values for UUIDs, addresses and endless dates, are what
projects know, so they are the same here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from tidemill.adapters.column import Column


class PostgresColumn(Column, frozen=True):
    """A column of a Postgres relation."""

    @property
    def data_type(self) -> str:
        """The type with its sizes; text without a limit stays as it is."""
        unlimited = self.dtype.lower() == "character varying" and self.char_size is None
        return self.dtype if unlimited or self.dtype.lower() == "text" else super().data_type


_SCALARS: dict[str, tuple[int, ...]] = {
    "LONGINTEGER": (20,),
    "INTEGER": (21, 23),
    "FLOAT": (700, 701),
    "DECIMAL": (1700,),
    "STRING": (18, 19, 25, 1042, 1043),
    "BOOLEAN": (16,),
    "DATETIME": (1114,),
    "DATETIMETZ": (1184,),
    "TIME": (1083, 1266),
    "DATE": (1082,),
    "INTERVAL": (704, 1186),
    "BINARY": (17,),
    "ROWID": (26,),
    "UNKNOWN": (705,),
    "JSON": (114,),
    "JSONB": (3802,),
    "daterange": (3912,),
    "tsrange": (3908,),
    "tstzrange": (3910,),
    "type": (3904, 3906, 3926),
}
_ARRAYS: dict[str, tuple[int, ...]] = {
    "LONGINTEGERARRAY": (1016,),
    "INTEGERARRAY": (1005, 1006, 1007),
    "FLOATARRAY": (1021, 1022),
    "DECIMALARRAY": (1231,),
    "STRINGARRAY": (1002, 1003, 1009, 1014, 1015),
    "BOOLEANARRAY": (1000,),
    "DATETIMEARRAY": (1115,),
    "DATETIMETZARRAY": (1185,),
    "TIMEARRAY": (1183, 1270),
    "DATEARRAY": (1182,),
    "INTERVALARRAY": (1187,),
    "BINARYARRAY": (1001,),
    "ROWIDARRAY": (1013, 1028),
    "INETARRAY": (1041,),
    "CIDRARRAY": (651,),
    "MACADDRARRAY": (1040,),
    "JSONARRAY": (199,),
    "JSONBARRAY": (3807,),
    "daterangeARRAY": (3913,),
    "tsrangeARRAY": (3909,),
    "tstzrangeARRAY": (3911,),
    "typeARRAY": (3905, 3907, 3927),
}
_NAMES = {
    oid: name for group in (_SCALARS, _ARRAYS) for name, oids in group.items() for oid in oids
}


def query_type(oid: int) -> str:
    """The name by which dbt shows the type of a query's column, in contracts for instance."""
    return _NAMES.get(oid, f"unknown type_code {oid}")


def seed_type(python_types: Sequence[type]) -> str:
    """The column type for seed values of these types; dbt's choice, so a column without values is integer."""
    found = set(python_types) - {type(None)}
    for allowed, name in _SEED_TYPES:
        if found <= allowed:
            return name
    return "text"


_SEED_TYPES: tuple[tuple[set[type], str], ...] = (
    ({int}, "integer"),
    ({int, float, Decimal}, "float8"),
    ({bool}, "boolean"),
    ({date}, "date"),
    ({date, datetime}, "timestamp without time zone"),
    ({timedelta}, "time"),
)
