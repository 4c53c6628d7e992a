{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='clicked_at', begin='2024-01-01', batch_size='day', unique_key='id') }}
select * from {{ ref('clicks') }} -- refused from the second batch on: whole periods are replaced
