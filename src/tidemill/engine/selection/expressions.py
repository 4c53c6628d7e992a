"""The algebra behind ``--select``: criteria joined by union, intersection and difference.

Values only. ``words`` and ``selectors_file`` make them; ``evaluation`` finds what they mean in a project.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

import msgspec

Indirect = Literal["eager", "cautious", "buildable", "empty"]
"""When a test that was not named itself comes along with what it reads.

``eager``: with any of its parents. ``cautious``: with all of them. ``buildable``: when the rest of
its parents stand above the selection. ``empty``: never.
"""

INDIRECT_MODES: tuple[str, ...] = get_args(Indirect)


class Criterion(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """One method with its value, and how far to follow the graph from what it finds."""

    raw: str
    """As written, for messages."""
    method: str
    arguments: tuple[str, ...] = ()
    """What follows the method after dots: ``("materialized",)`` in ``config.materialized:view``."""
    value: Any
    """Text on the command line; in selectors.yml also a number or a boolean."""
    childrens_parents: bool = False
    """The ``@``: all below, and all that those stand on."""
    parents: bool = False
    parents_depth: int | None = None
    children: bool = False
    children_depth: int | None = None
    indirect: Indirect = "eager"


class Union(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What any of the parts selects."""

    parts: tuple[Expression, ...]
    indirect: Indirect = "eager"


class Intersection(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What all of the parts select. ``raw`` is set where finding nothing deserves a warning."""

    parts: tuple[Expression, ...]
    indirect: Indirect = "eager"
    raw: str | None = None


class Difference(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What ``include`` selects, without what ``exclude`` selects."""

    include: Expression
    exclude: Expression
    indirect: Indirect = "eager"


Expression = Criterion | Union | Intersection | Difference
