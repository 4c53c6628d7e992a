"""One value of one option: checked and converted, wherever it was written.

The same rules hold for the command line, for ``DBT_...`` variables and for ``flags:`` in
dbt_project.yml, so that a wrong value reads the same from all three.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from tidemill.cli.arguments.option import Option
from tidemill.cli.arguments.parser import ArgumentFault

TRUE_WORDS = frozenset({"1", "true", "t", "yes", "y", "on"})
FALSE_WORDS = frozenset({"0", "false", "f", "no", "n", "off"})


def converted(option: Option, value: Any, origin: str) -> Any:
    """``value`` as the option's kind. ``origin`` names where it was written, for the message.

    Raises ArgumentFault that says what is accepted.
    """
    match option.kind:
        case "flag" | "switch":
            return _truth(value, origin)
        case "integer":
            return _integer(value, origin)
        case "choice":
            return _one_of(value, option.choices, origin)
        case "many":
            return _many(value, option, origin)
        case "yaml":
            return _mapping(value, origin)
        case _:
            return str(value)


def _truth(value: Any, origin: str) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in TRUE_WORDS | FALSE_WORDS:
        return word in TRUE_WORDS
    raise ArgumentFault(f"{origin}: '{value}' is neither true nor false")


def _integer(value: Any, origin: str) -> int:
    try:
        return int(str(value).strip())
    except ValueError:
        raise ArgumentFault(f"{origin}: '{value}' is not a whole number") from None


def _one_of(value: Any, choices: Iterable[str], origin: str) -> str:
    word = str(value)
    known = list(choices)
    if word in known:
        return word
    near = get_close_matches(word, known, n=1)
    nearest = f"; did you mean '{near[0]}'?" if near else ""
    listed = ", ".join(f"'{choice}'" for choice in known)
    raise ArgumentFault(f"{origin}: '{value}' is not one of {listed}{nearest}")


def _many(value: Any, option: Option, origin: str) -> list[str]:
    words = value.split() if isinstance(value, str) else [str(word) for word in value]
    if option.choices:
        words = [_one_of(word, option.choices, origin) for word in words]
    return words


def _mapping(value: Any, origin: str) -> dict[str, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    import yaml

    try:
        loaded = yaml.safe_load(str(value))
    except yaml.YAMLError as error:
        reason = str(error).splitlines()[0]
        raise ArgumentFault(f"{origin}: '{value}' is not valid YAML ({reason})") from None
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise ArgumentFault(f"{origin}: '{value}' is not a mapping; write '{{name: value}}'")
    return loaded
