"""ref, source and metric as text."""

from __future__ import annotations

import pytest

from tidemill.engine.nodes import Ref
from tidemill.engine.parsing.references import Reference, reference_of


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ref('a')", Reference("ref", ref=Ref("a"))),
        (" ref( \"p\" , 'a' ) ", Reference("ref", ref=Ref("a", "p"))),
        ("ref('a', v=2)", Reference("ref", ref=Ref("a", None, 2))),
        ("ref('a', version='2.1')", Reference("ref", ref=Ref("a", None, "2.1"))),
        ("{{ ref('a') }}", Reference("ref", ref=Ref("a"))),
        ("{{- source('s', 't') -}}", Reference("source", source=("s", "t"))),
        ("metric('m')", Reference("metric", metric=("m",))),
        ("source('s')", None),
        ("ref('a', x=1)", None),
        ("ref(a)", None),
        ("ref()", None),
        ("ref('a').b", None),
        ("orders", None),
        ("ref('a'", None),
        ("", None),
    ],
)
def test_references(text: str, found: Reference | None) -> None:
    assert reference_of(text) == found
