from __future__ import annotations

from typing import Any

import pytest

from tidemill.engine.selection import (
    Criterion,
    Difference,
    Intersection,
    Union,
    parse_selection,
    parse_words,
)
from tidemill.engine.selection.words import parse_criterion
from tidemill.errors import UsageError


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("orders", {"method": "fqn", "value": "orders"}),
        ("shop.staging.*", {"method": "fqn", "value": "shop.staging.*"}),
        ("models/staging", {"method": "path", "value": "models/staging"}),
        ("orders.sql", {"method": "file", "value": "orders.sql"}),
        ("ORDERS.CSV", {"method": "file", "value": "ORDERS.CSV"}),
        ("tag:nightly", {"method": "tag", "value": "nightly"}),
        (
            "config.meta.owner:me",
            {"method": "config", "arguments": ("meta", "owner"), "value": "me"},
        ),
        ("tag:a:b", {"method": "tag", "value": "a:b"}),
        ("+x", {"method": "fqn", "value": "x", "parents": True}),
        ("2+x", {"method": "fqn", "value": "x", "parents": True, "parents_depth": 2}),
        ("x+", {"method": "fqn", "value": "x", "children": True}),
        (
            "1+tag:x+03",
            {
                "method": "tag",
                "value": "x",
                "parents": True,
                "parents_depth": 1,
                "children": True,
                "children_depth": 3,
            },
        ),
        ("@x", {"method": "fqn", "value": "x", "childrens_parents": True}),
        (
            "@2+x",
            {
                "method": "fqn",
                "value": "x",
                "childrens_parents": True,
                "parents": True,
                "parents_depth": 2,
            },
        ),
        ("", {"method": "fqn", "value": ""}),
    ],
)
def test_a_word_is_one_criterion(word: str, expected: dict[str, Any]) -> None:
    assert parse_criterion(word) == Criterion(raw=word, **expected)


def test_blanks_join_and_commas_intersect() -> None:
    a, b, c = (Criterion(raw=x, method="fqn", value=x) for x in "abc")
    assert parse_words(["a b,c", " a "]) == Union(
        parts=(
            Intersection(parts=(a,), raw="a"),
            Intersection(parts=(b, c), raw="b,c"),
            Intersection(parts=(a,), raw="a"),
        )
    )


def test_exclusion_is_a_difference_and_nothing_means_everything() -> None:
    everything = Criterion(raw="*", method="all", value="*")
    assert parse_selection([]) == everything
    assert parse_selection([], ["a"]) == Difference(include=everything, exclude=parse_words(["a"]))
    assert parse_selection(["b"], ["a"], indirect="empty") == Difference(
        include=parse_words(["b"], indirect="empty"), exclude=parse_words(["a"], indirect="empty")
    )


def test_an_empty_word_is_not_everything() -> None:
    nothing = Criterion(raw="", method="fqn", value="")
    assert parse_words([""]) == Union(parts=(Intersection(parts=(nothing,), raw=""),))


@pytest.mark.parametrize(
    ("word", "message", "hint"),
    [
        (
            "tags:x",
            "'tags' is not a valid method name in the selector 'tags:x'",
            "did you mean 'tag'?",
        ),
        ("confg.materialized:x", "'confg' is not a valid method name", "did you mean 'config'?"),
        ("zzz:x", "'zzz' is not a valid method name", "methods are fqn, tag, "),
        ("@x+", "The selector '@x+' has both '@' in front and '+' behind", "leave one"),
        ("a\nb", "cannot be read", "[@][n+][method:]value[+n]"),
    ],
)
def test_what_cannot_be_read_says_so(word: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse_criterion(word)
    assert message in raised.value.fault.message
    assert hint in (raised.value.fault.hint or "")


def test_an_unknown_indirect_mode_is_refused() -> None:
    with pytest.raises(UsageError, match="'cautios' is no mode") as raised:
        parse_selection(["a"], indirect="cautios")  # type: ignore[arg-type]
    assert raised.value.fault.hint == "did you mean 'cautious'?"
