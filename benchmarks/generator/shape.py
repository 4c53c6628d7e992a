"""What a generated project consists of, before any text is written: names, layers and who reads whom.

The shape is that of macro-heavy production projects: 40 % staging views over sources, 30 % intermediate views
(one in ten ephemeral), 30 % mart tables (one in ten incremental), two or three parents each; one model in ten
written with Jinja loops and project macros, one in twenty with macros that ask the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

Layer = Literal["staging", "intermediate", "marts"]
Flavour = Literal["plain", "jinja", "library"]

PER_FOLDER = 25
SOURCE_ROWS = 200
SYSTEMS = ("billing", "crm", "logistics", "shop", "support", "web")
THINGS = (
    "accounts",
    "campaigns",
    "deliveries",
    "invoices",
    "orders",
    "payments",
    "products",
    "refunds",
    "sessions",
    "tickets",
)
STATUSES = ("open", "paid", "shipped", "returned")
GROUPS = ("finance", "growth", "operations")


@dataclass(frozen=True)
class Model:
    """One model: where it stands, how it is built and what it reads."""

    name: str
    layer: Layer
    folder: str
    materialized: str
    flavour: Flavour
    parents: tuple[str, ...]
    """Names of models and seeds."""
    sources: tuple[str, ...]
    """Names of source tables."""


@dataclass(frozen=True)
class Shape:
    """A whole project of a given size."""

    size: int
    seed: int
    models: tuple[Model, ...]
    sources: tuple[str, ...]
    seeds: tuple[str, ...]
    snapshots: tuple[str, ...]
    """Names of the models that have a snapshot."""
    tests_ephemerals: bool = True
    """Whether ephemeral models are described and tested like others."""

    def folders(self) -> dict[str, list[Model]]:
        """Return the models of each folder, in order."""
        found: dict[str, list[Model]] = {}
        for model in self.models:
            found.setdefault(model.folder, []).append(model)
        return found


def source_system(table: str) -> str:
    """Return the source that a table belongs to: the first word of its name."""
    return table.partition("_")[0]


def make_shape(size: int, seed: int = 0) -> Shape:
    """Plan a project of `size` models."""
    random = Random(f"{size}/{seed}")
    sources = tuple(
        f"{SYSTEMS[n % len(SYSTEMS)]}_{THINGS[n % len(THINGS)]}_{n:03}"
        for n in range(max(2, size // 20))
    )
    seeds = tuple(f"codes_{n:03}" for n in range(max(2, size // 100)))
    staging = [_staging(n, sources, seeds, random) for n in range(size * 4 // 10)]
    between = _layer("intermediate", size * 3 // 10, [staging], random)
    marts = _layer("marts", size - len(staging) - len(between), [staging, between], random)
    return Shape(
        size=size,
        seed=seed,
        models=(*staging, *between, *marts),
        sources=sources,
        seeds=seeds,
        snapshots=tuple(model.name for model in staging[: max(1, size // 200)]),
    )


def _staging(number: int, sources: Sequence[str], seeds: Sequence[str], random: Random) -> Model:
    """Plan a staging model: one source, and another source or a seed beside it."""
    table = sources[number % len(sources)]
    beside = random.random() < 0.6
    other = sources[(number * 7 + 1) % len(sources)]
    return Model(
        name=f"stg_{table}_{number:04}",
        layer="staging",
        folder=f"staging/{source_system(table)}_{number // PER_FOLDER:03}",
        materialized="view",
        flavour=_flavour(number),
        parents=() if beside else (random.choice(seeds),),
        sources=(table, other) if beside and other != table else (table,),
    )


def _layer(
    layer: Layer, count: int, below: Sequence[Sequence[Model]], random: Random
) -> list[Model]:
    """Plan the models of a layer: they read the layers below, and now and then each other."""
    made: list[Model] = []
    special = "ephemeral" if layer == "intermediate" else "incremental"
    usual = "view" if layer == "intermediate" else "table"
    for number in range(count):
        flavour = _flavour(number)
        is_special = number % 10 == 3
        made.append(
            Model(
                name=f"{'int' if layer == 'intermediate' else 'mart'}_{random.choice(THINGS)}_{number:04}",
                layer=layer,
                folder=f"{layer}/area_{number // PER_FOLDER:03}",
                materialized=special if is_special else usual,
                flavour=flavour,
                parents=_parents([*below, made[-20:]], flavour, random),
                sources=(),
            )
        )
    return made


def _parents(
    layers: Sequence[Sequence[Model]], flavour: Flavour, random: Random
) -> tuple[str, ...]:
    """Choose two or three models, most of them from the layer just below the newest."""
    weights = [1] * (len(layers) - 2) + [7, 2]
    names: dict[str, None] = {}
    wanted = 2 if random.random() < 0.7 else 3
    while len(names) < wanted:
        layer = random.choices(layers, weights)[0]
        if not layer:
            continue
        parent = random.choice(layer)
        # Library macros ask the database for the columns of a parent, which needs one that is there.
        if flavour != "library" or parent.materialized != "ephemeral":
            names[parent.name] = None
    return tuple(names)


def _flavour(number: int) -> Flavour:
    """One in ten with Jinja, one in twenty with library macros, the rest plain."""
    if number % 20 == 7:
        return "library"
    return "jinja" if number % 10 == 5 else "plain"
