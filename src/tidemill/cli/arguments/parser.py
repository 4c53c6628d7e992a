"""From words to values: ``argparse`` built from the declared options, with dbt's habits.

Options of all verbs may stand before or after the verb. Only what was really given lands in the
result: defaults, variables and project flags are added by ``settings``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple, NoReturn

from tidemill.cli.arguments.global_options import GLOBAL_OPTIONS
from tidemill.cli.arguments.option import Option
from tidemill.cli.arguments.verbs import Verb, verb_named, verb_words


class ArgumentFault(Exception):
    """The words cannot be understood. ``verb`` is the name of the verb, where one was found."""

    def __init__(self, message: str, verb: str | None = None) -> None:
        super().__init__(message)
        self.verb = verb


class HelpWanted(Exception):
    """Somebody asked for help: on one verb, or on all."""

    def __init__(self, verb: Verb | None = None) -> None:
        super().__init__()
        self.verb = verb


class VersionWanted(Exception):
    """Somebody asked for the version among other words."""


class Words(NamedTuple):
    """What was given on the command line. ``verb_word`` is the verb as written (``list`` for ``ls``)."""

    verb: Verb
    verb_word: str
    values: dict[str, Any]
    written: tuple[str, ...] = ()
    """The command line as it was given."""


def parse_words(words: Sequence[str]) -> Words:
    """Understand the command line.

    Raises ArgumentFault (unknown words are named with the nearest right one), HelpWanted and
    VersionWanted.
    """
    first = _parser(GLOBAL_OPTIONS, None)
    first.add_argument("rest", nargs=argparse.PARSER, default=[])
    if not any(_may_be_verb(word) for word in words):
        first = _parser(GLOBAL_OPTIONS, None)
    before, unknown = first.parse_known_args(words)
    values = vars(before)
    rest = values.pop("rest", [])
    if unknown:
        raise ArgumentFault(_unknown_option(unknown[0], GLOBAL_OPTIONS))
    if not rest:
        raise HelpWanted
    verb_word, rest = _verb_word(rest)
    verb = _verb(verb_word)
    values = {**values, **_parse_rest(verb, rest)}
    return Words(verb, verb_word, values, tuple(words))


def _may_be_verb(word: str) -> bool:
    return not word.startswith("-")


def _verb_word(words: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The verb and what follows it; some verbs are two words (``source freshness``)."""
    first, rest = words[0], words[1:]
    inner = [word.partition(" ")[2] for word in verb_words() if word.startswith(f"{first} ")]
    if not inner:
        return first, rest
    if not rest or rest[0].startswith("-"):
        raise ArgumentFault(f"'{first}' needs a second word: {' or '.join(inner)}")
    return f"{first} {rest[0]}", rest[1:]


def _verb(word: str) -> Verb:
    verb = verb_named(word)
    if verb is None:
        raise ArgumentFault(f"there is no command '{word}'" + _nearest(word, verb_words()))
    return verb


def _parse_rest(verb: Verb, rest: Sequence[str]) -> dict[str, Any]:
    parser = _parser(verb.all_options, verb)
    for argument in verb.arguments:
        parser.add_argument(
            argument.name,
            metavar=argument.metavar,
            nargs=None if argument.required else "?",
        )
    found, unknown = parser.parse_known_args(rest)
    if unknown:
        raise ArgumentFault(_unknown_option(unknown[0], verb.all_options), verb.name)
    return vars(found)


def _unknown_option(word: str, options: Iterable[Option]) -> str:
    if not word.startswith("-"):
        return f"'{word}' is one word too many"
    name = word.partition("=")[0]
    return f"there is no option '{name}'" + _nearest(name, _all_words(options))


def _all_words(options: Iterable[Option]) -> list[str]:
    found: list[str] = []
    for option in options:
        if not option.hidden:
            found += [word for word in option.words if word.startswith("--")]
            found += [_negative(word) for word in _switch_words(option)]
    return found


def _nearest(wrong: str, known: Sequence[str]) -> str:
    begun = [word for word in known if word.startswith(wrong)] if len(wrong) > 2 else []
    near = begun[:2] or get_close_matches(wrong, known, n=2, cutoff=0.6)
    return f"; did you mean {' or '.join(repr(word) for word in near)}?" if near else ""


class _Parser(argparse.ArgumentParser):
    """argparse, with its errors as ours and without guesses about shortened options."""

    def __init__(self, verb: Verb | None) -> None:
        super().__init__(
            prog="tidemill",
            add_help=False,
            allow_abbrev=False,
            argument_default=argparse.SUPPRESS,
        )
        self.verb = verb

    def error(self, message: str) -> NoReturn:
        raise ArgumentFault(message, self.verb.name if self.verb else None)


def _parser(options: Sequence[Option], verb: Verb | None) -> _Parser:
    parser = _Parser(verb)
    parser.add_argument("-h", "--help", action=_Help)
    parser.add_argument("-v", "-V", "--version", action=_Version)
    for option in options:
        _add(parser, option)
    return parser


class _Help(argparse.Action):
    def __init__(self, option_strings: Sequence[str], dest: str, **_: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS)

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        raise HelpWanted(parser.verb if isinstance(parser, _Parser) else None)


class _Version(_Help):
    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        raise VersionWanted


def _add(parser: _Parser, option: Option) -> None:
    words, name, metavar = option.words, option.name, option.metavar or None
    if option.kind in {"flag", "switch"}:
        parser.add_argument(*words, dest=name, action="store_true", default=argparse.SUPPRESS)
    elif option.kind == "many":
        parser.add_argument(*words, dest=name, metavar=metavar, nargs="+", action=_Many)
    else:
        parser.add_argument(*words, dest=name, metavar=metavar)
    negatives = [_negative(word) for word in _switch_words(option)]
    if negatives:
        parser.add_argument(*negatives, dest=name, action="store_false", default=argparse.SUPPRESS)


def _switch_words(option: Option) -> list[str]:
    return (
        [word for word in option.words if word.startswith("--")] if option.kind == "switch" else []
    )


def _negative(word: str) -> str:
    return "--no-" + word.removeprefix("--")


class _Many(argparse.Action):
    """Words until the next option, gathered over repetitions; each may itself hold several."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        found = [*getattr(namespace, self.dest, ())]
        for value in values:
            found += value.split()
        setattr(namespace, self.dest, found)
