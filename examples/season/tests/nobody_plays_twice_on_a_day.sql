with appearances as (

    select match_day, home_team_number as team_number from {{ ref('schedule') }}
    union all
    select match_day, away_team_number from {{ ref('schedule') }}

)

select match_day, team_number, count(*) as games
from appearances
group by match_day, team_number
having count(*) > 1
