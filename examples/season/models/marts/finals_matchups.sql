select
    east.team as east_team,
    west.team as west_team,
    {{ share('count(*)') }} as share_of_scenarios,
    avg((finals.winner_number = east.team_number)::smallint) as east_wins_title,
    avg(finals.games_played) as mean_games
from {{ ref('finals') }} as finals
inner join {{ ref('league_teams') }} as east
    on east.team_number in (finals.high_team_number, finals.low_team_number)
    and east.conference = 'East'
inner join {{ ref('league_teams') }} as west
    on west.team_number in (finals.high_team_number, finals.low_team_number)
    and west.conference = 'West'
group by east.team, west.team
order by share_of_scenarios desc
