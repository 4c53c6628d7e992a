"""Entries of the semantic layer as values: which spellings count."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tidemill.engine.nodes.semantics import Measure
from tidemill.engine.parsing.property_entries import Entry
from tidemill.engine.parsing.semantic_entries import converted
from tidemill.engine.project.files import ProjectFile
from tidemill.errors import ParsingError, Place


def entry(values: dict[str, Any]) -> Entry:
    return Entry(
        section="semantic_models",
        name="people",
        values=values,
        written=values,
        file=ProjectFile(
            package="shop", root=Path("/shop"), path="models/s.yml", relative_path="s.yml"
        ),
        place_of=lambda path: Place(file="models/s.yml", line=1 + len(path)),
    )


def test_words_of_a_fixed_list_count_in_any_case() -> None:
    values = {"name": "years", "agg": "SUM"}
    assert converted(Measure, values, entry(values), ()).agg == "sum"
    assert values["agg"] == "SUM"


def test_other_words_do_not() -> None:
    values = {"name": "years", "agg": "SUMM"}
    with pytest.raises(ParsingError, match="'SUMM' is none of: sum, "):
        converted(Measure, values, entry(values), ())
