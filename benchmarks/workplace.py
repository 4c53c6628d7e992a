"""A copy of a project that one contender works in, and the edits that operations make to it."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from benchmarks.contenders import ROOT, Contender, clean_environment
from benchmarks.generator.project import write_project
from benchmarks.generator.shape import Shape, make_shape

_REMEMBERED = ("target", "logs", ".tidemill", ".cache", "state", "cache")
_numbers = count(1)
_LIMIT = re.compile(r"limit 1\d{6}\n\Z")


@dataclass(frozen=True)
class Source:
    """What is measured: a generated project, or one that is there already."""

    name: str
    shape: Shape | None = None
    path: Path | None = None

    @property
    def size(self) -> int:
        """Return the number of models."""
        return self.shape.size if self.shape is not None else len(models_below(self.path or Path()))


def generated(size: int, seed: int) -> Source:
    """Return a project of that many models."""
    return Source(str(size), shape=make_shape(size, seed))


def given(path: Path) -> Source:
    """Return the project in a folder, which is copied and never touched."""
    return Source(path.resolve().name, path=path.resolve())


def models_below(folder: Path) -> list[Path]:
    """Return the files of all SQL models, in order."""
    return sorted((folder / "models").rglob("*.sql"))


@dataclass(frozen=True)
class Workplace:
    """A contender's own copy."""

    folder: Path
    source: Source
    contender: Contender

    def make(self) -> None:
        """Write the project anew."""
        if self.source.shape is not None:
            write_project(self.folder, self.source.shape, for_sqlmesh=self._is_sqlmesh)
            self.empty_database()
        elif self.source.path is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
            ignored = shutil.ignore_patterns(*_REMEMBERED)
            shutil.copytree(self.source.path, self.folder, ignore=ignored)

    @property
    def _is_sqlmesh(self) -> bool:
        return self.contender.name == "sqlmesh"

    @property
    def mart(self) -> str:
        """Return the name of the model that operations about one model are about."""
        files = [path for path in models_below(self.folder) if "marts" in path.parts]
        files = files or models_below(self.folder)
        return files[len(files) // 2].stem

    def forget(self) -> None:
        """Remove all that a tool remembers between commands."""
        for name in _REMEMBERED:
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def parse(self) -> None:
        """Let the contender get to know the project, unmeasured."""
        if self.contender.takes_dbts_words:
            command = self.contender.command("parse")
            subprocess.run(command, cwd=self.folder, check=True, capture_output=True,
                           env=clean_environment())  # fmt: skip

    def empty_database(self) -> None:
        """Bring the database back to the source tables alone, by the DuckDB of the contender."""
        if self.source.shape is not None:
            words = [str(self.folder), str(self.source.shape.size), str(self.source.shape.seed)]
            subprocess.run(
                [self.contender.python, "-m", "benchmarks.generator", *words],
                cwd=ROOT, check=True, env=clean_environment(),
            )  # fmt: skip

    def edit_one_model(self) -> None:
        """Change a model in the middle a little, another time than before."""
        files = models_below(self.folder)
        _edit(files[len(files) // 2])

    def edit_the_mart(self) -> None:
        """Change the model that is compiled right afterwards."""
        name = self.mart
        [file] = [path for path in models_below(self.folder) if path.stem == name]
        _edit(file)

    def edit_one_properties_file(self) -> None:
        """Change a description."""
        files = sorted((self.folder / "models").rglob("*.yml"))
        for file in files[len(files) // 2 :] + files[: len(files) // 2]:
            text = file.read_text(encoding="utf-8")
            found = re.search(r"(?m)^( +description: )(\S.*)$", text)
            if found is not None and found[2] not in {">", "|"}:
                edited = f'{found[1]}"edited {next(_numbers)}"'
                file.write_text(text[: found.start()] + edited + text[found.end() :], "utf-8")
                return

    def edit_one_macro(self) -> None:
        """Change blanks in the middle of a macro file."""
        files = sorted((self.folder / "macros").rglob("*.sql"))
        file = files[len(files) // 2]
        text = file.read_text(encoding="utf-8")
        end = re.search(r"\{%-?\s*endmacro", text)
        place = end.start() if end is not None else len(text)
        file.write_text(text[:place] + " " + text[place:], "utf-8")

    def change_the_var(self) -> None:
        """Give the var another value that one model in a hundred reads; nothing where there is none."""
        file = self.folder / "dbt_project.yml"
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r"(?m)^  cutoff: .*$", f"  cutoff: {next(_numbers)}", text), "utf-8")

    def edit_since_state(self) -> None:
        """Keep the artifacts as a state, once, and change a model."""
        state = self.folder / "state"
        if not state.exists():
            shutil.copytree(self.folder / "target", state, ignore=shutil.ignore_patterns("run"))
        self.edit_one_model()


def _edit(file: Path) -> None:
    """Limit the rows of a model to more than there are: a comment would be no change of its meaning."""
    text = _LIMIT.sub("", file.read_text(encoding="utf-8"))
    file.write_text(f"{text}limit {1_000_000 + next(_numbers)}\n", "utf-8")
