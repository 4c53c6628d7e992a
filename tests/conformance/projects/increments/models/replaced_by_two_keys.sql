{{ config(incremental_strategy='delete+insert', unique_key=['user_name', 'kind']) }}
select user_name, kind, sum(points) as points, max(batch) as last_batch
from {{ ref('events') }}
where batch {{ '=' if is_incremental() else '<=' }} {{ var('batch') }}
group by 1, 2
