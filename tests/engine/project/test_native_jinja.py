"""Native rendering: values keep their types, and faults are clear."""

from __future__ import annotations

from typing import Any

import pytest

from tidemill.engine.project.native_jinja import has_jinja, render_native
from tidemill.errors import CompilationError, TidemillError

CONTEXT: dict[str, Any] = {"number": 3, "text": "4", "items": [1, 2], "target": {"name": "dev"}}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("", ""),
        ("1", "1"),
        ("true", "true"),
        ("ends\n", "ends"),
        ("ends\n\n", "ends\n"),
        ("a\r\nb", "a\nb"),
        ("{{ number }}", 3),
        ("{{ text }}", "4"),
        ("{{ items }}", [1, 2]),
        ("{{ target.name }}", "dev"),
        ("{{ number }}{{ number }}", "33"),
        (" {{ number }}", " 3"),
        ("{{ number }}\n", 3),
        ("x_{{ text }}", "x_4"),
        ("{{ text | as_number }}", 4),
        ("{{ '1.5' | as_number }}", 1.5),
        ("{{ 'True' | as_bool }}", True),
        ("{{ '[1]' | as_native }}", [1]),
        ("{{ 'abc' | as_native }}", "abc"),
        ("{{ '5' | as_text }}", "5"),
        ("{{ 5 | as_text }}", "5"),
        ("{{ number == 3 }}", True),
        ("{{ none }}", "None"),
        ("{{ 3 }}", "3"),
        ("{{ number + 1 }}", 4),
        ("{% if number %}yes{% endif %}", "yes"),
        ("{% if not number %}yes{% endif %}", ""),
        ("{# note #}", ""),
        ("{{ items | is_list }}", True),
        ("{% set x = 5 %}{{ x }}", 5),
    ],
)
def test_values(text: str, value: Any) -> None:
    rendered = render_native(text, CONTEXT)
    assert (rendered, type(rendered)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("{{ numbr }}", "'numbr' is not defined here", "did you mean 'number'?"),
        ("a {{ numbr }}", "'numbr' is not defined here", "did you mean 'number'?"),
        ("{{ nothing.x }}", "could not render \"{{ nothing.x }}\": 'nothing' is undefined", None),
        ("{{ 1 + }}", 'could not render "{{ 1 + }}": unexpected', None),
        ("{{ 1 / 0 }}", 'could not render "{{ 1 / 0 }}": division by zero', None),
        ("{{ 'true' | as_bool }}", "the value 'true' is not true or false", None),
        ("{{ 'True' | as_number }}", "the value 'True' is not a number", None),
        ("{{ ''.__class__ }}", "'__class__' is not defined here", None),
    ],
)
def test_faults(text: str, message: str, hint: str | None) -> None:
    with pytest.raises(CompilationError) as caught:
        render_native(text, CONTEXT)
    fault = caught.value.fault
    assert fault.message.startswith(message)
    assert fault.hint == hint


def test_faults_of_called_functions_pass_through() -> None:
    def fail() -> None:
        raise CompilationError("mine", hint="do it")

    with pytest.raises(TidemillError, match="mine"):
        render_native("{{ fail() }}", {"fail": fail})


def test_has_jinja() -> None:
    assert [has_jinja(text) for text in ("{{", "{%", "{#", "{ a }", "")] == [True] * 3 + [False] * 2
