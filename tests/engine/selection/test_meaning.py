"""Texts that mean the same, and texts that do not."""

from __future__ import annotations

import pytest

from tidemill.engine.selection.meaning import macro_meaning, meaning

SAME = {
    "indentation": ("select a,\n    b\nfrom t", "select a, b from t"),
    "blanks beside commas and brackets": ("select f( a , b )", "select f(a,b)"),
    "blanks at both ends": ("\n\nselect 1\n", "select 1"),
    "a line comment": ("select 1 -- one\nfrom t", "select 1\nfrom t"),
    "a comment at the end": ("select 1 -- one", "select 1"),
    "a block comment": ("select /* all\nof it */ 1", "select 1"),
    "a comment of Jinja": ("select {# why #}1", "select 1"),
    "blanks in a tag": ("from {{ref( 'a' )}}", "from {{ ref('a') }}"),
    "a reference on a line of its own": ("from\n  {{ ref('a') }}\nwhere x", "from {{ ref('a') }} where x"),
    "line ends": ("select 1\r\nfrom t", "select 1\nfrom t"),
    "blanks in a tag of configuration": ("{{ config(\n  materialized = 'table'\n) }}\nselect 1", "{{ config(materialized='table') }} select 1"),
}  # fmt: skip
OTHER = {
    "a literal": ("select 'a  b'", "select 'a b'"),
    "a comment in a literal": ("select '-- a'", "select '-- b'"),
    "a quoted name": ('select "a  b"', 'select "a b"'),
    "a name in backticks": ("select `a  b`", "select `a b`"),
    "dollar quotes": ("select $$a  b$$", "select $$a b$$"),
    "a literal with a doubled quote": ("select 'it''s  -- x'", "select 'it''s -- x'"),
    "a literal with Jinja": ("select '{{ var(\"a\") }}  '", "select '{{ var(\"a\") }} '"),
    "a literal in a tag": ("{{ ref('a  b') }}", "{{ ref('a b') }}"),
    "two words": ("select a b", "select ab"),
    "two signs": ("select a - -b", "select a --b\n"),
    "a hint": ("select /*+ index(a) */ 1", "select 1"),
    "a reference in a comment": ("select 1 -- {{ ref('a') }}\n", "select 1"),
    "blanks that a tag takes away": ("a {{- ref('a') }}", "a {{ ref('a') }}"),
    "a text that is a value": ("{% set x %}a  b{% endset %}{{ x }}", "{% set x %}a b{% endset %}{{ x }}"),
    "what stands beside a macro": ("{{ m() }}\nfrom t", "{{ m() }} from t"),
    "a name that touches a tag": ("a{{ var('x') }}", "a {{ var('x') }}"),
    "upper case": ("select A", "select a"),
    "a literal with a backslash": ("select 'a\\'  -- ' || b", "select 'a\\' -- ' || b"),
    "an open literal": ("select 'a  b", "select 'a b"),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_the_same(name: str) -> None:
    first, second = SAME[name]
    assert meaning(first) == meaning(second)


@pytest.mark.parametrize("name", OTHER)
def test_another(name: str) -> None:
    first, second = OTHER[name]
    assert meaning(first) != meaning(second)


def test_python() -> None:
    first = "def model(dbt, session):\n    # the orders\n    return dbt.ref('orders')\n"
    second = "def model(dbt, session):\n\n    return dbt.ref( 'orders' )\n"
    assert meaning(first, "python") == meaning(second, "python")
    assert meaning(first, "python") != meaning(first.replace("orders'", "o'"), "python")
    assert meaning("def (", "python") == "def ("


def test_macros_keep_their_text() -> None:
    first = "{% macro cents( a ) %}\n{# to cents #}{{ a*100 }}{% endmacro %}"
    assert macro_meaning(first) == macro_meaning(
        "{% macro   cents(a)  %}\n{{ a*100 }}{% endmacro %}"
    )
    assert macro_meaning(first) != macro_meaning(first.replace("\n", " "))
    assert macro_meaning("{{ 'a  b' }}") != macro_meaning("{{ 'a b' }}")
