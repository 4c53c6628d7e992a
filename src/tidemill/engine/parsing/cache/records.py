"""Resources to bytes and back, exactly: the parse cache's own format, a record for each resource.

A record is the marshalled tuple of its class and its fields: of nodes and sources the values alone, of others those
that differ from their defaults, by name. Marshal knows the plain values that configuration is made of, keeps tuples and
lists apart, and is several times faster than its alternatives; nothing that it reads is executed. What it does not know
(dates in YAML) is marked on the way in.
"""

from __future__ import annotations

import datetime as dt
import marshal
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec

from tidemill.engine.nodes import nodes, parts, resources, semantics

_MARK = "\0tidemill"
_SCALARS = frozenset({str, int, float, bool, type(None)})
_WITH_STRUCTS = frozenset({"refs", "depends_on", "columns", "batch", "test_metadata"})
"""Fields of nodes and sources that hold structs, or mappings of them."""
_PLAIN_BUT_FOR_THOSE = (nodes.Node, resources.Source)


class UnknownValueError(ValueError):
    """A resource holds something that records cannot keep."""


def pack(resource: Any) -> bytes:
    """The record of a resource. Raises UnknownValueError."""
    try:
        return marshal.dumps(_shallow(resource))
    except ValueError:
        pass
    try:
        return marshal.dumps(_packed(resource))
    except ValueError as error:
        raise UnknownValueError(f"{type(resource).__name__}: {error}") from None


def unpack(record: bytes | memoryview) -> Any:
    """The resource of a record that ``pack`` made."""
    return _unpacked(marshal.loads(record))


def _shallow(resource: Any) -> Any:
    """A node or source whose fields are taken as they are, but for those that hold structs."""
    if not isinstance(resource, _PLAIN_BUT_FOR_THOSE):
        return _packed(resource)
    kind, values = type(resource), [*msgspec.structs.astuple(resource)]
    for place in _places_of_structs(kind):
        values[place] = _quick(values[place])
    return (_MARK, f"{_SHALLOW}{kind.__name__}", values)


def _quick(value: Any) -> Any:
    """Like ``_packed``, for structs that hold plain values: those are all taken as they are."""
    kind = type(value)
    name = _FLAT.get(kind)
    if name is not None:
        return (_MARK, name, msgspec.structs.astuple(value))
    if kind is dict:
        return {key: _quick(inner) for key, inner in value.items()}
    if kind is tuple:
        return tuple([_quick(inner) for inner in value])
    return _packed(value)


def _said(resource: msgspec.Struct) -> Iterator[tuple[str, Any]]:
    """The fields that differ from their defaults."""
    values = msgspec.structs.astuple(resource)
    for (name, default), value in zip(_defaults(type(resource)), values, strict=True):
        if value is not default and (value != default or type(value) is not type(default)):
            yield name, value


def _packed(value: Any) -> Any:
    kind = type(value)
    if kind in _SCALARS:
        return value
    if isinstance(value, msgspec.Struct) and kind.__name__ in _classes():
        return (_MARK, kind.__name__, {name: _packed(inner) for name, inner in _said(value)})
    if isinstance(value, dict):
        return {_packed(key): _packed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_packed(inner) for inner in value]
    if isinstance(value, tuple):
        return tuple([_packed(inner) for inner in value])
    if isinstance(value, str):
        return str(value)
    if kind.__name__ in _PLAIN_TEXTS:
        return (_MARK, kind.__name__, str(value))
    raise ValueError(f"a value of the type {kind.__name__}")


def _unpacked(value: Any) -> Any:
    kind = type(value)
    if kind is tuple:
        if value and value[0] == _MARK:
            return _restored(value[1], value[2])
        return tuple([_unpacked(inner) for inner in value])
    if kind is dict:
        return {key: _unpacked(inner) for key, inner in value.items()}
    if kind is list:
        return [_unpacked(inner) for inner in value]
    return value


def _restored(name: str, content: Any) -> Any:
    plain = _PLAIN_TEXTS.get(name)
    if plain is not None:
        return plain(content)
    if name.startswith((_ALL, _SHALLOW)):
        kind = _classes()[name[1:]]
        if name.startswith(_SHALLOW):
            for place in _places_of_structs(kind):
                content[place] = _unpacked(content[place])
        return kind(**dict(zip(kind.__struct_fields__, content, strict=True)))
    kind = _classes()[name]
    return kind(**{field: _unpacked(value) for field, value in content.items()})


_PLAIN_TEXTS: dict[str, Callable[[str], Any]] = {
    "datetime": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
    "Decimal": Decimal,
}
_SHALLOW = "*"
_ALL = "="
_FLAT = {
    kind: f"{_ALL}{kind.__name__}"
    for kind in (parts.Ref, parts.DependsOn, parts.Column, nodes.TestMetadata)
}


@lru_cache(maxsize=1)
def _classes() -> dict[str, type[msgspec.Struct]]:
    modules = (nodes, parts, resources, semantics)
    found = (value for module in modules for value in vars(module).values())
    return {
        value.__name__: value
        for value in found
        if isinstance(value, type) and issubclass(value, msgspec.Struct)
    }


@lru_cache(maxsize=128)
def _places_of_structs(kind: type[msgspec.Struct]) -> tuple[int, ...]:
    fields = enumerate(kind.__struct_fields__)
    return tuple(number for number, name in fields if name in _WITH_STRUCTS)


@lru_cache(maxsize=128)
def _defaults(kind: type[msgspec.Struct]) -> tuple[tuple[str, Any], ...]:
    """Fields with their defaults; for a required one, something that nothing equals."""
    found = []
    for field in msgspec.structs.fields(kind):
        default = field.default
        if default is msgspec.NODEFAULT and field.default_factory is not msgspec.NODEFAULT:
            default = field.default_factory()
        found.append((field.name, default))
    return tuple(found)
