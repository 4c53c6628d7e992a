{{ config(materialized='incremental', unique_key='ship_id') }}

select ship_id, min(moment) as first_tide
from {{ ref('arrivals') }}
{% if is_incremental() %}
where moment > (select max(first_tide) from {{ this }})
{% endif %}
group by ship_id
