{{ config(incremental_strategy='append') }}
select event_id, batch, kind, points
from {{ ref('events') }}
where batch <= {{ var('batch') }}
{% if is_incremental() %}
  and batch > (select max(batch) from {{ this }})
{% endif %}
