select
    ship_id,
    name as ship,
    draught
from {{ ref('ships') }}
