select
    round_number,
    games_played,
    count(*) as series,
    count(*) / sum(count(*)) over (partition by round_number) as share_of_series,
    avg((winner_number = high_team_number)::integer) as home_advantage_won
from {{ ref('playoff_series') }}
group by round_number, games_played
order by round_number, games_played
