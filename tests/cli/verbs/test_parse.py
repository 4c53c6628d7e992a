"""``parse``: what it reads anew, and how it says so."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Tidemill


def test_it_explains_what_it_reads(tidemill: Tidemill, shop: Path) -> None:
    first = tidemill("parse", "--explain")
    assert first.code == 0
    assert any(
        line.startswith("Everything was read anew: there is no state") for line in first.lines
    )
    assert "Nothing was read anew" in tidemill("parse", "--explain").lines
    model = next(iter(sorted((shop / "models").rglob("*.sql"))))
    model.write_text(model.read_text() + "\n-- {{ var('day', 1) }}")
    path = model.relative_to(shop).as_posix()
    edited = tidemill("parse", "--explain")
    assert f"  {path}: it was edited" in edited.lines
    asked = tidemill("parse", "--explain", "--vars", "{day: 2}")
    assert f"  {path}: the variable 'day' has another value" in asked.lines


def test_it_can_be_asked_to_read_everything(tidemill: Tidemill, shop: Path) -> None:
    tidemill("parse")
    said = tidemill("--no-partial-parse", "parse", "--explain")
    assert "Everything was read anew: it was asked for" in said.lines
