"""One option of the command line, as a value: its words, what it takes, its variable and its help.

Names, short forms and environment variables are dbt's, so that scripts move over unchanged. The
records are named tuples rather than structs: help and errors in arguments should not wait for more
to be imported than they need.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

Kind = Literal["flag", "switch", "text", "integer", "choice", "many", "yaml", "path"]
"""``flag`` can only be turned on, ``switch`` has a ``--no-`` form, ``many`` takes words until the next option."""

Group = Literal["Selection", "Run", "Project", "Output", "Parsing and cache", "Other"]


class Option(NamedTuple):
    """One option. ``name`` is dbt's flag name, and the key of its value in the settings."""

    name: str
    words: tuple[str, ...]
    kind: Kind
    help: str
    group: Group = "Other"
    default: Any = None
    metavar: str = ""
    choices: tuple[str, ...] = ()
    variable: bool = False
    """Whether ``DBT_<NAME>`` (and ``DBT_ENGINE_<NAME>``) sets it."""
    project_flag: bool = False
    """Whether ``flags:`` in dbt_project.yml may set it."""
    hidden: bool = False


def switch(name: str, help: str, group: Group, *short: str, **more: Any) -> Option:
    """An option with a ``--no-`` form, a variable, and off by default."""
    words = ("--" + name.replace("_", "-"), *short)
    more.setdefault("default", False)
    return Option(name, words, "switch", help, group, variable=True, **more)
