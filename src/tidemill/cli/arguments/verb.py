"""What a verb of the command line is: a record, so that help and errors in arguments import nothing of its work."""

from __future__ import annotations

from typing import NamedTuple

from tidemill.cli.arguments.global_options import GLOBAL_OPTIONS
from tidemill.cli.arguments.option import Option


class Argument(NamedTuple):
    """A word that follows the verb by position."""

    name: str
    metavar: str
    help: str
    required: bool = True


class Verb(NamedTuple):
    """One command. ``module`` is imported only when the verb runs; it has ``run(invocation) -> int``."""

    name: str
    summary: str
    module: str
    about: str = ""
    options: tuple[Option, ...] = ()
    arguments: tuple[Argument, ...] = ()
    examples: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def all_options(self) -> tuple[Option, ...]:
        return (*self.options, *GLOBAL_OPTIONS)
