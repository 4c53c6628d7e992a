"""Exposures and groups: owners, and parents that cannot be read. Whole ones are compared with dbt elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.engine.parsing import harbour
from tidemill.engine.nodes import Ref
from tidemill.engine.parsing.exposures import make_exposure, make_group
from tidemill.engine.parsing.property_entries import Entry
from tidemill.engine.project.files import ProjectFile
from tidemill.errors import ParsingError, Place

FILE = ProjectFile(package="harbour", path="models/e.yml", relative_path="e.yml", root=Path())


def _entry(section: str, **values: Any) -> Entry:
    def place_of(path: tuple[str | int, ...]) -> Place:
        return Place(file=FILE.path, line=len(path) + 1)

    values = {"name": "e", "type": "ml", "owner": {"name": "Ann"}, **values}
    return Entry(
        section=section, name="e", values=values, written=values, file=FILE, place_of=place_of
    )


def test_parents() -> None:
    texts = ["ref('a')", "ref('p', 'b', v=2)", "source('s', 't')", "metric('m')"]
    made = make_exposure(_entry("exposures", depends_on=texts), harbour.config())
    assert made.refs == (Ref("a"), Ref("b", "p", 2))
    assert (made.sources, made.metrics) == ((("s", "t"),), (("m",),))


def test_a_parent_that_is_none() -> None:
    with pytest.raises(ParsingError) as caught:
        make_exposure(_entry("exposures", depends_on=["ref('a')", "orders"]), harbour.config())
    fault = caught.value.fault
    assert fault.message == "'orders' in 'depends_on' of 'e' is no ref, source or metric"
    assert fault.place == Place(file="models/e.yml", line=3)


@pytest.mark.parametrize("section", ["exposures", "groups"])
def test_an_owner_without_a_name(section: str) -> None:
    entry = _entry(section, owner={"slack": "#x"})
    with pytest.raises(ParsingError) as caught:
        if section == "groups":
            make_group(entry, harbour.config())
        else:
            make_exposure(entry, harbour.config())
    message = f"the owner of the {section[:-1]} 'e' needs 'name' or 'email'"
    assert caught.value.fault.message == message
