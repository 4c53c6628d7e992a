select
    moment,
    height,
    height > 4 as is_high
from {{ ref('tides') }}
