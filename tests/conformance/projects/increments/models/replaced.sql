{{ config(incremental_strategy='delete+insert', unique_key='event_id') }}
select e.* from {{ ref('events') }} as e
{%- if is_incremental() %}
where e.batch = {{ var('batch') }}
{%- else %}
where e.batch = (
    select max(newest.batch)
    from {{ ref('events') }} as newest
    where newest.event_id = e.event_id and newest.batch <= {{ var('batch') }}
)
{%- endif %}
