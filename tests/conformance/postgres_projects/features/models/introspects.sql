{{ config(materialized='table') }}
{%- if execute %}
{%- for column in adapter.get_columns_in_relation(ref('people')) %}
select '{{ column.name }}' as name, '{{ column.dtype }}' as dtype, '{{ column.data_type }}' as data_type,
  '{{ column.char_size }}/{{ column.numeric_precision }}/{{ column.numeric_scale }}' as sizes,
  '{{ column.is_string() }}/{{ column.is_number() }}/{{ column.is_float() }}/{{ column.is_integer() }}/{{ column.is_numeric() }}' as is_a
union all
{%- endfor %}
{%- for column in get_column_schema_from_query("select 1 as i, 1::bigint as b, 'a' as s, 1.5 as n, 1.5::float8 as f, true as t, now() as z, now()::timestamp as p, current_date as d, '{}'::json as j, '{1}'::int[] as a, interval '1 day' as v") %}
select 'query.{{ column.name }}', '{{ column.dtype }}', '{{ column.data_type }}', '', ''
union all
{%- endfor %}
{%- set results = run_query("select 1 as i, 1.50::numeric as n, 0.5::float8 as f, null as e, true as t, date '2024-01-02' as d, timestamp '2024-01-02 03:04:05' as p, '9d2f1b1e-2f5c-4c39-8f0e-111111111111'::uuid as u, '10.0.0.1'::inet as a, '{\"a\": 1}'::json as j, array['x','y'] as r, interval '90 minutes' as v, time '10:11' as h") %}
{%- for name in results.column_names %}
select 'value.{{ name }}', '{{ results.columns[loop.index0].values()[0] | string | replace("'", "`") }}', '', '', ''
union all
{%- endfor %}
{%- set relation = load_relation(ref('kept_view')) %}
select '{{ relation }}', '{{ relation.type }}', '{{ relation.is_materialized_view }}', '', ''
union all
{%- endif %}
select '{{ target.host }}/{{ target.dbname }}/{{ target.database }}/{{ target.schema }}/{{ target.connect_timeout }}/{{ target.role }}/{{ target.application_name }}/{{ target.retries }}/{{ target.get("password") }}', '{{ target.keys() | list | join(",") }}', '', '', ''
-- depends_on: {{ ref('kept_view') }}
-- depends_on: {{ ref('people') }}
