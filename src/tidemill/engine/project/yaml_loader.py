"""YAML text to plain values, equal to PyYAML's ``safe_load`` (YAML 1.1), with the place of every entry.

    document = load_yaml(text, "models/schema.yml")
    document.value["models"][0]["name"]
    document.place_of(("models", 0, "name"))

Built on libyaml's events with an own builder, which takes half the time of PyYAML's C loader.
Keys that stand twice in one mapping are warnings, as in dbt: the last one counts. What the values
mean is for others to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import yaml

from tidemill.engine.project.yaml_events import DuplicateKey, build
from tidemill.errors import Fault, ParsingError, Place

_HINTS = (
    ("cannot start any token", "\t", "indent with spaces: YAML does not allow tabs here"),
    ("cannot start any token", "%", "put text that begins with '%' in quotes"),
    ("cannot start any token", "@`", "put the text in quotes"),
    (
        "mapping values are not allowed",
        None,
        "check the indentation, or put text with ': ' in quotes",
    ),
    ("unhashable key", None, 'put Jinja in quotes: "{{ ... }}"'),
    ("did not find expected key", None, "check the indentation and the quotes above"),
    ("did not find expected '-' indicator", None, "entries of one list begin in the same column"),
    ("unexpected end of stream", None, "a quote or bracket is not closed"),
    ("did not find expected ',' or", None, "a bracket is not closed, or a comma is missing"),
    ("undefined alias", None, "put text that begins with '*' in quotes"),
)


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One YAML file: its value, and where its entries stand."""

    file: str
    value: Any
    warnings: tuple[Fault, ...] = ()
    marks: dict[int, Any] = {}
    """By ``id`` of each mapping or list in ``value``: the marks of its entries."""

    def place_of(self, path: Sequence[str | int]) -> Place:
        """The place of the entry at ``path``, or of its nearest parent that exists."""
        container, mark = self.value, None
        for key in path:
            try:
                mark = self.marks[id(container)][key]
                container = container[key]
            except (KeyError, IndexError, TypeError):
                break
        return Place(file=self.file, line=1) if mark is None else self._place(mark)

    def place_in(self, container: Any, key: str | int) -> Place | None:
        """The place of ``key`` (or of the list item ``key``) in a mapping or list of this document."""
        try:
            return self._place(self.marks[id(container)][key])
        except (KeyError, IndexError, TypeError):
            return None

    def _place(self, mark: Any) -> Place:
        return Place(file=self.file, line=mark.line + 1, column=mark.column + 1)


def load_yaml(text: str, file: str) -> Document:
    """The document in ``text``; ``file`` is used for places only.

    Raises ParsingError with the place of the first syntax error.
    """
    try:
        value, marks, duplicates = build(text)
    except yaml.reader.ReaderError as error:
        raise _unreadable(error, text, file) from None
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(error, text, file) from None
    except RecursionError:
        raise ParsingError(
            "the YAML is nested too deeply", code="yaml", place=Place(file=file)
        ) from None
    return Document(
        file=file,
        value=value,
        marks=marks,
        warnings=tuple(_duplicate_warning(duplicate, file) for duplicate in duplicates),
    )


def load_mapping(text: str, file: str) -> Document:
    """Like ``load_yaml``, for files whose top level must be a mapping. An empty file is ``{}``."""
    document = load_yaml(text, file)
    if document.value is None:
        return Document(file=file, value={})
    if not isinstance(document.value, dict):
        raise ParsingError(
            f"the file holds {describe_type(document.value)} where a mapping is expected",
            code="yaml",
            place=Place(file=file, line=1),
            hint="it should consist of lines such as 'version: 2'",
        )
    return document


def describe_type(value: Any) -> str:
    """YAML's word for the type of a value, with its article."""
    words = {
        "str": "a text",
        "int": "a number",
        "float": "a number",
        "bool": "true or false",
        "list": "a list",
        "tuple": "a list",
        "dict": "a mapping",
        "NoneType": "nothing",
        "date": "a date",
        "datetime": "a date with time",
    }
    name = type(value).__name__
    return words.get(name, name)


def _syntax_error(error: yaml.MarkedYAMLError, text: str, file: str) -> ParsingError:
    mark = error.problem_mark or error.context_mark
    place = Place(file=file)
    character = ""
    if mark is not None:
        place = Place(file=file, line=mark.line + 1, column=mark.column + 1)
        character = _character_at(text, mark.line, mark.column)
    problem = error.problem or error.context or "the text is not valid YAML"
    context = f" {error.context}" if error.context and error.problem else ""
    return ParsingError(
        f"this is not valid YAML: {problem}{context}",
        code="yaml",
        place=place,
        hint=_hint(problem, character),
    )


def _hint(problem: str, character: str) -> str | None:
    for words, characters, hint in _HINTS:
        if words in problem and (characters is None or (character and character in characters)):
            return hint
    return None


def _character_at(text: str, line: int, column: int) -> str:
    lines = text.split("\n")
    return lines[line][column : column + 1] if line < len(lines) else ""


def _unreadable(error: yaml.reader.ReaderError, text: str, file: str) -> ParsingError:
    # libyaml counts bytes here, and the text before the fault is what has been accepted.
    position = error.position if isinstance(error.position, int) else 0
    before = text.encode("utf-8", "surrogatepass")[:position]
    character = error.character
    shown = f" (#x{character:04x})" if isinstance(character, int) and character > 0 else ""
    return ParsingError(
        f"this is not valid YAML: {error.reason}{shown}",
        code="yaml",
        place=Place(file=file, line=before.count(b"\n") + 1),
        hint="remove the control character",
    )


def _duplicate_warning(duplicate: DuplicateKey, file: str) -> Fault:
    return Fault(
        code="duplicate-yaml-key",
        label="Warning",
        message=f"the key '{duplicate.key}' stands twice in one mapping; the last one counts",
        place=Place(file=file, line=duplicate.line, column=duplicate.column),
        hint=f"it stands on line {duplicate.first_line} as well: remove one of them",
    )
