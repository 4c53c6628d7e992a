select
    teams.team,
    records.wins,
    count(*) as scenarios,
    {{ share('count(*)') }} as share_of_scenarios
from {{ ref('season_records') }} as records
inner join {{ ref('league_teams') }} as teams on records.team_number = teams.team_number
group by teams.team, records.wins
order by teams.team, records.wins
