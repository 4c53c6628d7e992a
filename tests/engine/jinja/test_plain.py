"""Plain templates give what Jinja gives, and the others are left to it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.engine.running.building import manifest, model
from tests.engine.running.hosting import make_host
from tidemill.engine.jinja import session as sessions
from tidemill.engine.jinja.plain import plain_text
from tidemill.engine.jinja.session import Session

PROJECT = manifest(model("orders"), model("a"))
ATOMS = (
    "select 1",
    " ",
    "\n",
    "\r\n",
    "\t",
    "-",
    "{{ ref('orders') }}",
    '{{ref("orders")}}',
    "{{- ref('orders') -}}",
    "{{ ref('shop', 'orders') -}}",
    "{{- this }}",
    "{{ this.name }}",
    "{{ config(materialized='table', tags=['a']) }}",
    "{{ var('n') }}",
    "{{ var('missing', none) }}",
    "{{ var('text') | upper }}",
    "{{ 'a' ~ 'b' }}",
    "{# a comment #}",
    "{#- another -#}",
    "{# with {{ braces }} #}",
    "{% set x = 1 -%}",
    "'{'",
    "}}",
    "{ {",
    "#}",
)


def _session(root: Path, macros: str = "") -> Session:
    host = make_host(root, macros=macros)
    host._vars["shop"] = {"n": 3, "text": "t"}
    return host.session(PROJECT.nodes["model.shop.a"], PROJECT, phase="compile")


def _outcome(session: Session, text: str) -> Any:
    try:
        return session.render(text)
    except Exception as error:  # noqa: BLE001 - both ways must fail alike
        return (type(error), str(error))


def test_random_templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = _session(tmp_path)
    templates = [
        "".join(random.Random(seed).choices(ATOMS, k=1 + seed % 9)) for seed in range(1500)
    ]
    plain = [_outcome(session, text) for text in templates]
    taken = sum(plain_text(text, session.context.lookup) is not None for text in templates)
    monkeypatch.setattr(sessions, "plain_text", lambda *_: None)
    monkeypatch.setattr(sessions, "rendered_in_parts", lambda *_: None)
    for text, found in zip(templates, plain, strict=True):
        assert found == _outcome(session, text), repr(text)
    assert taken > 200


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{{ ref('orders') }}", {"ref": lambda name: f"own {name}"}),
        ("{{ nothing('x') }}", {}),
        ("{{ ref('orders', **{}) }}", {}),
        ("{{ ref('a\\n') }}", {}),
        ("{{ ref }}", {}),
        ("{{ ref('x'", {}),
    ],
)
def test_what_is_left_to_jinja(text: str, names: Mapping[str, Any]) -> None:
    assert plain_text(text, names.get) is None


def test_a_macro_of_the_name_is_called(tmp_path: Path) -> None:
    session = _session(tmp_path, "{% macro ref(name) %}mine: {{ name }}{% endmacro %}")
    assert session.render("{{ ref('orders') }}") == "mine: orders"


def test_what_does_not_exist_is_told_with_its_place(tmp_path: Path) -> None:
    session = _session(tmp_path)
    kind, text = _outcome(session, "select 1\nfrom {{ ref('nowhere') }}")
    assert "nowhere" in text, kind
