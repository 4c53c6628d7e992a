select
    teams.team,
    teams.conference,
    standings.conference_rank,
    count(*) as scenarios,
    {{ share('count(*)') }} as share_of_scenarios
from {{ ref('standings') }} as standings
inner join {{ ref('league_teams') }} as teams on standings.team_number = teams.team_number
group by teams.team, teams.conference, standings.conference_rank
order by teams.conference, standings.conference_rank, share_of_scenarios desc
