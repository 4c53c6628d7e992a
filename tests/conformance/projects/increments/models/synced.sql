{{ config(unique_key='event_id', on_schema_change='sync_all_columns') }}
select event_id,
{%- if var('batch') > 1 %} points{% else %} kind{% endif %}
from {{ ref('events') }}
where batch = {{ var('batch') }}
