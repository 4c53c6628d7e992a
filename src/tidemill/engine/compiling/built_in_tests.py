"""The SQL of dbt's four data tests, written without their macros: most nodes of a project are such tests.

The digest of the macros' text guards it, as with the direct paths of materialisations: where a project, a package or another
version of dbt replaces one, the macros run. They also run for whatever is unusual: a ``where``, Jinja in an
argument, a model that is no plain reference. The text is the same, blanks included; tests hold it to the macros.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple

from tidemill.engine.jinja.macro_digests import macro_digest
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.jinja.registry import BUILTIN_PACKAGE
from tidemill.engine.jinja.resolvers import Resolver
from tidemill.engine.jinja.session import Session
from tidemill.engine.jinja.static import THIS, static_call
from tidemill.engine.jinja.test_arguments import ARGUMENTS_NAME, is_call
from tidemill.engine.nodes import GenericTest, Macro
from tidemill.engine.project.native_jinja import has_jinja

DIGEST = "21e504f8f1af8e078b42ccf3bc9b86a6"
"""Of the text of all macros that are stood for here."""

_SETTING = r'\w+=(?:"[^"\\{}]*"|[\w.]+)'
_CODE = re.compile(
    rf"\{{\{{ test_(\w+)\(\*\*{ARGUMENTS_NAME}\) \}}\}}"
    rf"(?:\{{\{{ config\({_SETTING}(?:,{_SETTING})*\) \}}\}})?"
)
_ANY = re.compile(r"(.+)")
_MODEL = re.compile(r"\{\{ get_where_subquery\((.+)\) \}\}")
_READ = ("adapter", "config", "flags", "return")
"""Names that the macros read."""


def _unique(model: str, column_name: str) -> str:
    return (
        f"select\n    {column_name} as unique_field,\n    count(*) as n_records\n\nfrom {model}\n"
        f"where {column_name} is not null\ngroup by {column_name}\nhaving count(*) > 1\n\n"
    )


def _not_null(model: str, column_name: str) -> str:
    return f"\n\nselect {column_name}\nfrom {model}\nwhere {column_name} is null\n\n"


def _accepted_values(model: str, column_name: str, values: str) -> str:
    return (
        f"with all_values as (\n\n    select\n        {column_name} as value_field,\n"
        f"        count(*) as n_records\n\n    from {model}\n    group by {column_name}\n\n)\n\n"
        f"select *\nfrom all_values\nwhere value_field not in (\n    {values}\n)\n\n"
    )


def _relationships(model: str, column_name: str, to: str, field: str) -> str:
    return (
        f"with child as (\n    select {column_name} as from_field\n    from {model}\n"
        f"    where {column_name} is not null\n),\n\nparent as (\n    select {field} as to_field\n"
        f"    from {to}\n)\n\nselect\n    from_field\n\nfrom child\nleft join parent\n"
        "    on child.from_field = parent.to_field\n\nwhere parent.to_field is null\n\n"
    )


class _Text(NamedTuple):
    """How a test is written, from which arguments."""

    write: Callable[..., str]
    arguments: frozenset[str]
    optional: frozenset[str] = frozenset()

    def fits(self, given: Collection[str]) -> bool:
        """Whether the macro takes just these arguments."""
        return self.arguments <= set(given) <= self.arguments | self.optional


_OF_ALL = frozenset({"model", "column_name"})
_TEXTS = {
    "unique": _Text(_unique, _OF_ALL),
    "not_null": _Text(_not_null, _OF_ALL),
    "accepted_values": _Text(_accepted_values, _OF_ALL | {"values"}, frozenset({"quote"})),
    "relationships": _Text(_relationships, _OF_ALL | {"to", "field"}),
}


class BuiltInTests:
    """Writes the built-in tests of one project. Safe to share between threads."""

    def __init__(self, host: MacroHost) -> None:
        self._host = host
        self._holding: dict[str, bool] = {}

    def sql(self, test: GenericTest, session: Session) -> str | None:
        """The test's SQL as its macros give it; None, before anything is done, where that is for them.

        Raises CompilationError when something that the test refers to does not exist.
        """
        code = _CODE.fullmatch(test.raw_code)
        text = _TEXTS.get(code[1]) if code is not None else None
        given = test.test_metadata.kwargs
        if text is None or not text.fits(given) or self._asks_for_more(test):
            return None
        if not self._holds(test.package_name):
            return None
        try:
            return f"\n    \n    \n\n{text.write(**_arguments(given, session))}\n"
        except _UnusualError:
            return None

    def _asks_for_more(self, test: GenericTest) -> bool:
        """Whether the test's configuration changes its SQL."""
        flag = self._host.flags.STORE_FAILURES
        return any((test.config.get("where"), test.config.get("store_failures"), flag))

    def _holds(self, package: str) -> bool:
        known = self._holding.get(package)
        if known is None:
            known = self._holding[package] = self.digest(package) == DIGEST
        return known

    def digest(self, package: str) -> str | None:
        """The digest of the macros that run for the tests of ``package``; None when a name is taken by another."""
        return macro_digest(self._host, package, _READ, lambda: self._macros(package))

    def _macros(self, package: str) -> Iterator[Macro]:
        host = self._host
        for name in (*(f"test_{test}" for test in _TEXTS), "get_where_subquery"):
            yield host.find_macro(name, None, seen_from=package)
            yield host.dispatch(name, BUILTIN_PACKAGE, packages=(package,))
        yield host.find_macro("should_store_failures", None, seen_from=package)


class _UnusualError(Exception):
    """An argument is for the macros to read."""


def _arguments(given: Mapping[str, Any], session: Session) -> dict[str, str]:
    """The arguments as they stand in the test's SQL. Raises _UnusualError before any is resolved."""
    found: dict[str, str] = {}
    relations: dict[str, Callable[[], Any]] = {}
    for name, value in given.items():
        if name in {"model", "to"}:
            relations[name] = _relation(_MODEL if name == "model" else _ANY, value, session)
        elif name == "values":
            found[name] = _values(value, given.get("quote", True))
        elif name != "quote":
            found[name] = value if name == "column_name" else _plain(value)
    if not isinstance(given["column_name"], str):
        raise _UnusualError
    return found | {name: str(resolve()) for name, resolve in relations.items()}


def _values(values: Any, quote: Any) -> str:
    if not isinstance(values, list) or not isinstance(quote, bool):
        raise _UnusualError
    mark = "'" if quote else ""
    return ",".join(f"{mark}{_plain(value)}{mark}" for value in values)


def _plain(value: Any) -> str:
    """A value that is no expression."""
    if isinstance(value, str) and not has_jinja(value) and not is_call(value):
        return value
    if isinstance(value, int | float):
        return str(value)
    raise _UnusualError


def _relation(form: re.Pattern[str], text: Any, session: Session) -> Callable[[], Any]:
    """What gives the relation that a text of that form refers to."""
    match = form.fullmatch(text) if isinstance(text, str) else None
    call = static_call(match[1]) if match is not None else None
    resolver = session.context[call.name] if call is not None and call is not THIS else None
    if call is None or not isinstance(resolver, Resolver):
        raise _UnusualError
    return lambda: resolver(*call.args, **call.kwargs)
