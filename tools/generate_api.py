"""TypeScript types of the HTTP API and the event stream, made of the Python structs.

``python tools/generate_api.py`` writes ``web/src/api/generated.ts``; with ``--check`` it writes
nothing and fails if the file is not what it would write.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec
from msgspec import inspect

from tidemill.events import Level, NodeStatus, RunStatus
from tidemill.server.values import API_TYPES, RunCommand
from tidemill.store.values import RunNodeStatus

TARGET = Path(__file__).parent.parent / "web" / "src" / "api" / "generated.ts"

HEADER = """\
// Types of the HTTP API and of the event stream. Made of the Python structs by
// tools/generate_api.py (`make generate`); `make check` fails when this file is stale.
"""

ALIASES = {
    "NodeStatus": NodeStatus,
    "RunStatus": RunStatus,
    "RunNodeStatus": RunNodeStatus,
    "Level": Level,
    "RunCommand": RunCommand,
}
"""Sets of words that have a name of their own."""

REQUESTS = frozenset({"RunRequest"})
"""What clients send: there a field with a default may be left out."""

EVENT_UNION = "Event"

_NAME_OF_WORDS = {frozenset(get_args(alias)): name for name, alias in ALIASES.items()}

_SIMPLE: dict[type[inspect.Type], str] = {
    inspect.AnyType: "unknown",
    inspect.RawType: "unknown",
    inspect.NoneType: "null",
    inspect.BoolType: "boolean",
    inspect.IntType: "number",
    inspect.FloatType: "number",
    inspect.StrType: "string",
}


def generate() -> str:
    """The whole file."""
    structs = _reachable(inspect.multi_type_info(API_TYPES))
    parts = [HEADER]
    parts += [f"export type {name} = {_words(get_args(a))};\n" for name, a in ALIASES.items()]
    parts += [_interface(struct) for struct in structs]
    events = [s.cls.__name__ for s in structs if s.tag is not None]
    parts.append(f"export type {EVENT_UNION} =\n  | " + "\n  | ".join(events) + ";\n")
    frames = [s.cls.__name__ for s in structs if s.cls.__name__.startswith("Stream")]
    parts.append("export type StreamFrame = " + " | ".join(frames) + ";\n")
    return "\n".join(parts)


def _reachable(types: tuple[inspect.Type, ...] | list[inspect.Type]) -> list[inspect.StructType]:
    """Every struct that ``types`` are made of, each after those that it is made of itself."""
    found: dict[type, inspect.StructType] = {}

    def visit(kind: inspect.Type) -> None:
        if isinstance(kind, inspect.StructType):
            if kind.cls in found:
                return
            for field in kind.fields:
                visit(field.type)
            found[kind.cls] = kind
        for part in _parts(kind):
            visit(part)

    for kind in types:
        visit(kind)
    return list(found.values())


def _parts(kind: inspect.Type) -> Iterator[inspect.Type]:
    match kind:
        case inspect.UnionType(types=types):
            yield from types
        case inspect.DictType(value_type=value):
            yield value
        case inspect.ListType(item_type=item) | inspect.VarTupleType(item_type=item):
            yield item
        case _:
            return


def _interface(struct: inspect.StructType) -> str:
    lines = [f"  {struct.tag_field}: {_quoted(struct.tag)};"] if struct.tag is not None else []
    optional = struct.cls.__name__ in REQUESTS
    for field in struct.fields:
        mark = "?" if optional and not field.required else ""
        lines.append(f"  {field.encode_name}{mark}: {_type(field.type)};")
    comment = _comment(struct.cls)
    return f"{comment}export interface {struct.cls.__name__} {{\n" + "\n".join(lines) + "\n}\n"


def _comment(cls: type) -> str:
    if "__doc__" not in vars(cls) or not cls.__doc__:
        return ""
    text = " ".join(cls.__doc__.partition("\n\n")[0].split()).replace("``", "`")
    return f"/** {text} */\n"


def _type(kind: inspect.Type) -> str:
    simple = _SIMPLE.get(type(kind))
    if simple is not None:
        return simple
    match kind:
        case inspect.StructType(cls=cls):
            return cls.__name__
        case inspect.LiteralType(values=values):
            return _words(values, _NAME_OF_WORDS.get(frozenset(values)))
        case inspect.DictType(value_type=value):
            return f"Record<string, {_type(value)}>"
        case inspect.ListType(item_type=item) | inspect.VarTupleType(item_type=item):
            inner = _type(item)
            return (
                f"({inner})[]" if " " in inner and not inner.startswith("Record") else f"{inner}[]"
            )
        case inspect.UnionType(types=types):
            return _union(types)
        case _:
            raise TypeError(f"no TypeScript for {kind}")


def _union(types: tuple[inspect.Type, ...]) -> str:
    """The union, with all events at once by their name, and raw JSON as what it stands for."""
    structs = [t for t in types if isinstance(t, inspect.StructType) and t.tag is not None]
    if len(structs) > 1:
        return EVENT_UNION
    ordered = sorted(types, key=lambda kind: isinstance(kind, inspect.NoneType))
    return " | ".join(dict.fromkeys(_type(kind) for kind in ordered))


def _words(values: tuple[Any, ...], name: str | None = None) -> str:
    return name or " | ".join(_quoted(value) for value in values)


def _quoted(value: object) -> str:
    return msgspec.json.encode(value).decode()


def main() -> int:
    """Write the file, or check it."""
    wanted = generate()
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(wanted, encoding="utf-8")
        return 0
    if TARGET.exists() and TARGET.read_text(encoding="utf-8") == wanted:
        return 0
    print(
        f"{TARGET.name} is stale: run `make generate` and commit what it changes", file=sys.stderr
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
