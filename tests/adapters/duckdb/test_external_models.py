from __future__ import annotations

from pathlib import Path

import pytest

from tests.adapters.duckdb.workshop import Workshop
from tidemill.adapters.duckdb.files import read_location, write_options


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def test_rows_go_to_files_and_come_back(shop: Workshop) -> None:
    rows = "select * from (values (1, 'a', 1), (2, 'b', 2)) t(i, w, part)"
    shop.models(
        parquet=f"materialized='external'\n{rows}",
        piped=f"materialized='external', format='csv', delimiter='|'\n{rows}",
        packed=f"materialized='external', location='out.json.gz'\n{rows}",
        parts=f"materialized='external', options={{'partition_by': 'part', 'overwrite': 'true'}}\n{rows}",
        nothing=f"materialized='external'\n{rows} where i > 5",
        reader="materialized='table'\nselect sum(i) as total from {{ ref('parquet') }}",
    )

    for _ in range(2):
        assert shop.build().failures == {}

    with shop.session() as session:

        def read(name: str) -> list[tuple[object, ...]]:
            sql = f"select i::int, w, part::int from {name} order by 1"
            return list(session.connection.execute(sql, fetch=True).rows)

        both = [(1, "a", 1), (2, "b", 2)]
        found = {name: read(name) for name in ("parquet", "piped", "packed", "parts", "nothing")}
    assert found == {"parquet": both, "piped": both, "packed": both, "parts": both, "nothing": []}
    assert (shop.root / "piped.csv").read_text() == "i|w|part\n1|a|1\n2|b|2\n"
    assert sorted(p.name for p in (shop.root / "parts").iterdir()) == ["part=1", "part=2"]
    assert (shop.root / "nothing.parquet").is_file()
    assert shop.relations() == dict.fromkeys(found, "view") | {"reader": "table"}


def test_files_are_found_from_any_folder(
    shop: Workshop, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    shop.write({"data/in.csv": "i\n7\n"})
    shop.models(
        out="materialized='external', location='out.parquet'\nselect * from 'data/in.csv'",
        read="materialized='table'\nselect * from {{ ref('out') }}",
    )

    assert shop.build().failures == {}
    assert shop.rows("from read") == [(7,)]
    assert (shop.root / "out.parquet").is_file()
    assert list(Path.cwd().iterdir()) == []


def test_faults_are_clear(shop: Workshop) -> None:
    shop.models(
        format="materialized='external', format='xml'\nselect 1 as i",
        options="materialized='external', options=['a']\nselect 1 as i",
        plugin="materialized='external', plugin='excel'\nselect 1 as i",
    )

    failures = shop.build().failures

    assert "'xml' is not one of csv, parquet, json" in failures["format"]
    assert "'options' must be a mapping" in failures["options"]
    assert "plugins, which are not supported" in failures["plugin"]


def test_sources_may_be_files(shop: Workshop) -> None:
    shop.write(
        {
            "data/raw_a.csv": "i\n1\n",
            "data/raw_b.csv": "i\n2\n",
            "models/sources.yml": """
sources:
  - name: raw
    config: {meta: {external_location: "data/{name}.csv"}}
    tables:
      - name: raw_a
      - name: raw_b
        config: {meta: {external_location: "read_csv('data/raw_b.csv', header = true)"}}
""",
        }
    )
    shop.models(
        t="materialized='table'\n"
        "select i from {{ source('raw', 'raw_a') }} union all select i from {{ source('raw', 'raw_b') }}"
    )

    assert shop.build().failures == {}
    assert shop.rows("from t order by i") == [(1,), (2,)]


def test_upstream_files_are_registered_on_an_empty_database(shop: Workshop) -> None:
    shop.write(
        {
            "dbt_project.yml": (shop.root / "dbt_project.yml").read_text()
            + "on-run-start: '{{ register_upstream_external_models() }}'\n"
        }
    )
    shop.models(
        out="materialized='external'\nselect 3 as i",
        read="materialized='table'\nselect * from {{ ref('out') }}",
    )
    shop.build()
    (shop.root / "shop.duckdb").unlink()

    assert shop.build("read").failures == {}
    assert shop.rows("from read") == [(3,)]


@pytest.mark.parametrize(
    ("location", "options", "sql"),
    [
        ("a.parquet", {}, "format parquet"),
        ("a.CSV", {}, "format csv, header 1"),
        ("a.csv.gz", {}, "format csv, compression gzip, header 1"),
        ("a.csv.gz", {"compression": "zstd"}, "compression zstd, format csv, header 1"),
        ("a.v1/part", {}, "format parquet"),
        ("a", {}, "format parquet"),
        ("a", {"delimiter": "|"}, "delimiter '|', format csv, header 1"),
        ("a", {"format": "csv", "header": "0", "quote": "''"}, "format csv, header 0, quote ''"),
        ("a", {"format": "json", "partition_by": "x, y"}, "format json, partition_by (x, y)"),
    ],
)
def test_write_options(location: str, options: dict[str, str], sql: str) -> None:
    assert write_options(location, options) == sql


@pytest.mark.parametrize(
    ("options", "location"),
    [
        ({}, "out"),
        ({"partition_by": "a"}, "out/*/*.parquet"),
        ({"partition_by": "a,b", "format": "csv"}, "out/*/*/*.csv"),
        ({"per_thread_output": "true"}, "out/*.parquet"),
    ],
)
def test_read_locations(options: dict[str, str], location: str) -> None:
    assert read_location("out", options) == location
