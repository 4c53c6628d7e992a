{{ config(full_refresh=true) }}
select count(*) as events, {{ var('batch') }} as batch, {{ is_incremental() }} as incremental
from {{ ref('events') }} where batch <= {{ var('batch') }}
