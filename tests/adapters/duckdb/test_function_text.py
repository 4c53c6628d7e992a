"""The text of cross-database macros, which must be dbt-duckdb's: compiled SQL is compared file by file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.running.hosting import make_host


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("dbt.dateadd('day', 1, 'x')", "\n\n    (x + cast(1 as bigint) * interval 1 day)"),
        (
            "dbt.dateadd('Week', 'n', 'x')",
            "\n\n    (x + (cast(n as bigint) * 7) * interval 1 day)",
        ),
        (
            "dbt.dateadd('quarter', 2, 'x')",
            "\n\n    (x + (cast(2 as bigint) * 3) * interval 1 month)",
        ),
        (
            "dbt.datediff('a', 'b', 'month')",
            "\n        (date_diff('month', a::timestamp, b::timestamp ))\n    ",
        ),
        ("dbt.split_part('a', 'b', -1)", "\n    string_split(a, b)[ -1 ]\n"),
        ("dbt.any_value('a')", "arbitrary(a)"),
        ("dbt.listagg('a', 'b')", "\n    string_agg(\n        a,\n        b\n        \n        )"),
        (
            "dbt.last_day('a', 'month')",
            (
                "cast(\n        \n\n    (\n\n    (date_trunc('month', a) + cast(1 as bigint) * interval 1 month)"
                " + cast(-1 as bigint) * interval 1 day)\n        as date)"
            ),
        ),
    ],
)
def test_text(tmp_path: Path, call: str, text: str) -> None:
    session = make_host(tmp_path).session(None, None, phase="run")
    assert session.render(f"{{{{ {call} }}}}") == text
