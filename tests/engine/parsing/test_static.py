"""The static reader: what it answers must equal rendering, and in doubt it must not answer."""

from __future__ import annotations

import random

import pytest

from tests.engine.jinja.hosting import captured, host_of
from tidemill.engine.jinja.capture import Capture
from tidemill.engine.parsing.static import static_calls
from tidemill.engine.parsing.templates import _captured

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


@pytest.mark.parametrize("code", SAME)
def test_what_it_reads_equals_rendering(code: str) -> None:
    calls = static_calls(code)
    assert calls is not None
    assert vars(_captured(calls)) == vars(captured(host_of(), code))


@pytest.mark.parametrize("code", DOUBTFUL)
def test_in_doubt_it_leaves_the_text_to_rendering(code: str) -> None:
    assert static_calls(code) is None


def test_random_texts_are_read_as_rendering_reads_them() -> None:
    pieces = [
        "select 'a{b' ",
        "{{ ref('m') }}",
        "{{ source('s', \"t\") }}",
        "{{ config(tags=['q'], enabled=true) }}",
        "{# {{ ref('hidden') }} #}",
        "-- comment 'quote\n",
        '"ident"',
        "{{ this }}",
        "{% raw %}{{ ref('raw') }}{% endraw %}",
        "{% set x = ref('set') %}",
        "} } { {",
        "{{ var('v', 'd') }}",
    ]
    host = host_of()
    for seed in range(300):
        picker = random.Random(seed)
        code = "".join(picker.choices(pieces, k=picker.randint(1, 6)))
        calls = static_calls(code)
        if calls is not None:
            read: Capture = _captured(calls)
            assert vars(read) == vars(captured(host, code)), (seed, code)
