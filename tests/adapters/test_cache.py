from __future__ import annotations

from random import Random

import pytest

from tidemill.adapters.cache import RelationCache
from tidemill.adapters.relation import Relation
from tidemill.errors import CompilationError


def relation(name: str, kind: str = "table", schema: str = "main") -> Relation:
    return Relation.create(database="shop", schema=schema, identifier=name, type=kind)


@pytest.fixture
def cache() -> RelationCache:
    cache = RelationCache()
    cache.load("shop", "main", [relation("a"), relation("b", "view")])
    return cache


def test_what_was_loaded_is_known(cache: RelationCache) -> None:
    cache.load("shop", "empty")

    assert cache.knows("SHOP", "Main")
    assert cache.knows("shop", "empty")
    assert not cache.knows("shop", "other")
    assert cache.list("shop", "MAIN") == [relation("a"), relation("b", "view")]
    assert cache.list("shop", "other") == []
    assert cache.get("Shop", "main", "a") == relation("a")
    assert cache.get("shop", "main", "c") is None


def test_changes_are_noted(cache: RelationCache) -> None:
    cache.add(relation("c"))
    cache.add(relation("A", "view"))
    cache.drop(relation("b"))
    cache.drop(relation("never there"))

    assert cache.list("shop", "main") == [relation("A", "view"), relation("c")]


def test_a_rename_keeps_what_is_known(cache: RelationCache) -> None:
    cache.rename(relation("b", "table"), relation("b2", "table"))
    cache.rename(relation("tmp"), relation("new"))

    assert cache.get("shop", "main", "b2") == relation("b2", "view")
    assert cache.get("shop", "main", "new") == relation("new")
    assert cache.get("shop", "main", "b") is None


def test_a_schema_that_was_never_loaded_stays_unknown(cache: RelationCache) -> None:
    cache.add(relation("x", schema="other"))
    cache.rename(relation("x", schema="other"), relation("y", schema="other"))

    assert not cache.knows("shop", "other")
    assert cache.list("shop", "other") == []


def test_forgetting(cache: RelationCache) -> None:
    cache.load("shop", "two", [relation("x", schema="two")])

    cache.drop_schema("shop", "MAIN")
    assert (cache.knows("shop", "main"), cache.knows("shop", "two")) == (False, True)
    cache.clear()
    assert not cache.knows("shop", "two")


def test_names_that_differ_by_case_are_not_guessed(cache: RelationCache) -> None:
    with pytest.raises(CompilationError, match="differs by case"):
        cache.get("shop", "main", "A")


def test_views_go_with_what_they_read(cache: RelationCache) -> None:
    cache.load("shop", "far", [relation("c", "view", "far")])
    cache.link([(relation("b"), relation("a")), (relation("c", schema="far"), relation("b"))])

    cache.rename(relation("a"), relation("a__backup"))
    cache.add(relation("a"))
    cache.drop(relation("a__backup"))

    assert cache.list("shop", "main") == [relation("a")]
    assert cache.list("shop", "far") == []


def test_what_is_not_linked_stays(cache: RelationCache) -> None:
    cache.link([(relation("b"), relation("a"))])
    cache.rename(relation("b"), relation("c"))

    cache.drop(relation("b"))
    assert cache.get("shop", "main", "c") == relation("c", "view")

    cache.drop(relation("a"))
    assert cache.list("shop", "main") == []


def test_links_follow_names_as_if_all_were_looked_through() -> None:
    for seed in range(300):
        random = Random(seed)
        names = [f"r{number}" for number in range(6)]
        cache, links = RelationCache(), _Links()
        cache.load("shop", "main", [relation(name) for name in names])
        pairs = [random.sample(names, 2) for _ in range(8)]
        cache.link((relation(reader), relation(read)) for reader, read in pairs)
        for reader, read in pairs:
            links.readers.setdefault(read, set()).add(reader)
        for _ in range(6):
            old, new = random.choice(names), f"n{random.randrange(4)}"
            if random.random() < 0.3:
                cache.drop(relation(old))
                links.drop(old)
            elif old != new:
                cache.rename(relation(old), relation(new))
                links.rename(old, new)
            names = [*{*names, new}]
        found = {r.identifier for r in cache.list("shop", "main")}
        for name in names:
            cache.drop(relation(name))
            found -= links.drop(name)
            assert {r.identifier for r in cache.list("shop", "main")} == found


class _Links:
    """What goes with what, found by looking through everything."""

    def __init__(self) -> None:
        self.readers: dict[str, set[str]] = {}

    def rename(self, old: str, new: str) -> None:
        if old in self.readers:
            self.readers[new] = self.readers.pop(old)
        for readers in self.readers.values():
            if old in readers:
                readers.remove(old)
                readers.add(new)

    def drop(self, name: str) -> set[str]:
        gone, waiting = set(), [name]
        while waiting:
            name = waiting.pop()
            gone.add(name)
            waiting += self.readers.pop(name, ())
        return gone
