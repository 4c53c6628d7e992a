{{ config(materialized='incremental', incremental_strategy='append') }}
select event_id, {{ var('day') }} as loaded_on from {{ ref('happenings') }}
