"""``parse`` where nothing at all has changed: it says and writes the same without looking at the project."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tidemill.cli.application import run
from tidemill.commands import opening
from tidemill.engine.parsing.cache import standing

Parse = Callable[..., list[str]]


@pytest.fixture
def parse(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Parse:
    """Parse as a process of its own does; the first line says whether the project was looked at."""
    opened: list[Path] = []
    load = opening.load_runtime

    def noted(root: Path, **options: object) -> object:
        opened.append(root)
        return load(root, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(opening, "load_runtime", noted)
    monkeypatch.setattr(standing, "_RACY", -(10**13))  # the files of a test are new

    def call(*words: str) -> list[str]:
        opened.clear()
        capsys.readouterr()
        code = run(["parse", *words], alone=True)
        lines = [line[10:] for line in capsys.readouterr().out.splitlines()]
        return [f"{'looked' if opened else 'stood'} {code}", *lines]

    return call


def content(root: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((root / "target" / "manifest.json").read_text())
    return found


def test_it_says_and_writes_what_a_look_would(shop: Path, parse: Parse) -> None:
    parse()
    stood, before = parse(), content(shop)
    again, after = parse(), content(shop)
    forget(shop)
    looked, anew = parse(), content(shop)
    assert [stood[0], again[0], looked[0]] == ["stood 0", "stood 0", "looked 0"]
    assert stood[1:] == again[1:] == looked[1:]
    old, new, newest = (each.pop("metadata") for each in (before, after, anew))
    assert before == after == anew
    assert isinstance(old, dict)
    assert isinstance(new, dict)
    assert isinstance(newest, dict)
    assert old.keys() == new.keys() == newest.keys()
    ours = {"generated_at", "invocation_id", "invocation_started_at", "run_started_at"}
    assert {key for key in old if old[key] != new[key]} == ours
    assert new["generated_at"] > old["generated_at"]
    log = (shop / "logs" / "dbt.log").read_text()
    assert log.count("Nothing changed") == 3
    assert str(new["invocation_id"]) in log


def test_after_a_parse_of_a_part_it_looks_once_more(shop: Path, parse: Parse) -> None:
    parse()
    _edit("models/marts/orders.sql")(shop, pytest.MonkeyPatch())
    assert [parse()[0] for _ in range(3)] == ["looked 0", "looked 0", "stood 0"]


def test_why_is_told_as_a_look_would(shop: Path, parse: Parse) -> None:
    parse("--explain", "--log-level", "debug")
    stood = parse("--explain", "--log-level", "debug")
    forget(shop)
    looked = parse("--explain", "--log-level", "debug")
    assert "Nothing was read anew" in stood
    assert (stood[0], looked[0]) == ("stood 0", "looked 0")
    assert _without_seconds(stood) == _without_seconds(looked)


def _without_seconds(lines: list[str]) -> list[str]:
    return [line for line in lines[1:] if not line.startswith(("Parsed ", "Command "))]


def forget(root: Path) -> None:
    (root / "target" / "parse_state" / "standing").unlink()


def _edit(path: str, text: str = "\n-- edited") -> Callable[[Path, pytest.MonkeyPatch], None]:
    def edit(root: Path, _: pytest.MonkeyPatch) -> None:
        (root / path).parent.mkdir(exist_ok=True)
        with (root / path).open("a") as file:
            file.write(text)

    return edit


def _remove(path: str) -> Callable[[Path, pytest.MonkeyPatch], None]:
    return lambda root, _: (root / path).unlink()


CHANGES: dict[str, Callable[[Path, pytest.MonkeyPatch], None]] = {
    "a model": _edit("models/marts/orders.sql"),
    "a new model": _edit("models/another.sql", "select 1 as id"),
    "a new macro": _edit("macros/one.sql", "{% macro one() %}1{% endmacro %}"),
    "the project file": _edit("dbt_project.yml", "\n# edited"),
    "the profile": _edit("profiles.yml", "\n# edited"),
    "a file of variables": _edit("vars.yml", "vars: {}"),
    "what is ignored": _edit(".dbtignore", "nothing"),
    "packages": _edit("packages.yml", "packages: []"),
    "the environment": lambda _, patch: patch.setenv("SEASON", "summer"),
    "the manifest": _edit("target/manifest.json", " "),
    "no manifest": _remove("target/manifest.json"),
    "no semantic manifest": _remove("target/semantic_manifest.json"),
    "a damaged record": _edit("target/parse_state/standing", "x"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_changes_is_looked_at(
    shop: Path, parse: Parse, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parse()
    parse()
    CHANGES[what](shop, monkeypatch)
    changed = parse()
    assert changed[0] == "looked 0"
    assert parse("--no-partial-parse")[1:] == changed[1:]


def test_other_words_are_another_question(shop: Path, parse: Parse) -> None:
    parse()
    parse()
    assert parse("--vars", "{day: 1}")[0] == "looked 0"
    parse("--explain")
    assert parse("--explain")[:2] == ["stood 0", "Running with tidemill=0.1.0"]
    assert parse()[0] == "looked 0"


def test_warnings_are_found_each_time(shop: Path, parse: Parse) -> None:
    with (shop / "dbt_project.yml").open("a") as file:
        file.write("\nseeds:\n  nobody:\n    +enabled: true\n")
    parse()
    second = parse()
    assert any("unused configuration paths" in line for line in second)
    third = parse()
    assert third == second
    assert third[0] == "looked 0"


def test_what_asks_for_the_time_is_parsed_each_time(shop: Path, parse: Parse) -> None:
    text = "{{ config(tags=[modules.datetime.datetime.now().strftime('t%f')]) }} select 1 as id"
    (shop / "models" / "now.sql").write_text(text)
    assert [parse()[0] for _ in range(3)] == ["looked 0"] * 3


def test_files_that_are_too_new_are_looked_at(
    shop: Path, parse: Parse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "_RACY", 2_000_000_000)
    assert [parse()[0] for _ in range(3)] == ["looked 0"] * 3
