"""Columns of properties files."""

from __future__ import annotations

from tidemill.engine.nodes import Column
from tidemill.engine.parsing.property_columns import columns_of


def test_keys_of_ones_own_are_kept_but_for_names_that_mean_something_else() -> None:
    (column,) = columns_of([{"name": "id", "doc_blocks": 2, "policy_tags": ["a"]}]).values()
    assert column == Column(
        name="id", config={"meta": {}, "tags": []}, extra={"policy_tags": ["a"]}
    )
