{{ config(materialized='incremental', grants={'select': ['reader']} if var('day') == 1 else {'select': ['writer']}) }}
select event_id from {{ ref('happenings') }}
{% if is_incremental() %}where event_id > (select max(event_id) from {{ this }}){% endif %}
