with entrants as (

    select
        standings.team_number,
        count(*) as entered,
        count(play_in.scenario) as survived
    from {{ ref('standings') }} as standings
    left join {{ ref('play_in') }} as play_in
        on standings.scenario = play_in.scenario
        and standings.team_number in (play_in.seventh_seed_number, play_in.eighth_seed_number)
    where standings.conference_rank between 7 and 10
    group by standings.team_number

)

select
    teams.team,
    teams.conference,
    {{ share('entrants.entered') }} as play_in,
    {{ share('entrants.survived') }} as playoffs_through_play_in
from {{ ref('league_teams') }} as teams
left join entrants on teams.team_number = entrants.team_number
order by play_in desc, teams.team
