{{ config(materialized='table', schema='other') }}
{%- set cols = adapter.get_columns_in_relation(ref('tab')) -%}
{%- set rel = adapter.get_relation(this.database, 'main', 'tab') -%}
{%- set missing = adapter.get_relation(this.database, 'main', 'nope_not') -%}
{%- set q = run_query('select 1 as a, 2.5 as b union all select 2, 3.5 order by 1') -%}
select '{% for c in cols %}{{ c.name }}:{{ c.dtype }}:{{ c.data_type }}:{{ c.is_string() }}{{ c.is_number() }}{{ c.is_numeric() }}{{ c.is_integer() }},{% endfor %}' as cols,
 '{{ rel }} {{ rel.type if rel }} {{ missing is none }}' as rel,
 '{% if execute %}{{ q.columns[0].values() }} {{ q.rows[1][1] }}{% endif %}' as q,
 '{{ adapter.check_schema_exists(target.database, 'main') }} {{ adapter.check_schema_exists(target.database, 'zzz') }}' as cse,
 '{{ type_names() }}' as m,
 {{ modules.datetime.date(2024,1,1).year }} as y
