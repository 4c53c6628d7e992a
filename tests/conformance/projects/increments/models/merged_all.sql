{{ config(incremental_strategy='merge', unique_key=['user_name', 'kind']) }}
select user_name, kind, count(*) as times, max(batch) as batch
from {{ ref('events') }}
{% if is_incremental() %} where batch = {{ var('batch') }} {% else %} where batch <= {{ var('batch') }} {% endif %}
group by user_name, kind
