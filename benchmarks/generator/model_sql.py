"""The SQL of generated models: 30 to 80 lines of CTEs, with the Jinja that their flavour asks for.

Every model has the same eight columns, so that any may read any other: id, customer_id, amount, quantity, status,
event_date, updated_at and score. Rows are joined by id, which keeps tables small: a build then measures the tool
rather than the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from random import Random

from benchmarks.generator.shape import STATUSES, Model, source_system

COLUMNS = ("id", "customer_id", "amount", "quantity", "status", "event_date", "updated_at", "score")


def model_sql(model: Model, seed: int) -> str:
    """Return the text of a model's file."""
    random = Random(f"{model.name}/{seed}")
    steps = [_joined(model, random)]
    previous = "joined"
    for number in range(random.randint(0, 2)):
        name = f"step_{number + 1}"
        steps.append((name, random.choice(STEPS)(previous, random)))
        previous = name
    if model.flavour != "plain":
        steps.append(("extended", FLAVOURS[model.flavour](model, previous)))
        previous = "extended"
    body = [*_inputs(model), *(f"{name} as (\n\n{_indent(text)}\n\n)" for name, text in steps)]
    ctes = ",\n\n".join(body)
    return f"{_config(model, random)}with\n\n{ctes}\n\n{_final(model, previous)}\n"


def _indent(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.splitlines())


def _listed(columns: Iterable[str]) -> str:
    return ",\n".join(f"    {column}" for column in columns)


def _config(model: Model, random: Random) -> str:
    """Return the config() call, where the folder's config does not say it all."""
    if model.materialized == "ephemeral":
        return "{{ config(materialized='ephemeral') }}\n\n"
    if model.materialized == "incremental":
        strategy = random.choice(["delete+insert", "merge"])
        return (
            "{{\n    config(\n        materialized='incremental',\n        unique_key='id',\n"
            f"        incremental_strategy='{strategy}',\n        tags=['incremental']\n    )\n}}}}\n\n"
        )
    if random.random() < 0.2:
        return f"{{{{ config(tags=['{random.choice(['nightly', 'hourly'])}']) }}}}\n\n"
    return ""


def _inputs(model: Model) -> list[str]:
    """Return one CTE for each thing the model reads."""
    tables = [f"source('{source_system(name)}', '{name}')" for name in model.sources]
    tables += [f"ref('{name}')" for name in model.parents]
    return [
        f"input_{number + 1} as (select * from {{{{ {table} }}}})"
        for number, table in enumerate(tables)
    ]


def _joined(model: Model, random: Random) -> tuple[str, str]:
    """Return the CTE that brings the inputs together in the eight columns."""
    if model.layer == "staging":
        return "joined", _renamed(model)
    count = len(model.parents)
    others = range(2, count + 1)
    amounts = " + ".join(["input_1.amount", *(f"coalesce(input_{n}.amount, 0)" for n in others)])
    lines = [
        "select",
        "    input_1.id,",
        "    input_1.customer_id,",
        f"    ({amounts}) / {count} as amount,",
        f"    greatest({', '.join(f'coalesce(input_{n}.quantity, 0)' for n in range(1, count + 1))})",
        "        as quantity,",
        "    input_1.status,",
        f"    coalesce(input_{random.randint(1, count)}.event_date, input_1.event_date) as event_date,",
        "    input_1.updated_at,",
        "    input_1.score",
        "from input_1",
        *(f"left join input_{n}\n    on input_1.id = input_{n}.id" for n in others),
    ]
    return "joined", "\n".join(lines)


def _renamed(model: Model) -> str:
    """Return the select that gives a source its clean names."""
    beside = (
        "left join input_2 on input_1.status = input_2.code"
        if model.parents
        else "left join input_2 on input_1.id = input_2.id"
    )
    return "\n".join([
        "select",
        "    input_1.id,",
        "    input_1.customer_id,",
        "    {{ cents_to_units('input_1.amount_cents') }} as amount,",
        "    input_1.quantity,",
        "    lower(trim(input_1.status)) as status,",
        "    cast(input_1.created_at as date) as event_date,",
        "    input_1.updated_at,",
        "    case when input_1.is_active then 1.0 else 0.5 end as score",
        "from input_1",
        *([beside] if model.parents or len(model.sources) > 1 else []),
        "where input_1.created_at >= '{{ var(\"start_date\") }}'",
    ])  # fmt: skip


def _ranked(previous: str, random: Random) -> str:
    return f"""select
{_listed(COLUMNS)},
    row_number() over (
        partition by customer_id
        order by updated_at desc, id
    ) as position_{random.randint(1, 9)},
    sum(amount) over (partition by customer_id) as customer_amount
from {previous}
where quantity >= 0"""


def _bucketed(previous: str, random: Random) -> str:
    low = random.randint(5, 40)
    return f"""select
{_listed(COLUMNS[:-1])},
    case
        when amount < {low} then score * 0.9
        when amount < {low * 2} then score
        when amount < {low * 4} then score * 1.1
        else score * 1.2
    end as score
from {previous}"""


def _totalled(previous: str, random: Random) -> str:
    unit = random.choice(["week", "month", "quarter"])
    return f"""select
{_listed(f"each_row.{column}" for column in COLUMNS[:-1])},
    each_row.score + totals.amount / totals.rows_in_period / 1000 as score
from {previous} as each_row
inner join (
    select
        date_trunc('{unit}', event_date) as period,
        sum(amount) as amount,
        count(*) as rows_in_period
    from {previous}
    group by 1
) as totals
    on date_trunc('{unit}', each_row.event_date) = totals.period"""


STEPS: Sequence[Callable[[str, Random], str]] = (_ranked, _bucketed, _totalled)


def _jinja(model: Model, previous: str) -> str:
    """Return a select with a set, a loop and project macros."""
    statuses = ", ".join(f"'{status}'" for status in STATUSES)
    return f"""{{%- set statuses = [{statuses}] %}}
select
{_listed(COLUMNS)}
    {{%- for status in statuses %}},
    {{{{ amount_when('status', status, 'amount') }}}} as {{{{ status }}}}_amount
    {{%- endfor %}},
    {{{{ scaled('amount', {len(model.name)}) }}}} as scaled_amount,
    {{{{ period_label('event_date', var('reporting_period')) }}}} as reporting_period
from {previous}"""


def _library(model: Model, previous: str) -> str:
    """Return a select with macros that dispatch, and that ask the database while it is there."""
    first = model.parents[0] if model.parents else None
    relation = f"ref('{first}')" if first and not first.startswith("codes_") else None
    lines = [
        "select",
        f"{_listed(COLUMNS)},",
        "    {{ surrogate_key(['id', 'customer_id', 'status']) }} as row_key",
    ]
    if relation:
        lines[-1] += ","
        lines += [
            f"    {{%- set seen = column_values({relation}, 'status') %}}",
            "    {{ pivot_amounts('status', seen, 'amount') }},",
            f"    {{{{ column_count({relation}, except=['score']) }}}} as parent_columns",
        ]
    return "\n".join([*lines, f"from {previous}"])


FLAVOURS: dict[str, Callable[[Model, str], str]] = {"jinja": _jinja, "library": _library}


def _final(model: Model, previous: str) -> str:
    """Return the last select; of an incremental model, only what is new. One in a hundred reads a var."""
    columns = f"select\n{_listed(COLUMNS)}" if model.flavour == "plain" else "select *"
    lines = [columns, f"from {previous}"]
    if model.materialized == "incremental":
        lines += [
            "{% if is_incremental() %}",
            "where updated_at > (select max(updated_at) from {{ this }})",
            "{% endif %}",
        ]
    elif model.name.endswith("12") and model.flavour == "plain":
        lines.append("where '{{ var('cutoff') }}' is not null")
    return "\n".join(lines)
