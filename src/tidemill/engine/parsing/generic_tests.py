"""Generic test entries to tests: which test with which arguments, its configuration, and its names.

    made = make_generic_test(entry, target, rules)
    made.unique_id, made.test_metadata, made.config, made.raw_code

All spellings of dbt are read: a name, a mapping of a name to arguments, ``test_name:`` beside arguments,
``arguments:``, configuration inside and outside ``config``. Names, aliases and hashes equal dbt's, for
people select by them and other tools store them. What a test reads is found out by those who render it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

import msgspec

from tidemill.engine.jinja.static import Call
from tidemill.engine.nodes import TestMetadata
from tidemill.engine.parsing.property_entries import TestEntry, Version
from tidemill.engine.project.config_context import ConfigContext
from tidemill.engine.project.config_merging import listed
from tidemill.engine.project.config_trees import Layer
from tidemill.engine.project.files import ProjectFile
from tidemill.engine.project.yaml_loader import describe_type
from tidemill.errors import CompilationError, ParsingError, Place, TidemillError
from tidemill.keys import unique_id

CONFIG_KEYS = (
    "severity",
    "tags",
    "enabled",
    "where",
    "limit",
    "warn_if",
    "error_if",
    "fail_calc",
    "store_failures",
    "store_failures_as",
    "meta",
    "database",
    "schema",
    "alias",
)
"""Configuration that may stand among a test's arguments, in dbt's order."""
_CONFIG_WORDS = frozenset({*CONFIG_KEYS, "config"})

ARGUMENTS_NAME = "_dbt_generic_test_kwargs"
"""The name under which a test's raw code finds its arguments."""

_NAME = re.compile(r"(?:([A-Za-z_]\w*)\.)?([A-Za-z_]\w*)", re.ASCII)
_UNCLEAN = re.compile(r"[^0-9a-zA-Z_]+")
_LONGEST = 64
_HASH_LENGTH = 10


class TestTarget(msgspec.Struct, frozen=True, kw_only=True):
    """What a test stands under."""

    __test__ = False  # not a pytest class

    section: str
    """``models``, ``seeds``, ``snapshots`` or ``sources``."""
    name: str
    """The node's name, or the source table's."""
    file: ProjectFile
    source: str | None = None
    version: Version | None = None

    @property
    def model_argument(self) -> str:
        """What the test gets as ``model``."""
        if self.source is not None:
            call = f"source('{self.source}', '{self.name}')"
        elif self.version:
            call = f"ref('{self.name}', version='{self.version}')"
        else:
            call = f"ref('{self.name}')"
        return f"{{{{ get_where_subquery({call}) }}}}"

    @property
    def reference(self) -> Call:
        """The call in ``model_argument``."""
        if self.source is not None:
            return Call("source", (self.source, self.name), {})
        return Call("ref", (self.name,), {"version": str(self.version)} if self.version else {})

    @property
    def name_in_tests(self) -> str:
        """The target as names of tests show it."""
        if self.source is not None:
            return f"{self.source}_{self.name}"
        return f"{self.name}_v{self.version}" if self.version else self.name

    @property
    def file_key_name(self) -> str:
        """dbt's ``models.orders``; for sources the name of the source."""
        return f"{self.section}.{self.source or self.name}"


class TestRules(msgspec.Struct, frozen=True):
    """What making tests depends on, for one package."""

    __test__ = False  # not a pytest class

    context: ConfigContext
    """Renders the configuration of tests."""
    quote: Callable[[str], str]
    """Quotes the name of a column."""
    nested_arguments: bool = True
    """dbt's flag ``require_generic_test_arguments_property``: whether ``arguments:`` holds arguments."""


class MadeTest(msgspec.Struct, frozen=True, kw_only=True):
    """A generic test with all that can be told from its entry."""

    unique_id: str
    name: str
    """The full name, which is also the last part of the fqn."""
    short_name: str
    """The name with a hash where the full one is too long: file name and, then, alias."""
    fqn: tuple[str, ...]
    path: str
    original_file_path: str
    package: str
    test_metadata: TestMetadata
    column_name: str | None
    config: Layer
    tags: tuple[str, ...]
    """Tags of the column and of the test's own configuration, sorted."""
    description: str
    raw_code: str
    file_key_name: str
    version: Version | None
    place: Place


def make_generic_test(entry: TestEntry, target: TestTarget, rules: TestRules) -> MadeTest:
    """The test of one entry. Raises ParsingError with the entry's place for what cannot be one."""
    try:
        return _made(entry, target, rules)
    except TidemillError as error:
        raise error.located(place=entry.place) from None


def synthesize_names(test: str, target: str, arguments: Mapping[str, Any]) -> tuple[str, str]:
    """The short and the full name of a test without a name of its own.

    dbt's rule: values of the arguments in the order of their names, with all but letters, digits and
    underscores as underscores. A full name of 64 characters or more is cut, and its MD5 follows.
    """
    flat: list[str] = []
    for name in sorted(arguments):
        if name != "model":
            flat += [_UNCLEAN.sub("_", str(value)) for value in _parts(arguments[name])]
    identifier = f"{test}_{target}"
    full = f"{identifier}_{'__'.join(flat)}"
    if len(full) < _LONGEST:
        return full, full
    return f"{identifier[:30]}_{_md5(full)}", full


def _parts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return listed(value)


def _made(entry: TestEntry, target: TestTarget, rules: TestRules) -> MadeTest:
    written_name, arguments = _spelled_out(entry.written, rules)
    column = entry.column
    if column is not None:
        column = rules.quote(column) if entry.quote else column
        arguments["column_name"] = column
    if "model" in arguments:
        raise ParsingError(
            "a test's entry may not set 'model': it is what the entry stands under",
            code="test-arguments",
        )
    namespace, name = _split_name(written_name)
    arguments = {**arguments, "model": target.model_argument}
    config = _config(arguments, rules.context)
    description = arguments.pop("description", "") or ""
    own_name = arguments.pop("name", None)
    if own_name is not None:
        short = full = str(own_name)
    else:
        kind = f"source_{name}" if target.source is not None else name
        kind = f"{namespace}_{kind}" if namespace else kind
        short, full = synthesize_names(kind, target.name_in_tests, arguments)
        if short != full:
            config.setdefault("alias", short)
    metadata = TestMetadata(name=name, namespace=namespace, kwargs=arguments)
    file = target.file
    return MadeTest(
        unique_id=unique_id("test", file.package, full, _hash(full, metadata)),
        name=full,
        short_name=short,
        fqn=(file.package, *_folders(file.path), full),
        path=f"{short}.sql",
        original_file_path=file.path,
        package=file.package,
        test_metadata=metadata,
        column_name=column,
        config=Layer(config, lambda _: entry.place),
        tags=tuple(sorted({*entry.tags, *_tags(config)})) if config or entry.tags else (),
        description=description,
        raw_code=_raw_code(metadata, config),
        file_key_name=target.file_key_name,
        version=target.version,
        place=entry.place,
    )


@lru_cache(maxsize=1024)
def _folders(path: str) -> tuple[str, ...]:
    return PurePosixPath(path).parts[1:-1]


def _spelled_out(written: Any, rules: TestRules) -> tuple[str, dict[str, Any]]:
    """The test's name and everything beside it, from any of the spellings."""
    if isinstance(written, str):
        written = {written: {}}
    if not isinstance(written, dict):
        raise ParsingError(
            f"a test must be a name or a mapping, and is {describe_type(written)}",
            code="test-entry",
        )
    if "test_name" in written:
        arguments = {key: value for key, value in written.items() if key != "test_name"}
        name = written["test_name"]
    elif len(written) == 1:
        [(name, arguments)] = written.items()
    else:
        keys = ", ".join(f"'{key}'" for key in written)
        raise ParsingError(
            f"a test must be a mapping of one name to its arguments, and has the keys {keys}",
            code="test-entry",
            hint="indent the arguments below the name of the test",
        )
    if not isinstance(name, str):
        raise ParsingError(f"the name of a test must be a text, not {name!r}", code="test-entry")
    if not isinstance(arguments, dict):
        raise ParsingError(
            f"what stands under the test '{name}' must be a mapping, and is"
            f" {describe_type(arguments)}",
            code="test-arguments",
            hint=f"a test without arguments is written as '- {name}', without a colon",
        )
    return name, _with_nested(arguments, rules)


def _with_nested(arguments: dict[str, Any], rules: TestRules) -> dict[str, Any]:
    if not rules.nested_arguments or "arguments" not in arguments:
        return dict(arguments)
    outer = {key: value for key, value in arguments.items() if key != "arguments"}
    nested = arguments["arguments"]
    return {**outer, **nested} if isinstance(nested, dict) else outer


@lru_cache(maxsize=256)
def _split_name(written: str) -> tuple[str | None, str]:
    match = _NAME.match(written)
    if match is None:
        raise ParsingError(
            f"'{written}' cannot be the name of a test",
            code="test-name",
            hint="write it as 'unique', or with its package as 'dbt_utils.not_constant'",
        )
    return match[1], match[2]


def _config(arguments: dict[str, Any], context: ConfigContext) -> dict[str, Any]:
    """Takes the configuration out of ``arguments``: what stands outside ``config``, then what is inside."""
    if _CONFIG_WORDS.isdisjoint(arguments):
        return {}
    inside = arguments.pop("config", None) or {}
    if not isinstance(inside, dict):
        raise ParsingError(
            f"'config' of a test must be a mapping, and is {describe_type(inside)}",
            code="test-arguments",
        )
    rest = dict(inside)
    config: dict[str, Any] = {}
    for key in CONFIG_KEYS:
        value = arguments.pop(key, None)
        if value and key in inside:
            raise ParsingError(
                f"Test cannot have the same key at the top-level and in config: '{key}' stands in both",
                code="two-places",
                hint="keep the one in 'config'",
            )
        config[key] = value or rest.pop(key, None)
    rendered = {key: _rendered(value, context) for key, value in {**config, **rest}.items()}
    return {key: value for key, value in rendered.items() if value is not None}


def _rendered(value: Any, context: ConfigContext) -> Any:
    try:
        return context.render(value) if isinstance(value, str) else value
    except CompilationError as error:
        message = f"Invalid generic test configuration: {error.fault.message}"
        error.fault = msgspec.structs.replace(error.fault, message=message)
        raise


def _tags(config: Mapping[str, Any]) -> list[str]:
    tags = listed(config.get("tags") or [])
    if not all(isinstance(tag, str) for tag in tags):
        raise ParsingError("'tags' of a test must be texts", code="test-arguments")
    return tags


def _raw_code(metadata: TestMetadata, config: Mapping[str, Any]) -> str:
    """What dbt shows as the test's code: a call of the test, and its configuration."""
    macro = f"test_{metadata.name}"
    if metadata.namespace:
        macro = f"{metadata.namespace}.{macro}"
    settings = ",".join(f"{key}={_literal(value)}" for key, value in config.items())
    configured = f"{{{{ config({settings}) }}}}" if settings else ""
    return f"{{{{ {macro}(**{ARGUMENTS_NAME}) }}}}{configured}"


def _literal(value: Any) -> str:
    if isinstance(value, str):
        escaped = value.replace('"', '\\"')
        return f'"{escaped}"'
    return str(value)


def _hash(name: str, metadata: TestMetadata) -> str:
    """The end of the unique id: ten digits of a hash over name and metadata, by dbt's recipe."""
    texts = {
        "kwargs": _texts(metadata.kwargs),
        "name": metadata.name,
        "namespace": str(metadata.namespace),
    }
    return _md5(name + repr(texts))[-_HASH_LENGTH:]


def _texts(value: Any) -> Any:
    """``value`` with sorted keys and with texts for all that is neither a mapping nor a list."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return {key: _texts(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_texts(item) for item in value]
    return str(value)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
