{{ config(unique_key='event_id', on_schema_change='append_new_columns') }}
select event_id, kind
{%- if var('batch') > 1 %}, points{% endif %}
from {{ ref('events') }}
where batch = {{ var('batch') }}
