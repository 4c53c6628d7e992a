"""What the log says of a parse."""

from __future__ import annotations

from pathlib import Path

from tidemill.commands.init import init_project
from tidemill.commands.opening import open_project
from tidemill.events import Event, Message


def _said(root: Path) -> list[str]:
    told: list[Event] = []
    with open_project(root, emit=told.append) as project:
        project.parse()
    return [event.text for event in told if isinstance(event, Message) and event.level == "debug"]


def test_every_parse_says_what_it_did(tmp_path: Path) -> None:
    root = init_project(tmp_path, "shop").root
    whole = "Unable to do partial parsing because {}. Starting full parse."
    assert _said(root) == [whole.format("saved manifest not found")]
    assert _said(root) == ["Nothing changed, skipping partial parsing."]
    with next((root / "models").rglob("customers.sql")).open("a") as model:
        model.write("-- edited")
    (edited,) = _said(root)
    assert edited.startswith("1 file is parsed anew: models/")
    (root / "macros" / "m.sql").parent.mkdir(exist_ok=True)
    (root / "macros" / "m.sql").write_text("{% macro m() %}{% endmacro %}")
    assert _said(root) == ["0 files are parsed anew: macros/m.sql: it is new"]
    text = "{% macro generate_schema_name(name, node) %}{{ target.schema }}{% endmacro %}"
    (root / "macros" / "m.sql").write_text(text)
    assert _said(root) == [whole.format("change detected to override macro")]
    profiles = root / "profiles.yml"
    profiles.write_text(
        profiles.read_text().replace("type: duckdb", "type: duckdb\n      schema: b")
    )
    assert _said(root) == [whole.format("profile has changed")]
