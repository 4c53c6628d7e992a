"""The settings of one command, from four places: command line, variables, project flags, defaults.

The first of them that says something wins, as in dbt. A value that follows another (``--log-level``
sets the file's level too) is settled here as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tidemill.cli.arguments.option import Option
from tidemill.cli.arguments.parser import ArgumentFault, Words
from tidemill.cli.arguments.values import converted

LED_BY = {
    "use_colors_file": "use_colors",
    "log_level_file": "log_level",
    "log_format_file": "log_format",
}
"""Settings that follow another one when only that one was given."""

EXCLUSIVE = (
    ("select", "inline"),
    ("selector", "inline"),
    ("select", "models"),
    ("warn_error", "warn_error_options"),
)


RENAMED_VARIABLES = {
    "defer": "DBT_DEFER_TO_STATE",
    "favor_state": "DBT_FAVOR_STATE_MODE",
    "print": "DBT_NO_PRINT",
    "state": "DBT_ARTIFACT_STATE_PATH",
}
"""Variables with a name of their own, which dbt still takes."""


class Settings:
    """All settings of a command by dbt's flag names, and which of them somebody gave."""

    def __init__(
        self,
        values: dict[str, Any],
        given: frozenset[str],
        renamed: Mapping[str, str] | None = None,
    ) -> None:
        self.values = values
        self.given = given
        """Names that the command line or a variable set."""
        self.renamed = renamed or {}
        """Old variables that were found, with the names that they have now."""

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def get(self, name: str, default: Any = None) -> Any:
        """The setting, or ``default`` when the verb has none of that name, or it has no value."""
        found = self.values.get(name)
        return default if found is None else found


def resolve(
    words: Words, environment: Mapping[str, str], project_flags: Mapping[str, Any]
) -> Settings:
    """The settings of the command. Raises ArgumentFault for wrong values."""
    try:
        return _resolved(words, environment, project_flags)
    except ArgumentFault as fault:
        fault.verb = fault.verb or words.verb.name
        raise


def _resolved(
    words: Words, environment: Mapping[str, str], project_flags: Mapping[str, Any]
) -> Settings:
    # Words that follow the verb by position are kept as they are.
    values: dict[str, Any] = dict(words.values)
    chosen: dict[str, str] = {}
    renamed = {
        old: f"DBT_ENGINE_{name.upper()}"
        for option in words.verb.all_options
        if (old := RENAMED_VARIABLES.get(name := option.name, "")) and environment.get(old)
    }
    for option in words.verb.all_options:
        value, origin = _find(option, words.values, environment, project_flags)
        if origin:
            chosen[option.name] = origin
        values[option.name] = converted(option, value, origin) if origin else option.default
    given = frozenset(n for n, origin in chosen.items() if not origin.startswith("flags:"))
    _follow(values, chosen)
    _refuse_pairs(given, words)
    return Settings(values, given, renamed)


def _find(
    option: Option,
    words: Mapping[str, Any],
    environment: Mapping[str, str],
    project_flags: Mapping[str, Any],
) -> tuple[Any, str]:
    """The value and where it was written; no origin means nobody said anything."""
    if option.name in words:
        return words[option.name], longest_word(option)
    old = RENAMED_VARIABLES.get(option.name, "")
    if environment.get(old):
        return _of_old_variable(old, environment[old]), old
    for variable in variables_of(option):
        if environment.get(variable):
            return environment[variable], variable
    if option.project_flag and project_flags.get(option.name) is not None:
        return project_flags[option.name], f"flags: {option.name} in dbt_project.yml"
    return None, ""


def _of_old_variable(name: str, value: str) -> str:
    """Its value as the option has it: one of them says the opposite of the option."""
    if name != RENAMED_VARIABLES["print"]:
        return value
    return "1" if value.lower() in {"0", "false", "no", "off", "f", "n"} else "0"


def longest_word(option: Option) -> str:
    """The first long form of the option."""
    return next(word for word in option.words if word.startswith("--"))


def variables_of(option: Option) -> tuple[str, ...]:
    """Environment variables that set the option, the stronger first."""
    if not option.variable:
        return ()
    name = option.name.upper()
    return (f"DBT_ENGINE_{name}", f"DBT_{name}")


def _follow(values: dict[str, Any], chosen: Mapping[str, str]) -> None:
    for follower, lead in LED_BY.items():
        if lead in chosen and follower not in chosen:
            values[follower] = values[lead]


def _refuse_pairs(given: frozenset[str], words: Words) -> None:
    for first, second in EXCLUSIVE:
        if first in given and second in given:
            words_said = [name.replace("_", "-") for name in (second, first)]
            raise ArgumentFault(
                f"--{words_said[0]} cannot be combined with --{words_said[1]}", words.verb.name
            )
