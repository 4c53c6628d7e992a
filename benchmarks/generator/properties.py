"""The YAML of a generated project: descriptions, columns, tests, sources, groups and exposures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

from benchmarks.generator.model_sql import COLUMNS
from benchmarks.generator.shape import GROUPS, STATUSES, Model, Shape, source_system

DOCUMENTED = ("amount", "event_date", "score", "status")


def property_files(shape: Shape) -> Iterator[tuple[str, str]]:
    """Yield path and text of each YAML file and of the docs blocks."""
    for folder, models in shape.folders().items():
        name = folder.rpartition("/")[2]
        yield f"models/{folder}/_{name}.yml", _models(models, shape)
    yield "models/staging/_sources.yml", _sources(shape)
    yield "models/_groups.yml", _groups()
    yield "models/_exposures.yml", _exposures(shape)
    yield "models/_docs.md", _docs()
    yield "seeds/_seeds.yml", _seeds(shape)


def without_tests_of_ephemerals(shape: Shape) -> Shape:
    """Return the shape as a project describes it that has no tests on ephemeral models."""
    return replace(shape, tests_ephemerals=False)


def _models(models: Sequence[Model], shape: Shape) -> str:
    entries = "\n".join(
        _model(model, shape)
        if shape.tests_ephemerals or model.materialized != "ephemeral"
        else f"  - name: {model.name}\n"
        for model in models
    )
    return f"version: 2\n\nmodels:\n{entries}"


def _model(model: Model, shape: Shape) -> str:
    """Return the entry of one model: about two generic tests, four described columns."""
    random = Random(f"properties of {model.name}/{shape.seed}")
    group = f"\n      group: {random.choice(GROUPS)}" if model.layer == "marts" else ""
    lines = [
        f"  - name: {model.name}",
        f"    description: >\n      Rows of {model.name.replace('_', ' ')}, one for each id. Read by",
        f"      people who work on {random.choice(GROUPS)}, and rebuilt every night.",
        f"    config:\n      tags: [{model.layer}, {random.choice(['core', 'extra'])}]{group}",
        f"      meta:\n        owner: team_{random.randint(1, 9)}\n        importance: {random.randint(1, 5)}",
        "    columns:",
        *(_column(column, model, random) for column in COLUMNS if random.random() < 0.5 or column == "id"),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _column(column: str, model: Model, random: Random) -> str:
    """Return the entry of one column, with the tests that hold for it."""
    words = f"{{{{ doc('{column}') }}}}" if column in DOCUMENTED else f"The {column} of the row."
    lines = [f'      - name: {column}\n        description: "{words}"']
    tests: list[str] = []
    if column == "id":
        tests = ["not_null", "unique"] if random.random() < 0.7 else ["not_null"]
        if model.parents and model.layer != "staging" and random.random() < 0.2:
            tests.append(
                "relationships:\n              arguments:\n"
                f"                to: ref('{model.parents[0]}')\n                field: id"
            )
    elif column == "status" and random.random() < 0.5:
        tests = [
            f"accepted_values:\n              arguments:\n                values: [{', '.join(STATUSES)}]"
        ]
    elif column in {"amount", "updated_at"} and random.random() < 0.2:
        tests = ["not_null:\n              config:\n                severity: warn"]
    if tests:
        lines.append("        data_tests:")
        lines += [f"          - {test}" for test in tests]
    return "\n".join(lines)


def _sources(shape: Shape) -> str:
    """Return all sources, each with its tables and a test on their key."""
    lines = ["version: 2", "", "sources:"]
    for system in sorted({source_system(table) for table in shape.sources}):
        lines += [f"  - name: {system}", "    schema: raw", "    tables:"]
        for table in (table for table in shape.sources if source_system(table) == system):
            lines += [
                f"      - name: {table}",
                f"        description: What {system} knows of {table}.",
                "        columns:",
                "          - name: id",
                "            data_tests: [not_null, unique]",
            ]
    return "\n".join(lines) + "\n"


def _groups() -> str:
    lines = ["version: 2", "", "groups:"]
    for group in GROUPS:
        lines += [f"  - name: {group}", f"    owner:\n      email: {group}@example.com"]
    return "\n".join(lines) + "\n"


def _exposures(shape: Shape) -> str:
    """Return one dashboard for every fifty models."""
    marts = [model.name for model in shape.models if model.layer == "marts"]
    lines = ["version: 2", "", "exposures:"]
    for number in range(max(1, shape.size // 50)):
        used = [marts[(number * 7 + step) % len(marts)] for step in range(3)]
        lines += [
            f"  - name: dashboard_{number:03}",
            "    type: dashboard",
            "    owner:\n      email: analytics@example.com",
            "    depends_on:",
            *(f"      - ref('{name}')" for name in sorted(set(used))),
        ]
    return "\n".join(lines) + "\n"


def _docs() -> str:
    return "\n".join(
        f"{{% docs {name} %}}\nThe {name.replace('_', ' ')} of the row, as **everyone** uses the word.\n"
        "{% enddocs %}\n"
        for name in DOCUMENTED
    )


def _seeds(shape: Shape) -> str:
    lines = ["version: 2", "", "seeds:"]
    for seed in shape.seeds:
        lines += [
            f"  - name: {seed}",
            f"    description: Codes and labels, list {seed}.",
            "    columns:",
            "      - name: code",
            "        data_tests: [unique, not_null]",
        ]
    return "\n".join(lines) + "\n"
