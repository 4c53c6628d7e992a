"""Small projects with everything that lineage goes through, written into a folder."""

from __future__ import annotations

import textwrap
from pathlib import Path

from tidemill.commands.lineage_reading import column_lineage
from tidemill.commands.opening import open_project
from tidemill.engine.lineage.project_lineage import ProjectLineage
from tidemill.engine.lineage.summary import Summary

FILES = {
    "dbt_project.yml": """
        name: shop
        version: "1.0"
        profile: shop
        vars: {smallest: 10}
        """,
    "profiles.yml": """
        shop:
          target: dev
          outputs:
            dev: {type: duckdb, path: shop.duckdb}
            other: {type: duckdb, path: other.duckdb, schema: elsewhere}
        """,
    "seeds/countries.csv": "code,country\nde,Germany\n",
    "models/sources.yml": """
        sources:
          - name: raw
            tables:
              - name: orders
                columns: [{name: id}, {name: amount}]
              - name: people
        """,
    "models/exposures.yml": """
        exposures:
          - {name: board, type: dashboard, owner: {name: Ada}, depends_on: [ref('totals')]}
        """,
    "models/stg_orders.sql": "select *, amount / 100 as price from {{ source('raw', 'orders') }}",
    "models/stg_people.sql": """
        {{ config(materialized='ephemeral') }}
        select id, upper(name) as name, country as code from {{ source('raw', 'people') }}
        """,
    "models/with_countries.sql": """
        {{ config(materialized='ephemeral') }}
        select p.*, c.country
        from {{ ref('stg_people') }} as p left join {{ ref('countries') }} as c using (code)
        """,
    "models/orders.sql": """
        {{ config(materialized='incremental', unique_key='id') }}
        with joined as (
            select o.id, o.price, o.placed_at, p.name, p.country
            from {{ ref('stg_orders') }} o join {{ ref('with_countries') }} p on p.id = o.person_id
            where o.price > {{ var('smallest') }}
        )
        select * from joined
        {% if is_incremental() %} where placed_at > (select max(placed_at) from {{ this }}) {% endif %}
        """,
    "models/totals.sql": """
        select country, sum(price) as total, count(*) as n
        from {{ ref('orders') }} group by country
        """,
    "models/asks.sql": """
        {% set rows = run_query('select 1') %}
        select {{ rows.columns[0].values()[0] if execute else 1 }} as one from {{ ref('orders') }}
        """,
    "models/asks.yml": """
        models: [{name: asks, columns: [{name: one}]}]
        """,
    "models/behind.sql": "select one, one + 1 as two from {{ ref('asks') }}",
    "models/unclear.sql": "pivot {{ ref('orders') }} on country using sum(price)",
    "snapshots/orders_history.sql": """
        {% snapshot orders_history %}
        {{ config(unique_key='id', strategy='timestamp', updated_at='placed_at') }}
        select id, placed_at, price from {{ ref('orders') }}
        {% endsnapshot %}
        """,
}


def write(root: Path, files: dict[str, str]) -> Path:
    """Write ``files`` below ``root``."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
    return root


def opened(root: Path) -> ProjectLineage:
    """The lineage of the project in ``root``, as a new process finds it."""
    return column_lineage(open_project(root))


def summaries(root: Path) -> dict[str, Summary]:
    """All of it."""
    return dict(opened(root).read_all())


def told(summary: Summary) -> dict[str, list[str]]:
    """The columns, each with the columns that it is made of and the use of each as a number."""
    return {
        column.name: [f"{summary.inputs[n]}.{name} {use}" for n, name, use in column.sources]
        for column in summary.columns
    }
