from __future__ import annotations

import pytest
from dbt.adapters.exceptions import FailedToConnectError
from dbt_common import exceptions as dbts

from tidemill.adapters.bridge.failures import carried, translate, translated
from tidemill.adapters.bridge.loading import enter
from tidemill.errors import (
    CompilationError,
    ConfigurationError,
    DatabaseError,
    ExecutionError,
    TidemillError,
)


@pytest.fixture(autouse=True)
def _context() -> None:
    enter()


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (dbts.DbtDatabaseError("no"), DatabaseError),
        (FailedToConnectError("no"), DatabaseError),
        (dbts.CompilationError("no"), CompilationError),
        (dbts.DbtConfigError("no"), ConfigurationError),
        (dbts.DbtRuntimeError("no"), ExecutionError),
    ],
)
def test_errors_of_plugins_are_ours(error: Exception, kind: type[TidemillError]) -> None:
    with pytest.raises(kind) as caught, translated():
        raise error

    assert caught.value.fault.message == "no"


def test_errors_of_python_stay_what_they_are() -> None:
    with pytest.raises(TypeError), translated():
        raise TypeError("of a macro")


def test_ours_come_through_a_plugin_unchanged() -> None:
    ours = CompilationError("of a macro that the plugin called")

    with pytest.raises(CompilationError) as caught, translated(), carried():
        raise ours

    assert caught.value is ours


def test_a_plugin_may_catch_ours() -> None:
    with pytest.raises(dbts.DbtRuntimeError, match="table not found"), carried():
        raise DatabaseError("table not found")


@pytest.mark.parametrize(
    ("message", "place"),
    [
        ("SQL compilation error:\nerror line 2 at position 7", (2, 8)),
        ("cannot resolve 'x' given input columns; line 1 pos 7", (1, 8)),
        ("line 3:12: Column 'x' cannot be resolved", (3, 12)),
        ("Unrecognized name: x at [2:9]", (2, 9)),
    ],
)
def test_places_are_read_from_the_warehouses_words(message: str, place: tuple[int, int]) -> None:
    found = translate(dbts.DbtDatabaseError(message), "select x").fault.place

    assert found is not None
    assert (found.line, found.column) == place
