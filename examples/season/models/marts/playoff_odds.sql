with winners as (

    select
        winner_number as team_number,
        {%- for round_number in range(1, 5) %}
        count(*) filter (where round_number = {{ round_number }}) as round_{{ round_number }}_wins
        {{- ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('playoff_series') }}
    group by winner_number

),

seeded as (

    select
        team_number,
        count(*) as playoffs,
        count(*) filter (where playoff_seed = 1) as top_seeds
    from {{ ref('playoff_seeds') }}
    group by team_number

)

select
    teams.team,
    teams.city,
    teams.conference,
    teams.rating,
    {{ share('seeded.playoffs') }} as playoffs,
    {{ share('seeded.top_seeds') }} as top_seed,
    {{ share('winners.round_1_wins') }} as conference_semifinals,
    {{ share('winners.round_2_wins') }} as conference_finals,
    {{ share('winners.round_3_wins') }} as finals,
    {{ share('winners.round_4_wins') }} as title
from {{ ref('league_teams') }} as teams
left join seeded on teams.team_number = seeded.team_number
left join winners on teams.team_number = winners.team_number
order by title desc, teams.team
