"""Seed files: CSV read as dbt reads it, into the table that the seed materialisation's macros work on.

Loading into the warehouse is the macros' work. Rows are cast only when a macro looks at them: an adapter that
copies the file itself needs no more than the columns' types and the number of rows.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from tidemill.engine.jinja.tables import NamedSequence, ResultTable, Row
from tidemill.engine.nodes import Seed
from tidemill.engine.running.seed_cells import Column, judge_column
from tidemill.errors import CompilationError, Place

Cells = Sequence[Sequence[str]]


class SeedRows(NamedSequence):
    """The rows of a seed, cast when first read."""

    def __init__(self, cells: Cells, names: Sequence[str], columns: Sequence[Column]) -> None:
        self._cells = cells
        self._names = None
        self._row_names = names
        self._readings = [column.values for column in columns]

    @cached_property
    def _values(self) -> tuple[Row, ...]:  # type: ignore[override]
        return tuple(Row(self._cast(cells), self._row_names) for cells in self._cells)

    def _cast(self, cells: Sequence[str]) -> list[Any]:
        values = [reading[cell] for reading, cell in zip(self._readings, cells, strict=False)]
        return values + [None] * (len(self._readings) - len(cells))

    def __len__(self) -> int:
        return len(self._cells)


class SeedTable(ResultTable):
    """A seed as macros see it. ``column_types`` are Python types; ``original_abspath`` is its file."""

    def __init__(
        self, cells: Cells, names: Sequence[str], columns: Sequence[Column], path: Path
    ) -> None:
        super().__init__((), names, [column.python_type for column in columns])
        self.rows = SeedRows(cells, names, columns)
        self.original_abspath = str(path)


def seed_path(seed: Seed, root: Path) -> Path:
    """Where the CSV file of a seed is: in its package's folder, else in the root project's."""
    return Path(seed.root_path or root) / seed.original_file_path


def load_seed(seed: Seed, root: Path) -> SeedTable:
    """The table of a seed's file, by its configuration (``column_types``, ``delimiter``).

    Columns named in ``column_types`` are read as text: the warehouse converts them. Raises CompilationError
    with the file and line when the file cannot be read.
    """
    return read_csv(
        seed_path(seed, root),
        shown_as=seed.original_file_path,
        text_columns=tuple(seed.config.get("column_types") or ()),
        delimiter="," if seed.config.get("delimiter") is None else str(seed.config["delimiter"]),
    )


def read_csv(
    path: Path, *, shown_as: str, text_columns: Iterable[str] = (), delimiter: str = ","
) -> SeedTable:
    """The table of a CSV file with a header row. ``shown_as`` is its name in messages."""
    if len(delimiter) != 1:
        raise CompilationError(
            f"delimiter must be one character, not {delimiter!r}",
            code="seed-delimiter",
            place=Place(file=shown_as),
        )
    header, cells = _records(_text(path, shown_as), delimiter, shown_as)
    names = column_names(header)
    forced = frozenset(text_columns)
    columns = [
        judge_column(texts, force_text=name in forced)
        for name, texts in zip(names, _by_column(cells, len(names)), strict=True)
    ]
    return SeedTable(cells, names, columns, path.absolute())


def column_names(header: Sequence[str]) -> tuple[str, ...]:
    """Names of columns: an empty one gets a letter, a repeated one a number, as in dbt."""
    names: list[str] = []
    for index, written in enumerate(header):
        base = name = written or ascii_lowercase[index % 26] * (index // 26 + 1)
        repeats = 1
        while name in names:
            repeats += 1
            name = f"{base}_{repeats}"
        names.append(name)
    return tuple(names)


def _text(path: Path, shown_as: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes().count(b"\n", 0, error.start) + 1
        raise CompilationError(
            "the file is not UTF-8 text",
            code="seed-encoding",
            place=Place(file=shown_as, line=line),
            hint="save it with UTF-8 encoding",
        ) from None
    except OSError as error:
        raise CompilationError(
            f"the seed file cannot be read: {error.strerror or error}",
            code="seed-unreadable",
            place=Place(file=shown_as),
        ) from None


def _records(text: str, delimiter: str, shown_as: str) -> tuple[list[str], list[list[str]]]:
    """The header and the other records of a CSV text."""
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        header = next(reader, None)
        cells = list(reader)
    except csv.Error as error:
        raise CompilationError(
            f"the CSV cannot be read: {error}",
            code="seed-csv",
            place=Place(file=shown_as, line=reader.line_num),
        ) from None
    if not header:
        raise CompilationError(
            "the seed file is empty: its first line must name the columns",
            code="seed-empty",
            place=Place(file=shown_as, line=1),
        )
    if cells and max(map(len, cells)) > len(header):
        raise _too_many_values(text, delimiter, len(header), shown_as)
    return header, cells


def _too_many_values(text: str, delimiter: str, width: int, shown_as: str) -> CompilationError:
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    start = 1
    for cells in reader:
        if len(cells) > width:
            break
        start = reader.line_num + 1
    return CompilationError(
        f"this row has {len(cells)} values, but the header names {width} columns",
        code="seed-row",
        place=Place(file=shown_as, line=start),
        hint="a value that contains the delimiter must stand in double quotes",
    )


def _by_column(cells: Cells, width: int) -> Iterable[Iterable[str]]:
    """The texts of each column; rows that are too short have none in their last columns."""
    if not cells:
        return [()] * width
    if min(map(len, cells)) == width:
        return zip(*cells, strict=True)
    return [[row[index] for row in cells if index < len(row)] for index in range(width)]
