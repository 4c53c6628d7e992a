"""Shell patterns (``*``, ``?``, ``[...]``) as dbt applies them to names."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Sequence

Test = Callable[[str], bool]

_WILD = re.compile(r"[*?\[\]]")


def is_wild(words: str) -> bool:
    """Whether they are a pattern, and no name."""
    return _WILD.search(words) is not None


def matcher(pattern: str) -> Test:
    """A test whether a whole name fits ``pattern``."""
    if not _WILD.search(pattern):
        return pattern.__eq__
    match = re.compile(fnmatch.translate(pattern)).match
    return lambda name: match(name) is not None


def fqn_matcher(words: str) -> Callable[[Sequence[str], bool], bool]:
    """A test whether an fqn fits ``words``, for plain and for versioned models.

    It fits where ``words`` are the name itself, or lead the fqn (with or without its package), or
    do so up to a wildcard and the rest fits the pattern. A lone wildcard word may also fit the
    name. The name of a versioned model is the last but one part; ``name.v2`` and ``name_v2`` name
    one version.
    """
    if not _WILD.search(words):
        return _plain_fqn_matcher(words)
    test = _wild_matcher(words)
    return lambda fqn, versioned: test(fqn, versioned) or test(fqn[1:], versioned)


def _plain_fqn_matcher(words: str) -> Callable[[Sequence[str], bool], bool]:
    test = _plain_matcher(words)

    def fits(fqn: Sequence[str], versioned: bool) -> bool:
        # Most names are told apart by a look at the text; only versions are written in other words.
        if not versioned and words not in ".".join(fqn):
            return False
        return test(fqn, versioned) or test(fqn[1:], versioned)

    return fits


def _plain_matcher(words: str) -> Callable[[Sequence[str], bool], bool]:
    lead = words + "."
    names = _names_matcher(words)

    def fits(fqn: Sequence[str], versioned: bool) -> bool:
        if names(fqn, versioned):
            return True
        whole = ".".join(fqn)
        return whole == words or whole.startswith(lead)

    return fits


def _wild_matcher(words: str) -> Callable[[Sequence[str], bool], bool]:
    parts = words.split(".")
    names = _names_matcher(words)
    first_wild = next(i for i, part in enumerate(parts) if _WILD.search(part))
    lead = parts[:first_wild]
    rest = matcher(".".join(parts[first_wild:]))

    def fits(fqn: Sequence[str], versioned: bool) -> bool:
        if names(fqn, versioned):
            return True
        flat = ".".join(fqn).split(".")
        if len(flat) < len(parts) or flat[:first_wild] != lead:
            return False
        if rest(".".join(flat[first_wild:])):
            return True
        return len(parts) == 1 and rest(_name(fqn, versioned))

    return fits


def _names_matcher(words: str) -> Callable[[Sequence[str], bool], bool]:
    version = "_".join(words.split(".")[-2:])

    def fits(fqn: Sequence[str], versioned: bool) -> bool:
        if not fqn:
            return False
        return _name(fqn, versioned) == words or (versioned and "_".join(fqn[-2:]) == version)

    return fits


def _name(fqn: Sequence[str], versioned: bool) -> str:
    return fqn[-2] if versioned and len(fqn) > 1 else fqn[-1]
