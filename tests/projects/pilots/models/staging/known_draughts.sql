{{ config(materialized='ephemeral') }}

select ship_id, ship, draught
from {{ ref('stg_ships') }}
where draught is not null
