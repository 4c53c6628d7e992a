"""Snapshots over three states of a table; the rows are those that dbt-duckdb keeps."""

from __future__ import annotations

from pathlib import Path

from tests.engine.running.projects import rows, run, write

SRC = """
    {{ config(materialized='table') }}
    with t(id, name) as (values (1, 'a'), (2, 'b'), (3, 'c'))
    {% if var('step', 1) == 1 %} from t
    {% elif var('step') == 2 %} from t where id = 2 union all select 1, 'A2'
    {% else %} from t where id <> 1 {% endif %}
"""


def snapshot(config: str) -> dict[str, str]:
    entry = f"{{name: snap, relation: ref('src'), config: {{{config}}}}}"
    return {"models/src.sql": SRC, "snapshots/s.yml": f"snapshots: [{entry}]\n"}


def after_three_steps(root: Path) -> None:
    for step in (1, 2, 3):
        statuses = run(root, variables={"step": step}).statuses
        assert set(statuses.values()) == {"success"}


def test_deleted_rows_are_ended(tmp_path: Path) -> None:
    config = "strategy: check, unique_key: id, check_cols: [name], hard_deletes: invalidate"
    root = write(tmp_path, snapshot(config))
    after_three_steps(root)
    assert rows(root, "select id, name, dbt_valid_to is null from snap order by all") == [
        (1, "A2", False), (1, "a", False), (2, "b", True), (3, "c", False), (3, "c", True),
    ]  # fmt: skip


def test_deleted_rows_get_a_record_and_columns_their_names(tmp_path: Path) -> None:
    config = (
        "strategy: check, unique_key: [id], check_cols: all, hard_deletes: new_record, "
        "dbt_valid_to_current: \"date '9999-12-31'\", snapshot_meta_column_names: "
        "{dbt_valid_from: vf, dbt_valid_to: vt, dbt_scd_id: sid, dbt_is_deleted: gone}"
    )
    root = write(tmp_path, snapshot(config))
    after_three_steps(root)
    named = rows(root, "select column_name from duckdb_columns() where table_name = 'snap'")
    assert [name for (name,) in named] == [
        "id", "name", "sid", "dbt_updated_at", "vf", "vt", "gone",
    ]  # fmt: skip
    found = rows(root, "select id, name, gone, year(vt) = 9999 from snap order by all")
    assert found == [
        (1, "A2", "False", False), (1, "A2", "True", True), (1, "a", "False", False),
        (2, "b", "False", True),
        (3, "c", "False", False), (3, "c", "False", True), (3, "c", "True", False),
    ]  # fmt: skip
