"""dbt's own tests for adapters, from the package dbt-tests-adapter, as they are.

Every class with tests that no other builds on is collected, whether or not its name begins with Test. The name of
this file keeps it out of other runs of pytest:

    .venv-bridge/bin/pytest tests/adapter_suite/suite.py --warehouse duckdb
"""

from __future__ import annotations

import inspect
from importlib import import_module
from pathlib import Path
from typing import Any

import dbt.tests.adapter

FOLDER = Path(next(iter(dbt.tests.adapter.__path__)))


def _classes() -> list[type[Any]]:
    found = []
    for file in sorted(FOLDER.rglob("*.py")):
        parts = file.relative_to(FOLDER).with_suffix("").parts
        module = import_module(".".join(("dbt.tests.adapter", *parts)))
        own = (value for value in vars(module).values() if inspect.isclass(value))
        found += [kind for kind in own if kind.__module__ == module.__name__ and _has_tests(kind)]
    return found


def _has_tests(kind: type[Any]) -> bool:
    return any(
        name.startswith("test") and inspect.isfunction(getattr(kind, name)) for name in dir(kind)
    )


def _name(kind: type[Any]) -> str:
    """``basic.test_base.BaseSimple`` is collected as ``TestBasicBaseSimple``."""
    topic = kind.__module__.split(".")[3].title().replace("_", "")
    name = kind.__name__.removeprefix("Test")
    return f"Test{topic}{name}"


def _collected() -> dict[str, type[Any]]:
    classes = _classes()
    inner = {base for kind in classes for base in kind.__mro__[1:]}
    leaves = [kind for kind in classes if kind not in inner]
    return {
        _name(kind): type(_name(kind), (kind,), {"__doc__": kind.__module__}) for kind in leaves
    }


globals().update(_collected())
