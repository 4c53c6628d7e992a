"""Help texts: all verbs on one page, and one page for each verb."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from tidemill.cli.arguments.global_options import GLOBAL_OPTIONS
from tidemill.cli.arguments.option import Option
from tidemill.cli.arguments.settings import longest_word, variables_of
from tidemill.cli.arguments.verbs import VERBS, Verb

INDENT = 28
GROUPS = ("Selection", "Run", "Project", "Output", "Parsing and cache", "Other")


def overview(width: int = 88) -> str:
    """The page for ``tidemill --help``."""
    ready = [(verb.name, verb.summary) for verb in VERBS]
    lines = [
        "Usage: tidemill [options] COMMAND [options]",
        "",
        *textwrap.wrap(
            "Builds, tests and shows the data of a dbt project. Commands and options have dbt's "
            "names; options of all commands may stand before or after the command.",
            width,
        ),
        "",
        "Commands:",
        *_rows(ready, width),
        "",
        "Options of all commands:",
        *_option_rows(GLOBAL_OPTIONS, width),
        *_rows(
            [("-v, --version", "Print the version."), ("-h, --help", "Print this page.")], width
        ),
        "",
        "`tidemill COMMAND --help` says more about one command.",
    ]
    return "\n".join(lines)


def page(verb: Verb, width: int = 88) -> str:
    """The page for ``tidemill VERB --help``."""
    positionals = "".join(
        f" {a.metavar}" if a.required else f" [{a.metavar}]" for a in verb.arguments
    )
    lines = [f"Usage: tidemill {verb.name}{positionals} [options]", ""]
    lines += textwrap.wrap(verb.summary, width)
    if verb.about:
        lines += textwrap.wrap(verb.about, width)
    if verb.arguments:
        lines += ["", "Arguments:", *_rows([(a.metavar, a.help) for a in verb.arguments], width)]
    for group in GROUPS:
        rows = _option_rows(_options(verb, group), width)
        lines += ["", f"{group}:", *rows] if rows else []
    if verb.examples:
        lines += ["", "Examples:", *(f"  {example}" for example in verb.examples)]
    return "\n".join(lines)


def _options(verb: Verb, group: str) -> list[Option]:
    """Options of one group; how to select is no matter of verbs that select nothing."""
    options = [option for option in verb.all_options if option.group == group]
    selects = any(option.name == "select" for option in verb.options)
    return options if selects or group != "Selection" else []


def _option_rows(options: Iterable[Option], width: int) -> list[str]:
    shown = [option for option in options if not option.hidden]
    return _rows([(_words(option), _help(option)) for option in shown], width)


def _words(option: Option) -> str:
    long = longest_word(option)
    short = next((word for word in option.words if not word.startswith("--")), "")
    both = f"{short}, {long}" if short else f"    {long}"
    if option.kind == "switch":
        return both.replace("--", "--[no-]")
    takes = option.metavar or ("|".join(option.choices) if option.kind == "choice" else "")
    if len(takes) > INDENT:
        takes = "WORD"
    return f"{both} {takes}{' ...' if option.kind == 'many' else ''}".rstrip()


def _help(option: Option) -> str:
    notes = []
    if option.kind == "choice" and "WORD" in _words(option):
        notes.append(f"one of {', '.join(option.choices)}")
    if option.default not in (None, False, (), True):
        notes.append(f"default {option.default}")
    if option.variable:
        notes.append(variables_of(option)[-1])
    return option.help + (f" [{'; '.join(notes)}]" if notes else "")


def _rows(rows: Sequence[tuple[str, str]], width: int) -> list[str]:
    lines: list[str] = []
    for left, right in rows:
        wrapped = textwrap.wrap(right, width - INDENT) or [""]
        head = f"  {left}"
        if len(head) >= INDENT:
            lines.append(head)
            head = ""
        lines.append(f"{head:<{INDENT}}{wrapped[0]}")
        lines += [" " * INDENT + more for more in wrapped[1:]]
    return lines
