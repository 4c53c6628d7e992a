"""Which macro a materialisation is."""

from __future__ import annotations

import msgspec
import pytest

from tidemill.engine.jinja.registry import MacroRegistry
from tidemill.engine.nodes import Macro


def macro(package: str, name: str = "materialization_view_default") -> Macro:
    return Macro(
        unique_id=f"macro.{package}.{name}",
        name=name,
        package_name=package,
        path="macros/m.sql",
        original_file_path="macros/m.sql",
        macro_sql="",
    )


@pytest.mark.parametrize(
    ("packages", "replaceable", "winner"),
    [
        (("dbt", "lib"), False, "dbt"),
        (("dbt", "lib"), True, "lib"),
        (("dbt", "lib", "shop"), False, "shop"),
        (("dbt", "lib", "shop"), True, "shop"),
        (("lib",), False, "lib"),
        (("dbt",), True, "dbt"),
    ],
)
def test_a_package_replaces_what_is_built_in_only_when_allowed(
    packages: tuple[str, ...], replaceable: bool, winner: str
) -> None:
    registry = MacroRegistry(map(macro, packages), root="shop", internal=("dbt",))
    found = registry.find_materialization("view", ("duckdb",), replaceable=replaceable)
    assert found.package_name == winner


@pytest.mark.parametrize(("replaceable", "winner"), [(False, "dbt"), (True, "lib")])
def test_a_package_does_not_replace_by_being_more_specific(replaceable: bool, winner: str) -> None:
    specific = msgspec.structs.replace(macro("lib"), name="materialization_view_duckdb")
    registry = MacroRegistry([macro("dbt"), specific], root="shop", internal=("dbt",))
    found = registry.find_materialization("view", ("duckdb",), replaceable=replaceable)
    replaced = registry.replaced_materialization(found, ("duckdb",))
    assert (found.package_name, replaced) == (winner, "view" if replaceable else None)


@pytest.mark.parametrize(
    ("packages", "winner"),
    [(("dbt", "lib", "shop"), "shop"), (("dbt", "lib"), "lib"), (("dbt",), "dbt"), ((), None)],
)
def test_a_macro_of_any_package(packages: tuple[str, ...], winner: str | None) -> None:
    registry = MacroRegistry(
        [macro(package, "greet") for package in packages], root="shop", internal=("dbt",)
    )
    found = registry.find_anywhere("greet")
    assert (found and found.package_name) == winner
