"""The template reader: whatever way it takes, what it reads must equal what rendering the whole reads."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from tests.engine.jinja.hosting import captured, host_of, model
from tidemill.engine.jinja.capture import Capture
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.jinja.pieces import pieces_of
from tidemill.engine.jinja.static import static_call
from tidemill.engine.parsing.templates import TemplateReader
from tidemill.errors import TidemillError

SAME = [
    "select 1",
    "select * from {{ ref('a') }} join {{ref(\"b\")}} using (id)",
    "{{ config(materialized='table', tags=['x', 'y'], meta={'a': {'b': [1, -2.5, none, True]}} ) }}",
    "{{- config({'alias': 'z'}) -}}\n{# {{ ref('not_read') }} #}\nselect {{ source('raw', 't') }}",
    "{{ ref('pkg', 'a') }} {{ ref('a', v=2) }} {{ ref('a', version='1') }} {{ this }}",
    "{{ config(enabled=true, unique_key=['a', 'b'], pre_hook=\"select '}}'\") }}",
]

DOUBTFUL = [
    "{% if true %}{{ ref('a') }}{% endif %}",
    "{{ ref(var('name')) }}",
    "{{ config(materialized=var('m', 'view')) }}",
    "{{ ref('a').identifier }}",
    "{{ ref('a') ~ 'x' }}",
    "{{ ref('a' ~ 'b') }}",
    "{{ config(tags='a' 'b') | upper }}",
    "{{ ref('a\\n') }}",
    "{{ my_macro('x') }}",
    "{{ ref(*names) }}",
    "select '{{' || 'x' || '}}'",
    "{{ config(meta={'a': {'b': {'c': {'d': 1}}}}) }}",
]


SHARED_STRUCTURE = """
{% set names = ['a', 'b'] %}
{% for name in names %}{{ ref(name) }}{% if not loop.last %}, {% endif %}{% endfor %}
"""

PIECEWISE = [
    "{% if true %}{{ ref('a') }}{% else %}{{ ref('b') }}{% endif %}",
    "{{ ref(var('name', 'a')) }}",
    "{{ config(materialized=var('m', 'view')) }}",
    "{{ ref('a').identifier }} {{ ref('a' ~ 'b') }} {{ ref('a') ~ 'x' }}",
    SHARED_STRUCTURE,
    "{% set x %}select 'it' from {{ ref('a') }}{% endset %}{{ config(meta={'sql': x}) }}",
    "{% set x = 'a' %}{% if x == 'a' %}{% set x = 'b' %}{% endif %}{{ ref(x) }}",
    "{% set ns = namespace(found='no') %}{% for n in ['p', 'q'] %}{% set ns.found = n %}{% endfor %}{{ ref(ns.found) }}",
    "{% macro local(name='d') %}{{ ref(name) }} it's{% endmacro %}{{ local() }}{{ local('e') }}{{ local(name='f') }}",
    "{% macro later() %}{{ ref(x) }}{% endmacro %}{% set x = 'late' %}{{ later() }}",
    "{% call shout('a') %}{{ ref('b') }} don't{% endcall %}{{ config(alias='z') }}",
    "{% filter upper %}it's {{ ref('a') }}{% endfilter %}",
    "{% with a = 'b' %}{{ ref(a) }}{% endwith %}",
    "{% do config(tags=['x']) %}{% set tags = ['y', 'z'] %}{{ config(tags=tags) }}",
    "{% set ref = 'mine' %}{{ config(alias=ref) }}",
    "{% for config in ['a', 'b'] %}{{ ref(config) }}{% endfor %}",
    "{% set q = {'k': {'n': 'deep'}} %}{{ ref(q['k']['n']) }}{{ ref(q.k.n) }}",
    "{{ shout(ref('a'), \"b\") | upper }} {{ 'x' if false else ref('c') }}",
    "{% for x in ['a'] if x == 'a' %}{% for y in ['b'] %}{{ ref(x ~ y) }}{% break %}{% endfor %}{% endfor %}",
    "{% set a, b = 'one', 'two' %}{{ ref(a) }}{{ ref(b) }}",
    "{{ undefined_name.anything('x') }}{{ ref('a') }}",
]

WHOLE = [
    "{% raw %}{{ ref('raw') }}{% endraw %}",
    "{{ ref('a\\n') }}",
    "select '{{' || 'x' || '}}'",
    "{{ config(meta={'a': {'b': {'c': {'d': {'e': 1}}}}}) }}",
    "{{ config(tags='a' 'b') }}",
]

MACROS = {
    "shop": "{% macro shout(a, b='d') %}{{ ref('of_shout') }}{{ a }}{% if caller %}{{ caller() }}{% endif %}{% endmacro %}"
}


def read(host: MacroHost, code: str) -> Capture:
    return TemplateReader(host).read(model(code))


@pytest.mark.parametrize("code", [*SAME, *DOUBTFUL, *PIECEWISE, *WHOLE])
def test_what_it_reads_equals_rendering(code: str) -> None:
    host = host_of(MACROS)
    assert _outcome(read, host, code) == _outcome(captured, host, code)


@pytest.mark.parametrize("code", SAME)
def test_plain_tags_are_read_without_rendering(code: str) -> None:
    pieces = pieces_of(code)
    assert pieces is not None
    assert all(piece.expression and static_call(piece.expression) for piece in pieces.pieces)


@pytest.mark.parametrize("code", DOUBTFUL)
def test_in_doubt_the_tag_is_left_to_rendering(code: str) -> None:
    pieces = pieces_of(code)
    assert pieces is None or any(
        not piece.expression or static_call(piece.expression) is None for piece in pieces.pieces
    )


@pytest.mark.parametrize("code", PIECEWISE)
def test_pieces_are_enough_for_common_jinja(code: str) -> None:
    assert pieces_of(code) is not None


def test_templates_of_one_structure_share_their_pieces() -> None:
    one, other = pieces_of(SHARED_STRUCTURE), pieces_of(SHARED_STRUCTURE.replace("'a'", "'z'"))
    assert one is not None
    assert other is not None
    assert [p.template for p in one.pieces] == [p.template for p in other.pieces]
    assert one != other


def test_random_texts_are_read_as_rendering_reads_them() -> None:
    pieces = [
        "select 'a{b' ",
        "{{ ref('m') }}",
        "{{ source('s', \"t\") }}",
        "{{ config(tags=['q'], enabled=true) }}",
        "{# {{ ref('hidden') }} it's #}",
        "-- comment 'quote\n",
        '"ident"',
        "{{ this }}",
        "{% raw %}{{ ref('raw') }}{% endraw %}",
        "{% set x = ref('set') %}",
        "{% set y %}it's {{ ref('block') }}{% endset %}",
        "{% if x is defined %}'{{ ref('if') }}{% endif %}",
        "{% for z in ['1', '2'] %}{{ ref(z) }}{% endfor %}",
        "{% macro ref(a) %}{{ a }}{% endmacro %}",
        "{{ shout('a') }}",
        "} } { {",
        "{{ var('v', 'd') }}",
        "{{ ref(var('v', \"it's\")) }}",
        "{{ config(meta={'y': y, 'x': 'x'}) }}",
    ]
    host = host_of(MACROS)
    for seed in range(400):
        picker = random.Random(seed)
        code = "".join(picker.choices(pieces, k=picker.randint(1, 7)))
        assert _outcome(read, host, code) == _outcome(captured, host, code), (seed, code)


def _outcome(way: Callable[[MacroHost, str], Capture], host: MacroHost, code: str) -> Any:
    try:
        found = vars(way(host, code))
        # dbt's static reader drops doubles of sources, its rendering does not.
        found |= {"sources": dict.fromkeys(found["sources"])}
        return {key: str(value) for key, value in found.items()}
    except TidemillError as error:
        return error.fault


def test_only_a_template_without_logic_loses_doubles_of_sources() -> None:
    host = host_of(MACROS)
    twice = "{{ source('s', 't') }}{{ ref('m') }}{{ ref('m') }}{{ source('s', 't') }}"
    assert read(host, twice).sources == [("s", "t")]
    assert len(read(host, twice).refs) == 2
    assert len(read(host, "{% set x = 1 %}" + twice).sources) == 2
