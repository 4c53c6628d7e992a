{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='clicked_at', begin='2024-01-01', batch_size='day') }}
select *, {{ "'" ~ model.batch.id ~ "'" if model.batch else "'none'" }} as batch, '{{ model.config.event_time }}' as by
from {{ ref('clicks') }}
