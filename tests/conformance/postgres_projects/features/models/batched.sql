{{ config(materialized='incremental', incremental_strategy='microbatch', unique_key='event_id', event_time='happened_at', begin='2024-01-01', batch_size='year') }}
select event_id, kind, happened_at, {{ var('day') }} as loaded_on from {{ ref('happenings') }}
