{{ config(materialized='incremental', on_schema_change='append_new_columns') }}
select event_id, kind{% if var('day') == 2 %}, amount{% endif %} from {{ ref('happenings') }}
{% if is_incremental() %}where event_id > (select max(event_id) from {{ this }}){% endif %}
