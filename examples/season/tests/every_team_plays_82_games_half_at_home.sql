with appearances as (

    select home_team_number as team_number, 1 as at_home from {{ ref('schedule') }}
    union all
    select away_team_number, 0 from {{ ref('schedule') }}

)

select team_number, count(*) as games, sum(at_home) as home_games
from appearances
group by team_number
having count(*) != 82 or sum(at_home) != 41
