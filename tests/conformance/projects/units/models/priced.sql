{{ config(materialized='incremental') }}
select i.id, s.name, i.price * {{ var('rate') }} as price, i.day, '{{ env_var("UNIT_WORD", "none") }}' as word, {{ now() }} as at_day
from {{ ref('items') }} as i join {{ ref('short') }} as s using (id)
{% if is_incremental() %}where i.day > (select max(day) from {{ this }}){% endif %}
