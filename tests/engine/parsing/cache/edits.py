"""Random edits of a project, of the kinds that people make, and what parsing makes of it either way."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from tidemill.adapters.registry import adapter_for
from tidemill.engine.nodes import Manifest
from tidemill.engine.parsing.cached import Reasons, parse_cached
from tidemill.engine.parsing.memory import Memory
from tidemill.engine.parsing.project import parse_project
from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.project.loading import load_runtime
from tidemill.errors import TidemillError
from tidemill.events import Event, FaultFound

PROJECTS = Path(__file__).parents[3] / "projects"
_SECTIONS = (
    "nodes",
    "sources",
    "macros",
    "docs",
    "exposures",
    "groups",
    "unit_tests",
    "metrics",
    "semantic_models",
    "saved_queries",
    "functions",
    "disabled",
)
_OWN = frozenset({"profiles.yml", "dbt_project.yml", "packages.yml"})


class Outcome:
    """What one parse gave: resources and warnings, or faults."""

    def __init__(self, parse: Callable[[Callable[[Event], None]], tuple[Manifest, Any]]) -> None:
        self.warnings: list[str] = []
        self.faults: list[str] = []
        self.content: dict[str, Any] = {}
        self.reasons: Reasons | None = None
        try:
            manifest, self.reasons = parse(self._note)
        except TidemillError as error:
            self.faults = [str(fault) for fault in error.faults]
        else:
            self.content = {name: dict(getattr(manifest, name)) for name in _SECTIONS}
            self.content["hooks"] = manifest.hooks

    def _note(self, event: Event) -> None:
        if isinstance(event, FaultFound):
            self.warnings.append(f"{event.level} {event.fault}")


def loaded(root: Path, variables: Mapping[str, Any] | None = None, **options: Any) -> RuntimeConfig:
    return load_runtime(root, profiles_dir=root, cli_vars=variables, **options)


def cold(config: RuntimeConfig) -> Outcome:
    """Everything parsed."""
    adapter = adapter_for(config.target.type)(config.target.credentials, config.root)
    return Outcome(lambda emit: (parse_project(config, adapter, emit).manifest, None))


def warm(config: RuntimeConfig, memory: Memory | None = None) -> Outcome:
    """Parsed with what the last parse left, on disk or in memory."""
    adapter = adapter_for(config.target.type)(config.target.credentials, config.root)

    def parse(emit: Callable[[Event], None]) -> tuple[Manifest, Reasons]:
        found = parse_cached(config, adapter, emit, memory=memory)
        return found.project.manifest, found.reasons

    return Outcome(parse)


def copied(project: Path, to: Path) -> Path:
    """A copy of a project that can be edited."""
    ignored = shutil.ignore_patterns("target", "logs", ".tidemill", "*.duckdb")
    return Path(shutil.copytree(project, to, ignore=ignored))


def edit(root: Path, dice: random.Random) -> None:
    """One edit of a random file, if there is one to edit."""
    with suppress(IndexError):
        dice.choice(_EDITS)(root, dice)


def _files(root: Path, *endings: str, under: str = "") -> list[Path]:
    return [
        path
        for path in sorted((root / under).rglob("*"))
        if path.suffix in endings and path.name not in _OWN and "target" not in path.parts
    ]


def _comment(root: Path, dice: random.Random) -> None:
    path = dice.choice(_files(root, ".sql"))
    path.write_text(f"{path.read_text()}\n-- {dice.random()}")


def _new_ref(root: Path, dice: random.Random) -> None:
    path, other = dice.choices(_files(root, ".sql", under="models"), k=2)
    path.write_text(f"{path.read_text()}\n-- {{{{ ref('{other.stem}') }}}}")


def _config(root: Path, dice: random.Random) -> None:
    path = dice.choice(_files(root, ".sql", under="models"))
    option = dice.choice(
        [
            "materialized='view'",
            "materialized='table'",
            "materialized='ephemeral'",
            f"tags=['{dice.choice('abc')}']",
            "meta={'a': var('day', 1)}",
            "enabled=var('day', 1) < 3",
            "meta={'at': run_started_at}",
            "meta={'e': env_var('TIDEMILL_TEST_EDITS', 'none')}",
            "schema=target.name",
        ]
    )
    path.write_text(f"{{{{ config({option}) }}}}\n{path.read_text()}")


def _description(root: Path, dice: random.Random) -> None:
    path = dice.choice(_files(root, ".yml"))
    path.write_text(path.read_text().replace("description: ", f"description: z{dice.random()} ", 1))


def _other_test(root: Path, dice: random.Random) -> None:
    path = dice.choice(_files(root, ".yml"))
    old, new = dice.sample(["- unique", "- not_null"], k=2)
    path.write_text(path.read_text().replace(old, new, 1))


def _dropped_line(root: Path, dice: random.Random) -> None:
    path = dice.choice(_files(root, ".yml"))
    lines = path.read_text().splitlines()
    del lines[dice.randrange(len(lines)) : dice.randrange(len(lines) + 1)]
    path.write_text("\n".join(lines))


def _macro(root: Path, dice: random.Random) -> None:
    found = _files(root, ".sql", under="macros")
    if found:
        path = dice.choice(found)
        path.write_text(path.read_text().replace("%}", f"%}}{{# {dice.random()} #}}", 1))


def _docs(root: Path, dice: random.Random) -> None:
    for path in _files(root, ".md"):
        path.write_text(path.read_text().replace("%}", f"%}}{dice.random()}", 1))


def _added(root: Path, dice: random.Random) -> None:
    path = dice.choice(_files(root, ".sql", under="models"))
    path.with_stem(f"{path.stem}_{dice.randint(0, 99)}").write_text(path.read_text())


def _deleted(root: Path, dice: random.Random) -> None:
    dice.choice(_files(root, ".sql", ".yml")).unlink()


def _touched(root: Path, dice: random.Random) -> None:
    os.utime(dice.choice(_files(root, ".sql", ".yml")))


def _same_size(root: Path, dice: random.Random) -> None:
    """Another text under the size and times of the old one."""
    path = dice.choice(_files(root, ".sql"))
    text, state = path.read_text(), path.stat()
    path.write_text(text.replace("select", "SELECT", 1))
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


def _renamed(root: Path, dice: random.Random) -> None:
    path = dice.choice(_files(root, ".sql", under="models"))
    path.rename(path.with_stem(f"{path.stem}_{dice.randint(0, 9)}"))


def _known_elsewhere(root: Path, dice: random.Random) -> None:
    """What others know of a model."""
    path = dice.choice(_files(root, ".sql", under="models"))
    option = dice.choice(
        [
            f"alias='other_{dice.randint(0, 2)}'",
            f"schema='other_{dice.randint(0, 2)}'",
            f"access='{dice.choice(['private', 'protected', 'public'])}', group='g0'",
            f"group='g{dice.randint(0, 1)}'",
            f"event_time='at_{dice.randint(0, 2)}'",
            f"enabled={dice.choice(['true', 'false'])}",
        ]
    )
    path.write_text(f"{{{{ config({option}) }}}}\n{path.read_text()}")


def _groups(root: Path, dice: random.Random) -> None:
    names = ", ".join(
        f"{{name: g{number}, owner: {{name: o{dice.randint(0, 2)}}}}}"
        for number in range(dice.choice([1, 2, 2]))
    )
    (root / "models" / "groups_of_edits.yml").write_text(f"groups: [{names}]\n")


def _source(root: Path, dice: random.Random) -> None:
    name = f"s{dice.randint(0, 1)}"
    table = "{name: t, data_tests: [{unique: {arguments: {column_name: a}}}]}"
    text = f"sources: [{{name: {name}, config: {{event_time: e{dice.randint(0, 1)}}}, tables: [{table}]}}]\n"
    (root / "models" / f"sources_{dice.randint(0, 1)}.yml").write_text(text)
    if dice.random() < 0.5:
        path = dice.choice(_files(root, ".sql", under="models"))
        path.write_text(f"{path.read_text()}\n-- {{{{ source('{name}', 't') }}}}")


def _exposure(root: Path, dice: random.Random) -> None:
    model = dice.choice(_files(root, ".sql", under="models")).stem
    text = f"{{name: e, type: ml, owner: {{name: o}}, depends_on: [ref('{model}')]}}"
    (root / "models" / f"exposures_{dice.randint(0, 1)}.yml").write_text(f"exposures: [{text}]\n")


def _unit_test(root: Path, dice: random.Random) -> None:
    model, read = (path.stem for path in dice.choices(_files(root, ".sql", under="models"), k=2))
    seeds = _files(root, ".csv", under="seeds")
    given = dice.choice(
        [
            f"{{input: ref('{read}'), rows: [{{a: 1}}]}}",
            f"{{input: ref('{dice.choice(seeds).stem if seeds else read}')}}",
            f"{{input: ref('{read}'), format: csv, fixture: f{dice.randint(0, 1)}}}",
        ]
    )
    entry = f"{{name: u, model: {model}, given: [{given}], expect: {{rows: [{{a: 1}}]}}}}"
    (root / "models" / f"units_{dice.randint(0, 1)}.yml").write_text(f"unit_tests: [{entry}]\n")


def _fixture(root: Path, dice: random.Random) -> None:
    folder = root / "tests" / "fixtures"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"f{dice.randint(0, 1)}.csv").write_text(f"a\n{dice.randint(0, 9)}\n")


def _seed(root: Path, dice: random.Random) -> None:
    for path in _files(root, ".csv", under="seeds")[: dice.randint(0, 2)]:
        path.write_text(path.read_text() + path.read_text().splitlines()[-1] + "\n")


def _new_docs(root: Path, dice: random.Random) -> None:
    name = f"d{dice.randint(0, 1)}"
    text = f"{{% docs {name} %}}{dice.randint(0, 9)}{{% enddocs %}}"
    (root / "models" / f"docs_{dice.randint(0, 1)}.md").write_text(text)
    model = dice.choice(_files(root, ".sql", under="models")).stem
    entry = f"{{name: {model}, description: \"{{{{ doc('{name}') }}}}\"}}"
    (root / "models" / "docs_of_edits.yml").write_text(f"models: [{entry}]\n")


def _new_macro(root: Path, dice: random.Random) -> None:
    """A macro that comes or goes, and perhaps somebody who asks for it."""
    folder = root / "macros"
    folder.mkdir(exist_ok=True)
    number = dice.randint(0, 2)
    name = dice.choice(["", "default__", "duckdb__", "test_"]) + f"edit_{number}"
    body = dice.choice(
        [
            "1",
            "{{ edit_1() }}",
            "{{ return(adapter.dispatch('edit_2')(x)) }}",
            "{{ var('day', 1) }}",
        ]
    )
    path = folder / f"{name}.sql"
    if path.exists() and dice.random() < 0.6:
        path.unlink()
    else:
        path.write_text(f"{{% macro {name}(x=1, model=none) %}}{body}{{% endmacro %}}")
    model = dice.choice(_files(root, ".sql", under="models"))
    asked = dice.choice(
        [
            "",
            f"-- {{{{ edit_{number}() if edit_{number} is defined else 0 }}}}",
            f"{{{{ config(meta={{'k': edit_{number}() | string}}) if edit_{number} is defined }}}}",
        ]
    )
    model.write_text(f"{model.read_text()}\n{asked}")


def _project_file(root: Path, dice: random.Random) -> None:
    """Other vars, a comment, or hooks that come and go."""
    path = root / "dbt_project.yml"
    mark = "# edited"
    text = "".join(
        line
        for line in path.read_text().splitlines(keepends=True)
        if not line.endswith(f"{mark}\n")
    )
    lines = ['on-run-end: ["select 1"]', f"# {dice.random()}"]
    if "\nvars:" not in text:
        lines += [f"vars: {{day: {day}, other: {dice.random()}}}" for day in (1, 3)]
    chosen = {line.partition(":")[0]: line for line in dice.choices(lines, k=2)}
    path.write_text(text + "".join(f"{line} {mark}\n" for line in chosen.values()))


_EDITS: tuple[Callable[[Path, random.Random], None], ...] = (
    _comment,
    _comment,
    _project_file,
    _project_file,
    _new_ref,
    _config,
    _config,
    _description,
    _other_test,
    _dropped_line,
    _macro,
    _docs,
    _added,
    _deleted,
    _touched,
    _same_size,
    _renamed,
    _known_elsewhere,
    _known_elsewhere,
    _groups,
    _source,
    _exposure,
    _unit_test,
    _fixture,
    _seed,
    _new_docs,
    _new_macro,
    _new_macro,
)
