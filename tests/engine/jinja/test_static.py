"""Tags that are read without rendering: what is taken by its form alone equals what Python's parser makes of it."""

from __future__ import annotations

import random

import pytest

from tidemill.engine.jinja import static
from tidemill.engine.jinja.static import Call, literal_call

_PARTS = (
    *("ref", "source", "config", "(", ")", ",", "'a'", '"b"', "'a b'", "'x#y'", "''", "v=1"),
    *(" ", "\n", "\t", "\r", "\xa0", "#"),
)


@pytest.mark.parametrize(
    ("text", "args"),
    [
        (" ref('a') ", ("a",)),
        ('- source( "raw",\n "t" ) -', ("raw", "t")),
        ("ref('it', \"isn't\")", ("it", "isn't")),
    ],
)
def test_references(text: str, args: tuple[str, ...]) -> None:
    assert literal_call(text) == Call(text.strip("- ").partition("(")[0], args, {})


def test_random_texts_mean_what_python_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    picker = random.Random(1)
    texts = [
        picker.choice(("", "ref(", "source("))
        + "".join(picker.choices(_PARTS, k=picker.randint(1, 6)))
        + picker.choice(("", ")"))
        for _ in range(20_000)
    ]
    found = [literal_call.__wrapped__(text) for text in texts]
    monkeypatch.setattr(static, "_REFERENCE", static.re.compile("(?!)"))
    assert [literal_call.__wrapped__(text) for text in texts] == found
    assert sum(call is not None for call in found) > 500
