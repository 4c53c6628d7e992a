"""Steps of a scenario on Postgres, with everything that is in the database kept after each.

As a program it runs in dbt-core's own environment and drives dbt; its functions serve both tools. Rows come as
JSON text that Postgres writes, so that no driver has a say in them.

    python postgres_side.py < request.json
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

_RELATIONS = """
select n.nspname, c.relname, c.relkind::text, c.relpersistence::text, obj_description(c.oid, 'pg_class'), c.oid::bigint
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm') and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
order by 1, 2
"""
_COLUMNS = """
select a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, col_description(a.attrelid, a.attnum)
from pg_attribute a where a.attrelid = {oid} and a.attnum > 0 and not a.attisdropped order by a.attnum
"""
_INDEXES = """
select m.amname, i.indisunique, i.indisprimary,
  (select string_agg(a.attname::text, ',' order by a.attnum) from pg_attribute a where a.attrelid = i.indexrelid)
from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am m on m.oid = c.relam
where i.indrelid = {oid} order by 1, 2, 4
"""
_CONSTRAINTS = """
select contype::text, pg_get_constraintdef(oid) from pg_constraint where conrelid = {oid} order by 1, 2
"""
_GRANTS = """
select grantee::text, privilege_type::text from information_schema.role_table_grants
where grantee <> grantor and table_schema = '{schema}' and table_name = '{name}' order by 1, 2
"""
_FUNCTIONS = """
select n.nspname, p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), p.provolatile::text
from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema' order by 1, 2, 3
"""

_NOW = re.compile(r'"20[2-9]\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{4,6}(\+00:00)?"')
"""Moments with parts of milliseconds, which no file of a project has: they come from the clock."""
_KEY_OF_SNAPSHOT = re.compile(r'"dbt_scd_id":"\w+"')


def contents(cursor: Any) -> dict[str, Any]:
    """Everything that is in the database of ``cursor``, as plain values."""

    def rows(sql: str) -> list[Any]:
        cursor.execute(sql)
        return [list(row) for row in cursor.fetchall()]

    found: dict[str, Any] = {"functions": rows(_FUNCTIONS)}
    for schema, name, kind, persistence, comment, oid in rows(_RELATIONS):
        quoted = ".".join('"' + part.replace('"', '""') + '"' for part in (schema, name))
        found[f"{schema}.{name}"] = {
            "kind": kind,
            "persistence": persistence,
            "comment": comment,
            "columns": rows(_COLUMNS.format(oid=oid)),
            "rows": sorted(
                _timeless(row[0])
                for row in rows(
                    f"select row_to_json(a_whole_row)::text from {quoted} as a_whole_row"
                )
            ),
            "indexes": rows(_INDEXES.format(oid=oid)),
            "constraints": rows(_CONSTRAINTS.format(oid=oid)),
            "grants": rows(_GRANTS.format(schema=schema, name=name.replace("'", "''"))),
        }
    return found


def _timeless(row: str) -> str:
    """A row without what depends on the clock: moments, and keys that are made of them."""
    timeless = _NOW.sub('"now"', row)
    return row if timeless == row else _KEY_OF_SNAPSHOT.sub('"dbt_scd_id":"key"', timeless)


def keep(folder: Path, project: Path, cursor: Any) -> None:
    """Copy what a command left in ``project``, and write down what is in the database."""
    folder.mkdir(parents=True)
    target = project / "target"
    for name in ("manifest.json", "run_results.json", "catalog.json"):
        if (target / name).exists():
            shutil.copy(target / name, folder)
    if (target / "compiled").exists():
        shutil.copytree(target / "compiled", folder / "compiled")
    (folder / "tables.json").write_text(json.dumps(contents(cursor)), "utf-8")


def main(request: dict[str, Any]) -> dict[str, Any]:
    """Run dbt's commands in one process, and keep what each left. The answer has their exit codes."""
    import psycopg2  # type: ignore[import-untyped, import-not-found, unused-ignore]
    from dbt.cli.main import dbtRunner  # type: ignore[import-not-found, unused-ignore]

    connection = psycopg2.connect(**request["server"])
    connection.autocommit = True
    codes = []
    for command in request["prepare"]:
        dbtRunner().invoke(["--quiet", *command])
    for number, command in enumerate(request["steps"], 1):
        shutil.rmtree("target", ignore_errors=True)
        result = dbtRunner().invoke(["--quiet", "--no-partial-parse", *command])
        codes.append(2 if result.exception is not None else int(not result.success))
        keep(Path(request["into"]) / f"step-{number}", Path.cwd(), connection.cursor())
    return {"codes": codes}


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    with contextlib.redirect_stdout(sys.stderr):
        answer = main(asked)
    json.dump(answer, sys.stdout, default=str)
