"""``lineage`` on a small project: names, directions, depth, rows, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import tidemill
from tests.engine.lineage.projects import FILES, write
from tidemill.commands.lineage import coverage
from tidemill.commands.lineage_reading import column_lineage
from tidemill.commands.opening import open_project
from tidemill.engine.lineage.tracing import ColumnTrace, LineageGap
from tidemill.errors import UsageError


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("shop"), FILES)


@pytest.fixture(scope="module")
def face(shop: Path) -> Iterator[tidemill.Project]:
    with tidemill.Project(shop) as project:
        yield project


def steps(trace: ColumnTrace) -> list[str]:
    """Each step in one line, with the last parts of the ids."""
    return [
        f"{_short(s.source.node)}.{s.source.column} > {_short(s.result.node)}.{s.result.column or 'rows'}"
        f" {'+'.join(s.uses)} {s.depth}"
        for s in (*trace.upstream, *trace.downstream)
    ]


def _short(unique_id: str) -> str:
    return unique_id.rpartition(".")[2]


def test_a_column_both_ways(face: tidemill.Project) -> None:
    found = face.lineage("orders.price")

    assert (found.node, found.column, found.unknown) == ("model.shop.orders", "price", "")
    assert steps(found.columns[0]) == [
        "stg_orders.price > orders.price copy 1",
        "orders.amount > stg_orders.price expression 2",
        "orders.price > totals.total expression 1",
        "orders.price > orders_history.price copy 1",
        "totals.total > board.rows exposure 2",
    ]
    assert found.columns[0].unknown == (
        LineageGap(
            "model.shop.asks",
            "",
            "it does not compile here: its SQL asks the warehouse while it is compiled",
        ),
        LineageGap(
            "model.shop.unclear",
            "",
            "its SQL cannot be read: it begins with pivot, which is no query that can be read",
        ),
    )
    assert [(_short(s.source.node), s.source.column, s.uses) for s in found.rows] == [
        ("with_countries", "id", ("join",)),
        ("stg_orders", "person_id", ("join",)),
        ("stg_orders", "price", ("filter",)),
    ]


def test_one_way_and_not_far(face: tidemill.Project) -> None:
    up = face.lineage("orders.price", downstream=False, depth=1).columns[0]
    down = face.lineage("source.shop.raw.orders.amount", upstream=False).columns[0]

    assert steps(up) == ["stg_orders.price > orders.price copy 1"]
    assert steps(down) == [
        "orders.amount > stg_orders.amount copy 1",
        "orders.amount > stg_orders.price expression 1",
        "stg_orders.price > orders.price copy 2",
        "stg_orders.price > orders.rows filter 2",
        "orders.price > totals.total expression 3",
        "orders.price > orders_history.price copy 3",
        "totals.total > board.rows exposure 4",
    ]


def test_rows_are_followed_where_that_is_asked_for(face: tidemill.Project) -> None:
    found = face.lineage("raw.people.country", upstream=False, rows=True).columns[0]

    assert "stg_people.code > with_countries.rows join 2" in steps(found)
    assert "orders.country > totals.rows group 5" in steps(found)


def test_a_column_behind_a_star_over_an_unknown_table(face: tidemill.Project) -> None:
    found = face.lineage("orders.placed_at", downstream=False).columns[0]

    assert steps(found) == [
        "stg_orders.placed_at > orders.placed_at copy 1",
        "orders.placed_at > stg_orders.placed_at copy 2",
    ]


def test_all_columns_of_a_model(face: tidemill.Project) -> None:
    found = face.lineage("shop.totals")

    assert found.column is None
    assert found.complete
    assert [trace.column.column for trace in found.columns] == ["country", "total", "n"]
    assert steps(found.columns[0]) == [
        "orders.country > totals.country copy 1",
        "totals.country > board.rows exposure 1",
    ]


def test_names_in_any_case(face: tidemill.Project) -> None:
    assert face.lineage("orders.PRICE").column == "price"


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("ordrs.price", "no model, seed, snapshot or source named 'ordrs'", "'orders'"),
        ("totals.totl", "'totals' has no column 'totl'", "'total'"),
        ("totals.zzz", "'totals' has no column 'zzz'", "country, total, n"),
        ("raw.ordrs", "no model, seed, snapshot or source named 'raw'", "source.table.column"),
    ],
)
def test_wrong_names(face: tidemill.Project, name: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        face.lineage(name)
    assert hint in str(caught.value.fault.hint)


def test_after_an_edit(shop: Path) -> None:
    with tidemill.Project(shop) as project:
        project.lineage("totals.n")
        path = shop / "models" / "totals.sql"
        before = path.read_text()
        path.write_text(before.replace("count(*)", "count(name)"))
        project.reload()
        found = project.lineage("totals.n", downstream=False, depth=1)
        path.write_text(before)

    assert steps(found.columns[0]) == ["orders.name > totals.n expression 1"]


def test_how_much_is_known(shop: Path) -> None:
    with open_project(shop) as project:
        found = coverage(column_lineage(project))

    assert (found.models, found.columns, found.known_columns) == (9, 27, 27)
    assert found.incomplete == ("model.shop.stg_orders",)
    assert list(found.unknown) == ["model.shop.asks", "model.shop.unclear"]
