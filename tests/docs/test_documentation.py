"""Documents list what is there: links lead somewhere, words of the Makefile and folders are all named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*/*.md")])
SOURCE = ROOT / "src" / "tidemill"


def packages(folder: Path) -> Iterator[str]:
    """Yield the names of the packages right inside a folder."""
    yield from (path.parent.name for path in sorted(folder.glob("*/__init__.py")))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(
        r"\]\(([^)#]+)\)|`((?:docs|tools|web|examples)/[\w./-]+)`", document.read_text()
    )
    targets = [inside or named for inside, named in links]
    places = (document.parent, ROOT)
    missing = [
        target
        for target in targets
        if "://" not in target and not any((place / target).exists() for place in places)
    ]
    assert missing == []


def test_every_word_of_the_makefile_is_explained() -> None:
    words = re.findall(r"^([a-z0-9-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    explained = re.findall(
        r"^\| `make ([\w-]+)`", (ROOT / "CONTRIBUTING.md").read_text(), re.MULTILINE
    )
    assert len(words) >= 9
    assert set(words) - set(explained) == {"help"}
    assert set(explained) <= set(words)


def test_the_map_names_every_folder() -> None:
    shown = (ROOT / "ARCHITECTURE.md").read_text()
    folders = [*packages(SOURCE), *packages(SOURCE / "engine")]
    assert len(folders) >= 14
    assert [name for name in folders if f"{name}/" not in shown] == []


def test_the_map_names_only_folders_that_are_there() -> None:
    tree = (ROOT / "ARCHITECTURE.md").read_text().split("```")[1]
    inside = re.findall(r"^  (?:  )?([a-z]+)/ ", tree, re.MULTILINE)
    shown = (SOURCE, SOURCE / "engine", SOURCE / "adapters", SOURCE / "cli")
    there = {"src", *(name for folder in shown for name in packages(folder))}
    assert set(inside) <= there
