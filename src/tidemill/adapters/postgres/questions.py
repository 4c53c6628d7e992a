"""What the adapter asks Postgres' catalogue, as SQL."""

from __future__ import annotations

SCHEMAS = "select distinct nspname from pg_namespace"

DEPENDENTS = """
select distinct view_schema.nspname, view.relname, read_schema.nspname, read.relname
from pg_rewrite as rule
join pg_class as view on view.oid = rule.ev_class
join pg_namespace as view_schema on view_schema.oid = view.relnamespace
join pg_depend as link
  on link.classid = 'pg_rewrite'::regclass and link.objid = rule.oid
  and link.refclassid = 'pg_class'::regclass and link.refobjid <> view.oid
join pg_class as read on read.oid = link.refobjid
join pg_namespace as read_schema on read_schema.oid = read.relnamespace
where read_schema.nspname <> 'information_schema' and read_schema.nspname not like 'pg\\_%'
order by 1, 2, 3, 4
"""
"""Views and what they read. A view's query is a rule, and what the rule needs stands in pg_depend."""


def relations(schema: str) -> str:
    """Names, schemas and kinds of what is in a schema; of two of one name, a table or view comes last."""
    place = literal(schema.lower())
    return f"""
select distinct proname, nspname, 'function', 0 as rank
from pg_proc join pg_namespace on pg_namespace.oid = pronamespace where lower(nspname) = {place}
union all
select relname, nspname,
  case relkind when 'v' then 'view' when 'm' then 'materialized_view' else 'table' end, 1
from pg_class join pg_namespace on pg_namespace.oid = relnamespace
where lower(nspname) = {place} and relkind in ('r', 'p', 'v', 'm')
order by 4, 1
"""


def columns(name: str, schema: str | None) -> str:
    """Names, types, lengths, precisions and scales of a relation's columns, in order."""
    place = f" and table_schema = {literal(schema)}" if schema is not None else ""
    return f"""
select column_name, data_type, character_maximum_length, numeric_precision, numeric_scale
from information_schema.columns where table_name = {literal(name)}{place}
order by ordinal_position
"""


def without_rows(sql: str) -> str:
    """A query with the columns of ``sql`` and no rows; ``sql`` may end in a comment or a semicolon.

    Several statements (dbt puts ``sql_header`` in front) stay as they are: the macros give no rows then.
    """
    if ";" in sql.strip().rstrip(";"):
        return sql
    return f"select * from (\n{sql.strip().rstrip(';')}\n) as asked where false limit 0"


def literal(text: str) -> str:
    """``text`` as a string in SQL."""
    escaped = text.replace("'", "''")
    return f"E'{escaped.replace(chr(92), chr(92) * 2)}'" if "\\" in text else f"'{escaped}'"


def quoted(identifier: str) -> str:
    """``identifier`` as a name in SQL."""
    escaped = identifier.replace('"', '""')
    return f'"{escaped}"'
