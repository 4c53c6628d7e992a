{{ config(materialized='incremental', on_schema_change='sync_all_columns') }}
select event_id, {% if var('day') == 2 %}amount::numeric as amount, happened_at{% else %}amount, kind{% endif %} from {{ ref('happenings') }}
{% if is_incremental() %}where event_id > (select max(event_id) from {{ this }}){% endif %}
