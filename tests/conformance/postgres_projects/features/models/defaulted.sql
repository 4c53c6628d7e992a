{{ config(materialized='incremental', unique_key='kind') }}
select kind, count(*) as n, max(event_id) as last_id from {{ ref('happenings') }} group by kind
