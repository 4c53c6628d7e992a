from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.engine.selection.building import project
from tidemill.engine.selection import list_output, selectors_in_manifest
from tidemill.errors import UsageError

IDS = (
    "exposure.shop.report",
    "metric.shop.revenue",
    "model.shop.orders",
    "source.shop.app.orders",
    "unit_test.shop.orders.adds_up",
)


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (
            "selector",
            [
                "exposure:shop.report",
                "metric:shop.revenue",
                "shop.marts.orders",
                "source:shop.app.orders",
                "unit_test:shop.adds_up",
            ],
        ),
        ("name", ["report", "revenue", "orders", "app.orders", "adds_up"]),
        (
            "path",
            [
                "models/app.yml",
                "models/app.yml",
                "models/marts/orders.sql",
                "models/app.yml",
                "models/app.yml",
            ],
        ),
    ],
)
def test_lines(tmp_path: Path, output: str, expected: list[str]) -> None:
    manifest, _ = project(tmp_path)
    assert list(list_output(manifest, IDS, output)) == expected


def test_json_has_dbts_keys_in_dbts_order(tmp_path: Path) -> None:
    manifest, _ = project(tmp_path)
    shapes = [json.loads(line) for line in list_output(manifest, IDS, "json")]
    assert [list(shape) for shape in (shapes[2], shapes[3])] == [
        [
            "name",
            "resource_type",
            "package_name",
            "original_file_path",
            "unique_id",
            "alias",
            "config",
            "tags",
            "depends_on",
        ],
        [
            "name",
            "resource_type",
            "package_name",
            "original_file_path",
            "unique_id",
            "source_name",
            "tags",
            "config",
        ],
    ]


def test_chosen_keys_look_inside_and_skip_what_is_absent(tmp_path: Path) -> None:
    manifest, _ = project(tmp_path)
    keys = ["access", "name", "config.materialized", "config.nothing", "source_name"]
    lines = list(list_output(manifest, IDS[2:4], "json", keys=keys))
    assert [json.loads(line) for line in lines] == [
        {"access": "public", "name": "orders", "config.materialized": "table"},
        {"name": "orders", "source_name": "app"},
    ]


def test_an_unknown_output_is_refused(tmp_path: Path) -> None:
    manifest, _ = project(tmp_path)
    with pytest.raises(UsageError, match="'jsn' is no form of output"):
        list_output(manifest, IDS, "jsn")


def test_selectors_are_spelled_out_for_the_manifest() -> None:
    entries = [
        {"name": "a", "definition": "2+tag:x+"},
        {"name": "b", "definition": {"union": ["path:models", {"exclude": [{"group": "g"}]}]}},
        {"name": "c", "default": True, "definition": {"method": "selector", "value": "a"}},
    ]
    first = {
        "parents": True,
        "parents_depth": "2",
        "method": "tag",
        "value": "x",
        "children": True,
    }
    assert selectors_in_manifest({"selectors": entries}) == {
        "a": {"name": "a", "definition": first},
        "b": {
            "name": "b",
            "definition": {
                "union": [
                    {"method": "path", "value": "models"},
                    {"exclude": [{"method": "group", "value": "g"}]},
                ]
            },
        },
        "c": {"name": "c", "default": True, "definition": first},
    }
