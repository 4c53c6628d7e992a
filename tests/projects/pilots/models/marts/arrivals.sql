select
    ships.ship_id,
    ships.ship,
    tides.moment,
    tides.height - ships.draught as under_keel
from {{ ref('known_draughts') }} as ships
inner join {{ ref('stg_tides') }} as tides
    on tides.height > ships.draught
