{{ config(materialized='incremental', unique_key='event_id') }}
select event_id, kind from {{ ref('happenings') }}
