{{
  config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='user_name',
    on_schema_change='append_new_columns',
    merge_update_columns=['points', 'last_seen'],
  )
}}
select user_name, sum(points) as points, max(happened_at) as last_seen, min(batch) as first_batch
from {{ ref('events') }}
{% if is_incremental() %} where batch = {{ var('batch') }} {% else %} where batch <= {{ var('batch') }} {% endif %}
group by user_name
