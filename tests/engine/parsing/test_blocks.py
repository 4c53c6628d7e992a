"""Top-level blocks of macro, docs and snapshot files, by dbt's rules."""

from __future__ import annotations

import pytest

from tidemill.engine.parsing.blocks import (
    DOCS_BLOCKS,
    GENERIC_TEST_BLOCKS,
    MACRO_BLOCKS,
    Block,
    split_blocks,
)
from tidemill.errors import CompilationError, Place


def test_a_macro_with_its_text_body_and_lines() -> None:
    text = "-- about\n\n{% macro cents(column, scale=2) %}\n  {{ column }}\n{% endmacro %}\nafter\n"
    assert split_blocks(text, "macros/cents.sql", MACRO_BLOCKS) == [
        Block(
            kind="macro",
            name="cents",
            header="cents(column, scale=2)",
            text="{% macro cents(column, scale=2) %}\n  {{ column }}\n{% endmacro %}",
            body="\n  {{ column }}\n",
            line=3,
            body_line=3,
        )
    ]


def test_whitespace_control_takes_the_space_around_into_the_text() -> None:
    text = "a\n\n  {%- macro m() -%}\n\n  x  {%- endmacro -%}\n\nb"
    [block] = split_blocks(text, "m.sql")
    assert block.text == "\n\n  {%- macro m() -%}\n\n  x  {%- endmacro -%}\n\n"
    assert (block.body, block.line, block.body_line) == ("x", 1, 5)


def test_white_space_around_the_file_belongs_to_no_block() -> None:
    text = "\n\n{%- macro m() -%}x{%- endmacro -%}\n\n"
    [block] = split_blocks(text, "m.sql")
    assert (block.text, block.line) == ("{%- macro m() -%}x{%- endmacro -%}", 3)


def test_tags_hide_in_strings_comments_expressions_and_raw_sections() -> None:
    text = (
        "{# {% macro no() %} #}\n"
        "{{ '{% macro no() %}' ~ \"}}\" }}\n"
        "{% raw %}{% macro no() %}{% endraw %}\n"
        "{% macro yes(a='%}', b=\"it's\") %}{% raw %}{% endmacro %}{% endraw %}{% endmacro %}"
    )
    [block] = split_blocks(text, "m.sql", MACRO_BLOCKS)
    assert (block.name, block.line) == ("yes", 4)
    assert block.body == "{% raw %}{% endmacro %}{% endraw %}"


@pytest.mark.parametrize(
    ("text", "kind", "name", "header"),
    [
        ("{% test close(model) %}{% endtest %}", "test", "close", "close(model)"),
        ("{% data_test close(model) %}{% enddata_test %}", "test", "close", "close(model)"),
        (
            "{% materialization view, adapter='duckdb' -%}{% endmaterialization %}",
            "materialization",
            "view",
            "view, adapter='duckdb'",
        ),
        ("{% docs orders %}About.{% enddocs %}", "docs", "orders", "orders"),
        ("{%+ snapshot s %}select 1{% endsnapshot %}", "snapshot", "s", "s"),
    ],
)
def test_every_kind_of_block(text: str, kind: str, name: str, header: str) -> None:
    [block] = split_blocks(text, "f.sql")
    assert (block.kind, block.name, block.header, block.text) == (kind, name, header, text)


def test_only_the_kinds_asked_for_are_blocks() -> None:
    text = "{% macro a() %}{% endmacro %}{% test b() %}{% endtest %}{% docs c %}{% enddocs %}"
    assert [b.name for b in split_blocks(text, "f", GENERIC_TEST_BLOCKS)] == ["b"]
    assert [b.name for b in split_blocks(text, "f", DOCS_BLOCKS)] == ["c"]


def test_tags_outside_of_blocks_are_reported() -> None:
    met: list[tuple[str, Place]] = []
    split_blocks(
        "{% set x = 1 %}\n {% macro a() %}{% set y = 2 %}{% endmacro %}\n{% endmacro %}",
        "m.sql",
        unexpected=lambda tag, place: met.append((tag, place)),
    )
    assert met == [
        ("set", Place(file="m.sql", line=1, column=1)),
        ("endmacro", Place(file="m.sql", line=3, column=1)),
    ]


@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        ("\n{% macro a() %}", "the macro block 'a' has no end", 2, 1),
        ("x {# note", "this comment has no end '#}'", 1, 3),
        ("{{ 'a' ", "this expression has no end '}}'", 1, 1),
        ("{% macro a(x='1) %}{% endmacro %}", "the tag 'macro' has no end '%}'", 1, 1),
        ("{% raw %} {% macro a() %}", "this raw section has no end '{% endraw %}'", 1, 1),
        ("{% docs %}{% enddocs %}", "this docs block has no name", 1, 1),
        ("{% endif %}", "'endif' without an 'if' before it", 1, 1),
        (
            "{% for a in b %}\n{% endif %}",
            "'endif' where 'endfor' is expected, for the 'for'",
            2,
            1,
        ),
        (
            "{% macro a() %}\n{% macro b() %}{% endmacro %}",
            "the macro block stands inside the macro block 'a' that begins on line 1",
            2,
            1,
        ),
        (
            "{% if a %}\n  {%- macro b() %}{% endmacro %}{% endif %}",
            "the macro block stands inside 'if' of line 1",
            2,
            3,
        ),
        ("{% macro a() %}\n{% if x %}\n{% endmacro %}", "'if' is still open at 'endmacro'", 2, 1),
    ],
)
def test_faults_name_their_place(text: str, message: str, line: int, column: int) -> None:
    with pytest.raises(CompilationError) as caught:
        split_blocks(text, "macros/m.sql")
    fault = caught.value.fault
    assert fault.message.startswith(message)
    assert fault.place == Place(file="macros/m.sql", line=line, column=column)


def test_long_unbalanced_text_fails_at_once() -> None:
    with pytest.raises(CompilationError):
        split_blocks("{% macro a(" + "x" * 200_000 + " % } ' ", "m.sql")
