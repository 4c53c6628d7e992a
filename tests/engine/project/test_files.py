"""Files by kind, as dbt looks for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidemill.engine.project.config import ProjectConfig
from tidemill.engine.project.files import KINDS, ProjectFile, discover
from tidemill.errors import ParsingError, Place

FILES = [
    "models/b.sql",
    "models/a.SQL",
    "models/deep/er/c.py",
    "models/.hidden.sql",
    "models/~x.sql",
    "models/#y.sql",
    "models/schema.yml",
    "models/deep/other.YAML",
    "models/notes.md",
    "models/readme.txt",
    "macros/m.sql",
    "macros/m.yml",
    "macros/m.md",
    "tests/one.sql",
    "tests/generic/g.sql",
    "tests/fixtures/f.csv",
    "tests/fixtures/f.sql",
    "tests/deep/generic/t.sql",
    "seeds/s.csv",
    "seeds/s.yml",
    "snapshots/n.sql",
    "analyses/an.sql",
    "functions/fn.sql",
    "docs/d.md",
    "other/x.sql",
    "target/compiled.sql",
]

FOUND = {
    "macro": ["macros/m.sql"],
    "model": ["models/a.SQL", "models/b.sql", "models/deep/er/c.py"],
    "snapshot": ["snapshots/n.sql"],
    "analysis": ["analyses/an.sql"],
    "test": ["tests/deep/generic/t.sql", "tests/one.sql"],
    "generic_test": ["tests/generic/g.sql"],
    "seed": ["seeds/s.csv"],
    "docs": ["models/notes.md", "macros/m.md"],
    "properties": ["models/schema.yml", "models/deep/other.YAML", "seeds/s.yml", "macros/m.yml"],
    "fixture": ["tests/fixtures/f.csv", "tests/fixtures/f.sql"],
    "function": ["functions/fn.sql"],
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in FILES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    return tmp_path


def _paths(project: ProjectConfig) -> dict[str, list[str]]:
    return {kind: [file.path for file in files] for kind, files in discover(project).items()}


def test_files_by_kind(root: Path) -> None:
    found = _paths(ProjectConfig(name="shop", root=root))
    assert found == FOUND
    assert tuple(found) == KINDS


def test_other_folders(root: Path) -> None:
    project = ProjectConfig(
        name="shop",
        root=root,
        model_paths=("models/deep/", "other", "models/deep", "nowhere"),
        docs_paths=("docs",),
    )
    found = _paths(project)
    assert found["model"] == ["models/deep/er/c.py", "other/x.sql"]
    assert found["docs"] == ["docs/d.md"]


def test_ignored_files(root: Path) -> None:
    (root / ".dbtignore").write_text(
        "# no\n*.py\nmodels/b.sql\ntests/\n!tests/one.sql\n", encoding="utf-8"
    )
    found = _paths(ProjectConfig(name="shop", root=root))
    assert found["model"] == ["models/a.SQL"]
    assert found["test"] == ["tests/one.sql"]


def test_a_file(root: Path) -> None:
    [_, _, file] = discover(ProjectConfig(name="shop", root=root))["model"]
    assert file == ProjectFile(
        package="shop", path="models/deep/er/c.py", relative_path="deep/er/c.py", root=root
    )
    assert (file.stem, file.absolute, file.read()) == ("c", root / "models/deep/er/c.py", "x")


def test_a_folder_outside_the_project(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("docs")
    (outside / "d.md").write_text("far")
    [file] = discover(ProjectConfig(name="shop", root=root, docs_paths=(str(outside),)))["docs"]
    assert (file.location, file.read()) == (str(outside / "d.md"), "far")


def test_line_ends_stay_as_they_are(root: Path) -> None:
    (root / "models" / "b.sql").write_bytes(b"select 1\r\n, 2\n")
    file = ProjectFile(package="shop", path="models/b.sql", relative_path="b.sql", root=root)
    assert file.read() == "select 1\r\n, 2\n"


def test_a_file_that_is_no_text(root: Path) -> None:
    (root / "models" / "b.sql").write_bytes(b"select 1\n\xff")
    file = ProjectFile(package="shop", path="models/b.sql", relative_path="b.sql", root=root)
    with pytest.raises(ParsingError) as caught:
        file.read()
    assert caught.value.fault.message == "the file is not text in UTF-8 (byte 0xff)"
    assert caught.value.fault.place == Place(file="models/b.sql", line=2)


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    file = ProjectFile(package="shop", path="a.sql", relative_path="a.sql", root=tmp_path)
    with pytest.raises(ParsingError, match="the file cannot be read: No such file or directory"):
        file.read()
