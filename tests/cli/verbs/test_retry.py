"""``retry`` on the command line: the previous command again, with its flags, for what it left undone."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Tidemill


def _results(shop: Path) -> dict[str, str]:
    data = json.loads((shop / "target" / "run_results.json").read_text())
    return {entry["unique_id"]: entry["status"] for entry in data["results"]}


def test_until_all_is_done(tidemill: Tidemill, shop: Path) -> None:
    broken = shop / "models" / "broken.sql"
    broken.write_text("select {{ var('what') }} as id from {{ ref('raw_orders') }}")
    (shop / "models" / "behind.sql").write_text("select * from {{ ref('broken') }}")
    words = ("--select", "raw_orders", "broken", "behind", "--exclude", "test_type:data")
    assert tidemill("build", *words, "--vars", "{what: nothing}").code == 1
    assert tidemill("retry").code == 1
    assert _results(shop) == {"model.shop.broken": "error", "model.shop.behind": "skipped"}
    said = tidemill("retry", "--vars", "{what: 1}")
    assert said.code == 0, said.out
    assert _results(shop) == {"model.shop.broken": "success", "model.shop.behind": "success"}
    nothing = tidemill("retry")
    assert nothing.code == 0
    assert (
        "Nothing to do. Try checking your model configs and model specification args"
        in nothing.lines
    )


def test_an_operation_is_called_again_with_its_arguments(tidemill: Tidemill, shop: Path) -> None:
    macro = shop / "macros" / "say.sql"
    macro.parent.mkdir(exist_ok=True)
    macro.write_text(
        "{% macro say(word) %}{{ exceptions.raise_compiler_error(word) }}{% endmacro %}"
    )
    assert tidemill("run-operation", "say", "--args", "{word: hello}").code == 1
    macro.write_text("{% macro say(word) %}{{ print('said ' ~ word) }}{% endmacro %}")
    said = tidemill("retry")
    assert (said.code, "said hello" in said.lines) == (0, True), said.out
    assert "there is nothing to retry" in tidemill("retry").out


def test_without_a_previous_command(tidemill: Tidemill, shop: Path) -> None:
    said = tidemill("retry")
    assert said.code == 2
    assert said.lines[1:3] == ["Encountered an error:", "Runtime Error"]
    assert "Could not find previous run" in said.lines[3]
