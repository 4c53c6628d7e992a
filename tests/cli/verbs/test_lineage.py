"""``tidemill lineage`` from words to text and JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Tidemill
from tests.engine.lineage.projects import FILES, write


@pytest.fixture
def ocean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = write(tmp_path, FILES)
    monkeypatch.chdir(root)
    return root


def test_a_column_as_a_tree(tidemill: Tidemill, ocean: Path) -> None:
    said = tidemill("--quiet", "lineage", "totals.total")

    assert said.code == 0
    assert said.out == (
        "totals.total\n"
        "  comes from\n"
        "    orders.price  (computed)\n"
        "      stg_orders.price  (as it is)\n"
        "        raw.orders.amount  (computed)\n"
        "  goes into\n"
        "    board  (exposure)\n"
        "\n"
        "rows of totals depend on\n"
        "  orders.country  (group)\n"
    )


def test_what_is_made_of_it(tidemill: Tidemill, ocean: Path) -> None:
    said = tidemill("-q", "lineage", "stg_orders.price", "--downstream", "--depth", "1")

    assert said.out == (
        "stg_orders.price\n  goes into\n    orders.price  (as it is)\n    orders (rows)  (filter)\n"
    )


def test_as_json(tidemill: Tidemill, ocean: Path) -> None:
    said = tidemill("-q", "lineage", "stg_orders.price", "--upstream", "--output", "json")

    found = json.loads(said.out)
    assert found["columns"][0]["upstream"] == [
        {
            "source": {"node": "source.shop.raw.orders", "column": "amount"},
            "result": {"node": "model.shop.stg_orders", "column": "price"},
            "uses": ["expression"],
            "depth": 1,
        }
    ]
    assert found["columns"][0]["downstream"] == []


def test_what_is_not_known_is_said(tidemill: Tidemill, ocean: Path) -> None:
    said = tidemill("-q", "lineage", "behind.two", "--upstream")

    assert said.out.splitlines()[-2:] == [
        "not known",
        "  asks: it does not compile here: its SQL asks the warehouse while it is compiled",
    ]


def test_the_warehouse_may_be_asked(tidemill: Tidemill, ocean: Path) -> None:
    said = tidemill("-q", "lineage", "asks.one", "--introspect", "--upstream")

    assert said.out.splitlines()[:2] == ["asks.one", "  made of no column, and part of none"]
    assert "not known" not in said.out


def test_a_whole_model(tidemill: Tidemill, ocean: Path) -> None:
    said = tidemill("-q", "lineage", "asks")

    assert said.out.startswith("asks.one\n")


def test_how_much_is_known(tidemill: Tidemill, ocean: Path) -> None:
    said = tidemill("-q", "lineage")

    assert said.out.splitlines()[:3] == [
        "9 models with 27 columns: the lineage of 27 columns is known",
        "1 model may have columns that are not known",
        "2 models not read:",
    ]
    assert json.loads(tidemill("-q", "lineage", "--output", "json").out)["columns"] == 27


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("totals.totl",), "did you mean 'total'?"),
        (("ttals",), "did you mean 'totals'?"),
        (("totals", "--depth", "0"), "--depth must be at least 1"),
    ],
)
def test_mistakes(tidemill: Tidemill, ocean: Path, words: tuple[str, ...], message: str) -> None:
    said = tidemill("lineage", *words)

    assert said.code == 2
    assert message in said.out + said.err
