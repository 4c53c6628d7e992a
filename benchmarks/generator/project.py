"""Writes a generated project into a folder, and loads the tables that its sources name."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb

from benchmarks.generator.macro_sql import macro_files
from benchmarks.generator.model_sql import model_sql
from benchmarks.generator.properties import property_files, without_tests_of_ephemerals
from benchmarks.generator.shape import SOURCE_ROWS, STATUSES, Shape

DATABASE = "generated.duckdb"
SINGULAR_TESTS = 10

PROJECT = """\
name: generated
version: "1.0.0"
config-version: 2
profile: generated

vars:
  start_date: "2020-01-01"
  reporting_period: month
  null_text: "(none)"
  cutoff: 0

models:
  generated:
    +tags: [generated]
    staging:
      +materialized: view
      +schema: staging
    intermediate:
      +materialized: view
      +schema: intermediate
    marts:
      +materialized: table
      +schema: marts
      +meta: {layer: marts}

seeds:
  generated:
    +schema: codes
"""

SQLMESH_CONFIG = """\
from pathlib import Path

from sqlmesh.dbt.loader import sqlmesh_config

config = sqlmesh_config(Path(__file__).parent)
"""

PROFILES = f"""\
generated:
  target: dev
  outputs:
    dev:
      type: duckdb
      path: {DATABASE}
      schema: main
      threads: 4
"""


def write_project(folder: Path, shape: Shape, *, for_sqlmesh: bool = False) -> None:
    """Write the project anew; whatever stood in the folder is gone.

    SQLMesh wants a date from which models count, and has no tests on ephemeral models.
    """
    shutil.rmtree(folder, ignore_errors=True)
    files = dict(_files(shape))
    if for_sqlmesh:
        tested = without_tests_of_ephemerals(shape)
        files |= dict(property_files(tested)) | {"config.py": SQLMESH_CONFIG}
        files["dbt_project.yml"] = PROJECT.replace(
            "models:\n", "models:\n  +start: 2024-01-01\n", 1
        )
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def load_sources(folder: Path, shape: Shape) -> None:
    """Make the project's database anew, with nothing in it but the source tables."""
    for path in folder.glob(f"{DATABASE}*"):
        path.unlink()
    statuses = ", ".join(f"'{status}'" for status in STATUSES)
    with duckdb.connect(folder / DATABASE) as connection:
        connection.execute("create schema raw")
        for number, table in enumerate(shape.sources):
            connection.execute(
                f"""
                create table raw.{table} as
                select
                    id::integer as id,
                    (id * 7 + {number}) % 40 as customer_id,
                    ((id * 7919 + {number} * 104729) % 20000)::bigint as amount_cents,
                    (id % 9)::integer as quantity,
                    [{statuses}][1 + (id + {number}) % {len(STATUSES)}] as status,
                    timestamp '2024-01-01' + to_hours((id * 31 + {number})::integer) as created_at,
                    timestamp '2024-02-01' + to_hours((id * 37 + {number})::integer) as updated_at,
                    id % 5 != 0 as is_active
                from range(1, {SOURCE_ROWS + 1}) as rows_made (id)
                """
            )


def _files(shape: Shape) -> Iterator[tuple[str, str]]:
    """Yield path and text of every file."""
    yield "dbt_project.yml", PROJECT
    yield "profiles.yml", PROFILES
    for model in shape.models:
        yield f"models/{model.folder}/{model.name}.sql", model_sql(model, shape.seed)
    for number, seed in enumerate(shape.seeds):
        rows = "".join(f"{status},{status.title()} {number}\n" for status in STATUSES)
        yield f"seeds/{seed}.csv", f"code,label\n{rows}"
    yield from macro_files()
    yield from property_files(shape)
    yield from _singular_tests(shape)
    for name in shape.snapshots:
        yield f"snapshots/{name}_history.sql", _snapshot(name)


def _singular_tests(shape: Shape) -> Iterator[tuple[str, str]]:
    """Yield tests on marts, spread over the project."""
    marts = [model.name for model in shape.models if model.layer == "marts"]
    for number in range(SINGULAR_TESTS):
        mart = marts[number * len(marts) // SINGULAR_TESTS]
        yield (
            f"tests/quantities_of_{mart}_{number}.sql",
            f"select id, quantity\nfrom {{{{ ref('{mart}') }}}}\nwhere quantity < 0\n",
        )


def _snapshot(name: str) -> str:
    return f"""{{% snapshot {name}_history %}}

{{{{
    config(
        target_schema='history',
        unique_key='id',
        strategy='timestamp',
        updated_at='updated_at'
    )
}}}}

select * from {{{{ ref('{name}') }}}}

{{% endsnapshot %}}
"""
