with records as (

    select
        records.*,
        teams.conference_number,
        {{ draw('records.scenario', '2000 + records.team_number') }} as lot
    from {{ ref('season_records') }} as records
    inner join {{ ref('league_teams') }} as teams on records.team_number = teams.team_number

)

select
    scenario,
    team_number,
    conference_number,
    wins,
    conference_wins,
    row_number() over (
        partition by scenario, conference_number
        order by wins desc, conference_wins desc, lot
    )::smallint as conference_rank,
    row_number() over (
        partition by scenario
        order by wins desc, conference_wins desc, lot
    )::smallint as league_rank
from records
