"""Whatever stands in a file: it is read, or it is said that it cannot be read; nothing else, and it ends."""

from __future__ import annotations

import random

import pytest

from tests.engine.lineage.reading_cases import CASES, read_case
from tidemill.engine.lineage.reading import read_query
from tidemill.engine.lineage.resolving import Table, resolve
from tidemill.engine.lineage.summary import Known
from tidemill.engine.lineage.tokens import tokenize
from tidemill.engine.lineage.tree import Chain, Unreadable

_ALL = [read_case(path) for path in sorted(CASES.glob("*.sql"))]
_WORDS = [token for case in _ALL for token in tokenize(case.sql, case.dialect).written if token]


def _find(chain: Chain, text: str) -> Table:
    known = Known(("id", "amount"), complete=len(".".join(chain)) % 2 == 0)
    return Table(".".join(chain) or text, known)


def _try(sql: str, dialect: str) -> bool:
    try:
        resolve(read_query(sql, dialect), _find, dialect)
    except Unreadable:
        return False
    return True


@pytest.mark.parametrize("seed", range(8))
def test_random_damage(seed: int) -> None:
    chosen = random.Random(seed)
    readable = 0
    for _ in range(250):
        case = chosen.choice(_ALL)
        tokens = [token for token in tokenize(case.sql, case.dialect).written if token]
        for _ in range(chosen.randint(1, 4)):
            place = chosen.randrange(len(tokens) or 1)
            kind = chosen.randrange(4)
            if kind == 0 and len(tokens) > 1:
                del tokens[place]
            elif kind == 1:
                tokens.insert(place, chosen.choice(_WORDS))
            elif kind == 2:
                tokens[place] = chosen.choice(_WORDS)
            else:
                tokens = tokens[: place + 1]
        readable += _try(" ".join(tokens), case.dialect)
    assert readable > 20


@pytest.mark.parametrize(
    "sql",
    ["", ";", "select", "select 1 +", "with", "with a as (", "select * from", "'", '"', "/*", "$$"],
)
def test_next_to_nothing(sql: str) -> None:
    _try(sql, "duckdb")


def test_what_is_nested_too_deeply() -> None:
    assert not _try(f"select {'(' * 20_000}1{')' * 20_000}", "duckdb")
