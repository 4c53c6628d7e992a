{{ config(materialized='ephemeral') }}

with pairs as (

    select
        one.team_number,
        two.team_number as opponent_number,
        one.conference_number = two.conference_number as is_conference,
        one.conference_number = two.conference_number
            and one.division_number = two.division_number as is_division,
        one.division_number,
        two.division_number as opponent_division_number,
        (one.division_slot + two.division_slot) % 5 as slot_sum,
        (two.division_slot - one.division_slot + 5) % 5 as slot_offset
    from {{ ref('league_teams') }} as one
    inner join {{ ref('league_teams') }} as two on one.team_number < two.team_number

)

select
    *,
    case
        when is_division then 4
        when is_conference and slot_offset <= 1 then 3
        when is_conference then 4
        else 2
    end as meetings
from pairs
