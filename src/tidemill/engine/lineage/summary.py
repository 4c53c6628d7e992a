"""What is known about the columns of one model: each with the columns of its inputs that it is made of."""

from __future__ import annotations

import msgspec

Source = tuple[int, str, int]
"""Position of the input, its column's name in lower case, and how it is used (``Use``)."""


class OutputColumn(msgspec.Struct, frozen=True, array_like=True):
    """One column of a model's result."""

    name: str
    """As written."""
    sources: tuple[Source, ...] = ()
    unsure: tuple[str, ...] = ()
    """What could not be read about it."""


class Passing(msgspec.Struct, frozen=True, array_like=True):
    """A ``*`` over inputs whose columns are not all known: whatever they have is handed on by its name."""

    inputs: tuple[int, ...]
    """Several where a UNION brings them together."""
    excluded: tuple[str, ...] = ()


class Summary(msgspec.Struct, frozen=True, array_like=True):
    """The lineage of one model as far as its own SQL tells it."""

    inputs: tuple[str, ...] = ()
    """Unique ids of what it reads; a table that is not in the project stands with its name."""
    columns: tuple[OutputColumn, ...] = ()
    passing: tuple[Passing, ...] = ()
    rows: tuple[Source, ...] = ()
    """What decides which rows there are, so that it is behind every column."""
    gaps: tuple[str, ...] = ()
    """Why there may be columns that are not listed."""
    unknown: str = ""
    """Why nothing is known, when nothing is."""

    @property
    def is_complete(self) -> bool:
        """Whether ``columns`` are all there are."""
        return not (self.passing or self.gaps or self.unknown)


class Known(msgspec.Struct, frozen=True, array_like=True):
    """The columns of a table, as far as they are known."""

    columns: tuple[str, ...] = ()
    complete: bool = False
