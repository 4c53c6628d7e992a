"""A macro host over macros written in the test, with dbt's own global macros behind them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from tidemill.adapters.registry import adapter_for
from tidemill.engine.jinja.capture import Capture
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.nodes import Macro, Model
from tidemill.engine.parsing.macros import macros_of_file
from tidemill.engine.project.config import ProjectConfig, RuntimeConfig, Target
from tidemill.engine.project.packages import global_package


@lru_cache(maxsize=1)
def global_macros() -> tuple[Macro, ...]:
    """The macros of dbt's global project."""
    root = global_package().root
    files = sorted(root.joinpath("macros").rglob("*.sql"))
    return tuple(
        macro
        for file in files
        for macro in macros_of_file(
            file.read_text(), file=file.relative_to(root).as_posix(), package="dbt"
        )
    )


def host_of(macros: dict[str, str] | None = None, **options: Any) -> MacroHost:
    """A host for the project ``shop``. ``macros`` maps package names to the text of a macro file."""
    written = [
        macro
        for package, text in (macros or {}).items()
        for macro in macros_of_file(text, file="macros/here.sql", package=package)
    ]
    adapter_class = adapter_for("duckdb")
    credentials = adapter_class.normalise({"type": "duckdb"}, Path(), "shop")
    code_path = options.pop("code_path", None)
    config = RuntimeConfig(
        project=ProjectConfig(name="shop", root=Path(), **options.pop("project", {})),
        packages={
            name: ProjectConfig(name=name, root=Path()) for name in ("shop", *(macros or {}))
        },
        internal_packages=("dbt_duckdb", "dbt"),
        target=Target(
            profile_name="shop",
            name="dev",
            type="duckdb",
            database="memory",
            schema="main",
            credentials=credentials,
        ),
        **options,
    )
    return MacroHost(
        config,
        (*global_macros(), *written),
        adapter_class(credentials, Path()),
        code_path=code_path,
    )


def model(code: str = "", **fields: Any) -> Model:
    """A model ``orders`` of the project ``shop``."""
    values: dict[str, Any] = {
        "unique_id": "model.shop.orders",
        "resource_type": "model",
        "name": "orders",
        "package_name": "shop",
        "path": "orders.sql",
        "original_file_path": "models/orders.sql",
        "fqn": ("shop", "orders"),
        "alias": "orders",
        "schema": "main",
        "database": "memory",
        "raw_code": code,
    }
    return Model(**values | fields)


def captured(host: MacroHost, code: str) -> Capture:
    """What parsing ``code`` as a model notes."""
    capture = Capture()
    host.session(model(code), None, phase="parse", capture=capture).render(
        code, file="models/orders.sql"
    )
    return capture


def compiled(host: MacroHost, code: str, **fields: Any) -> str:
    """``code`` as a model, rendered in the compile phase."""
    return host.session(model(code, **fields), None).render(code, file="models/orders.sql")
