select moment, height
from {{ ref('stg_tides') }}
where is_high
order by moment
