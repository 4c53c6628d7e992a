-- Whoever plays in a round won a series in the round before it.
select series.scenario, series.round_number, contender.team_number
from {{ ref('playoff_series') }} as series
cross join unnest([series.high_team_number, series.low_team_number]) as contender (team_number)
left join {{ ref('playoff_series') }} as previous
    on series.scenario = previous.scenario
    and series.round_number = previous.round_number + 1
    and contender.team_number = previous.winner_number
where series.round_number > 1 and previous.scenario is null
