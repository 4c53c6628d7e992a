with wins as (

    select
        games.scenario,
        games.winner_number,
        count(*) as wins,
        count(*) filter (where schedule.is_conference) as conference_wins
    from {{ ref('simulated_games') }} as games
    inner join {{ ref('schedule') }} as schedule on games.game_id = schedule.game_id
    group by games.scenario, games.winner_number

)

-- A team that lost all its games has a record too.
select
    scenarios.scenario,
    teams.team_number,
    coalesce(wins.wins, 0)::smallint as wins,
    coalesce(wins.conference_wins, 0)::smallint as conference_wins
from {{ ref('scenarios') }} as scenarios
cross join {{ ref('league_teams') }} as teams
left join wins
    on scenarios.scenario = wins.scenario
    and teams.team_number = wins.winner_number
