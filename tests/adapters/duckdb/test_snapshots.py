from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.adapters.duckdb.workshop import Workshop

SNAPSHOT = """
{{% snapshot {name} %}}
{{{{ config(unique_key='id', {config}) }}}}
select * from {{{{ ref('source_rows') }}}}
{{% endsnapshot %}}
"""
SOURCE = """
{{ config(materialized='table') }}
{% if var('day', 1) == 1 %}
select 1 as id, 'one' as word, timestamp '2024-01-01' as changed
union all select 2, 'two', timestamp '2024-01-01'
{% else %}
select 1 as id, 'uno' as word, timestamp '2024-02-01' as changed
union all select 3, 'three', timestamp '2024-02-01'
{% endif %}
"""
CONFIGS = {
    "by_time": "strategy='timestamp', updated_at='changed'",
    "by_check": "strategy='check', check_cols=['word'], invalidate_hard_deletes=true",
    "with_deletes": "strategy='timestamp', updated_at='changed', hard_deletes='new_record'",
    "open_ended": (
        "strategy='timestamp', updated_at='changed', "
        "dbt_valid_to_current=\"timestamp '9999-12-31'\""
    ),
}


def history(shop: Workshop, name: str, extra: str = "") -> list[tuple[Any, ...]]:
    valid = "case when dbt_valid_to is null then 'open' when dbt_valid_to > '9000-01-01' then 'far' else 'ended' end"
    return shop.rows(f"select id, word, {valid}{extra} from {name} order by all")


def test_changes_are_kept(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    shop.write({"models/source_rows.sql": SOURCE})
    for name, config in CONFIGS.items():
        shop.write({f"snapshots/{name}.sql": SNAPSHOT.format(name=name, config=config)})

    for day in (1, 2, 2):
        assert shop.build(variables={"day": day}).failures == {}

    changed = [(1, "one", "ended"), (1, "uno", "open"), (2, "two", "open"), (3, "three", "open")]
    assert history(shop, "by_time") == changed
    assert history(shop, "by_check") == [
        (1, "one", "ended"),
        (1, "uno", "open"),
        (2, "two", "ended"),
        (3, "three", "open"),
    ]
    assert history(shop, "with_deletes", ", dbt_is_deleted") == [
        (1, "one", "ended", "False"),
        (1, "uno", "open", "False"),
        (2, "two", "ended", "False"),
        (2, "two", "open", "True"),
        (3, "three", "open", "False"),
    ]
    assert history(shop, "open_ended") == [
        (1, "one", "ended"),
        (1, "uno", "far"),
        (2, "two", "far"),
        (3, "three", "far"),
    ]
    assert set(shop.relations()) == {"source_rows", *CONFIGS}
