{{ config(incremental_strategy='delete+insert', unique_key='event_id') }}
select * from {{ ref('events') }}
{%- if is_incremental() %}
where batch = {{ var('batch') }}
{%- else %}
where batch <= {{ var('batch') }}
qualify row_number() over (partition by event_id order by batch desc) = 1
{%- endif %}
