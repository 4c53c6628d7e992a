with games as (

    select home_team_number as team_number, away_team_number as opponent_number, 1 as at_home, game_date
    from {{ ref('schedule') }}
    union all
    select away_team_number, home_team_number, 0, game_date
    from {{ ref('schedule') }}

),

trips as (

    -- Two games in a row on the road belong to one trip: the home games before a game number the trip.
    select
        team_number,
        opponent_number,
        at_home,
        sum(at_home) over (partition by team_number order by game_date) as trip
    from games

),

longest as (

    select team_number, max(games) as longest_trip
    from (
        select team_number, trip, count(*) as games
        from trips
        where at_home = 0
        group by team_number, trip
    )
    group by team_number

)

select
    teams.team,
    teams.conference,
    round(avg(opponents.rating), 1) as opponent_rating,
    round(avg(opponents.rating) filter (where trips.at_home = 0), 1) as opponent_rating_on_the_road,
    any_value(longest.longest_trip) as longest_trip
from trips
inner join {{ ref('league_teams') }} as teams on trips.team_number = teams.team_number
inner join {{ ref('league_teams') }} as opponents on trips.opponent_number = opponents.team_number
inner join longest on trips.team_number = longest.team_number
group by teams.team, teams.conference
order by opponent_rating desc, teams.team
