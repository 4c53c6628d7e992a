-- The games of the first scenario that the less likely team won, the greatest surprise first.
select
    schedule.game_date,
    home.team as home,
    away.team as away,
    winner.team as winner,
    case
        when winner.team_number = home.team_number then schedule.home_win_probability
        else 1 - schedule.home_win_probability
    end as win_probability
from {{ ref('simulated_games') }} as games
inner join {{ ref('schedule') }} as schedule on games.game_id = schedule.game_id
inner join {{ ref('league_teams') }} as home on schedule.home_team_number = home.team_number
inner join {{ ref('league_teams') }} as away on schedule.away_team_number = away.team_number
inner join {{ ref('league_teams') }} as winner on games.winner_number = winner.team_number
where games.scenario = 1
order by win_probability
limit 20
