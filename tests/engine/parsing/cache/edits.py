"""Random edits of a project, of the kinds that people make, and what parsing makes of it either way."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Mapping
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
    """One edit of a random file."""
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


_EDITS: tuple[Callable[[Path, random.Random], None], ...] = (
    _comment,
    _comment,
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
)
