"""Lineage of a whole project: through views, ephemeral models, seeds, snapshots; what is kept, and what is not."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.engine.lineage.projects import FILES, opened, summaries, told, write
from tidemill.commands.lineage import lineage
from tidemill.commands.lineage_reading import column_lineage
from tidemill.commands.opening import open_project
from tidemill.engine.lineage import project_lineage
from tidemill.engine.lineage.cache import CACHE_FILE
from tidemill.engine.lineage.summary import Known
from tidemill.engine.nodes.section import Section


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write(tmp_path, FILES)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What SQL is read from now on."""
    found: list[str] = []
    read = project_lineage.read_query

    def counted(sql: str, dialect: str) -> object:
        found.append(sql)
        return read(sql, dialect)

    monkeypatch.setattr(project_lineage, "read_query", counted)
    return found


def test_through_everything(shop: Path) -> None:
    found = summaries(shop)

    assert told(found["model.shop.orders"]) == {
        "id": ["model.shop.stg_orders.id 1"],
        "price": ["model.shop.stg_orders.price 1"],
        "placed_at": ["model.shop.stg_orders.placed_at 1"],
        "name": ["model.shop.with_countries.name 1"],
        "country": ["model.shop.with_countries.country 1"],
    }
    assert told(found["model.shop.with_countries"]) == {
        "id": ["model.shop.stg_people.id 1"],
        "name": ["model.shop.stg_people.name 1"],
        "code": ["model.shop.stg_people.code 1"],
        "country": ["seed.shop.countries.country 1"],
    }
    assert told(found["model.shop.stg_people"]) == {
        "id": ["source.shop.raw.people.id 1"],
        "name": ["source.shop.raw.people.name 2"],
        "code": ["source.shop.raw.people.country 1"],
    }
    assert told(found["model.shop.totals"]) == {
        "country": ["model.shop.orders.country 1"],
        "total": ["model.shop.orders.price 2"],
        "n": [],
    }


def test_a_star_over_columns_that_are_not_all_known(shop: Path) -> None:
    lineage = opened(shop)

    found = lineage.summary("model.shop.stg_orders")

    assert told(found) == {
        "id": ["source.shop.raw.orders.id 1"],
        "amount": ["source.shop.raw.orders.amount 1"],
        "price": ["source.shop.raw.orders.amount 2"],
    }
    assert [each.inputs for each in found.passing] == [(0,)]
    assert lineage.known("model.shop.stg_orders") == Known(("id", "amount", "price"))
    assert lineage.known("model.shop.totals") == Known(("country", "total", "n"), complete=True)


def test_the_catalogue_tells_columns_of_a_source(shop: Path) -> None:
    column = '{"type": "INTEGER", "index": 1, "name": "x", "comment": null}'
    columns = ", ".join(f'"{name}": {column}' for name in ("id", "amount", "person_id"))
    text = f'{{"sources": {{"source.shop.raw.orders": {{"columns": {{{columns}}}}}}}}}'
    write(shop, {"target/catalog.json": text})

    lineage = opened(shop)

    assert lineage.known("model.shop.stg_orders") == Known(("id", "amount", "person_id", "price"))
    assert not lineage.summary("model.shop.stg_orders").is_complete


def test_a_relation_is_what_the_model_depends_on(shop: Path) -> None:
    (shop / "models/declared.yml").write_text(
        "sources: [{name: built, schema: main, tables: [{name: orders, columns: [{name: id}]}]}]"
    )
    (shop / "models/by_source.sql").write_text("select id from {{ source('built', 'orders') }}")
    (shop / "models/by_ref.sql").write_text("select id from {{ ref('orders') }}")
    (shop / "models/by_hand.sql").write_text("select id from main.countries")

    found = summaries(shop)

    assert told(found["model.shop.by_source"]) == {"id": ["source.shop.built.orders.id 1"]}
    assert told(found["model.shop.by_ref"]) == {"id": ["model.shop.orders.id 1"]}
    assert told(found["model.shop.by_hand"]) == {"id": ["seed.shop.countries.id 1"]}


def test_one_model_leaves_the_others_where_they_are(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_project(shop).parse()
    loaded: list[str] = []
    load = Section.__getitem__

    def counted(section: Section[object], key: str) -> object:
        loaded.append(key)
        return load(section, key)

    monkeypatch.setattr(Section, "__getitem__", counted)

    with open_project(shop) as project:
        lineage(project, "with_countries", downstream=False)

    assert "model.shop.with_countries" in loaded
    assert not {"model.shop.orders", "model.shop.totals"} & set(loaded)


def test_columns_of_a_snapshot(shop: Path) -> None:
    found = told(summaries(shop)["snapshot.shop.orders_history"])
    placed = "model.shop.orders.placed_at"
    assert found == {
        "id": ["model.shop.orders.id 1"],
        "placed_at": [f"{placed} 1"],
        "price": ["model.shop.orders.price 1"],
        "dbt_scd_id": ["model.shop.orders.id 2", f"{placed} 2"],
        "dbt_updated_at": [f"{placed} 2"],
        "dbt_valid_from": [f"{placed} 2"],
        "dbt_valid_to": [f"{placed} 2"],
    }


def test_what_cannot_be_read_says_why(shop: Path) -> None:
    lineage = opened(shop)
    found = lineage.read_all()

    assert found["model.shop.asks"].unknown == (
        "it does not compile here: its SQL asks the warehouse while it is compiled"
    )
    assert found["model.shop.unclear"].unknown == (
        "its SQL cannot be read: it begins with pivot, which is no query that can be read"
    )
    assert lineage.known("model.shop.asks") == Known(("one",))
    assert told(found["model.shop.behind"]) == {
        "one": ["model.shop.asks.one 1"],
        "two": ["model.shop.asks.one 2"],
    }


def test_nothing_is_read_twice(shop: Path, reads: list[str]) -> None:
    first = summaries(shop)
    count = len(reads)
    assert count == 8

    assert summaries(shop) == first
    assert len(reads) == count


def test_an_edit_costs_one_model(shop: Path, reads: list[str]) -> None:
    summaries(shop)
    reads.clear()
    path = shop / "models" / "totals.sql"
    path.write_text(path.read_text().replace("sum(price)", "max(price)"))

    summaries(shop)

    assert len(reads) == 1


def test_a_new_column_reaches_those_that_could_see_it(shop: Path) -> None:
    summaries(shop)
    path = shop / "models" / "stg_people.sql"
    path.write_text(path.read_text().replace("country as code", "country as code, age"))

    found = summaries(shop)

    assert "age" in told(found["model.shop.with_countries"])


def test_a_var_and_a_target_are_part_of_the_content(shop: Path) -> None:
    first = summaries(shop)
    path = shop / "dbt_project.yml"
    path.write_text(path.read_text().replace("10", '\'(select max(id) from "x"."y")\''))
    found = summaries(shop)

    assert "x.y" not in first["model.shop.orders"].inputs
    assert "y.x" not in found["model.shop.orders"].inputs
    assert "x.y" in found["model.shop.orders"].inputs


def test_a_damaged_file_is_ignored(shop: Path) -> None:
    first = summaries(shop)
    path = shop / "target" / CACHE_FILE
    content = bytearray(path.read_bytes())
    chosen = random.Random(0)
    for _ in range(20):
        damaged = bytearray(content)
        damaged[chosen.randrange(len(damaged))] ^= 1 << chosen.randrange(8)
        path.write_bytes(damaged[: chosen.choice([len(damaged), chosen.randrange(len(damaged))])])
        assert summaries(shop) == first


_EDITS = (
    ("models/stg_orders.sql", "price", "cost"),
    ("models/stg_orders.sql", "*, amount", "id, amount"),
    ("models/stg_people.sql", "upper(name)", "lower(id)"),
    ("models/with_countries.sql", "p.*, c.country", "p.id, p.name, c.country, c.code as c"),
    ("models/with_countries.sql", "'ephemeral'", "'table'"),
    ("models/orders.sql", "o.price, o.placed_at", "o.amount as price, o.placed_at"),
    ("models/totals.sql", "group by country", "group by all"),
    ("models/asks.yml", "name: one", "name: three"),
    ("seeds/countries.csv", "code,country", "code,country,continent"),
    ("models/sources.yml", "{name: amount}", "{name: amount}, {name: kind}"),
    ("dbt_project.yml", "smallest: 10", "smallest: 'id'"),
)


@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_is_what_would_be_read_anew(shop: Path, tmp_path: Path, seed: int) -> None:
    """Random edits: with the file, with what the process remembers, and from nothing."""
    chosen = random.Random(seed)
    project = open_project(shop)
    lineage = column_lineage(project)
    for number in range(5):
        name, old, new = chosen.choice(_EDITS)
        path = shop / name
        text = path.read_text()
        path.write_text(text.replace(old, new) if old in text else text.replace(new, old))
        project = open_project(shop)
        lineage = column_lineage(project, lineage)
        bare = open_project(shop)
        (shop / "target").rename(shop / f"kept_{number}")
        cold = dict(column_lineage(bare).read_all())
        (shop / "target").rename(shop / f"cold_{number}")
        (shop / f"kept_{number}").rename(shop / "target")
        message = f"seed {seed}, edit {number}: {name} {old!r} {new!r}"
        assert dict(lineage.read_all()) == cold, message
        assert summaries(shop) == cold, message


def test_what_asks_the_warehouse_is_read_as_it_was_last_compiled(shop: Path) -> None:
    before = summaries(shop)["model.shop.asks"]
    write(
        shop,
        {
            "target/compiled/shop/models/asks.sql": """
                select id + 7 as one, country as two from "shop"."main"."orders"
                """
        },
    )
    after = summaries(shop)["model.shop.asks"]
    path = shop / "models" / "asks.sql"
    path.write_text(path.read_text() + "\n")
    edited = summaries(shop)["model.shop.asks"]

    assert before.unknown
    assert told(after) == {
        "one": ["model.shop.orders.id 2"],
        "two": ["model.shop.orders.country 1"],
    }
    assert edited.unknown
