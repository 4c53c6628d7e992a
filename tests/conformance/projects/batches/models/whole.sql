{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='clicked_at', begin='2024-01-01', batch_size='day', lookback=2, concurrent_batches=false) }}
select c.*, p.n from {{ ref('clicks') }} as c cross join (select count(*) as n from {{ ref('clicks').render() }}) as p
