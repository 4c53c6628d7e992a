with simulated as (

    select
        team_number,
        avg(wins) as mean_wins,
        quantile_disc(wins, 0.05) as wins_low,
        quantile_disc(wins, 0.5) as wins_median,
        quantile_disc(wins, 0.95) as wins_high,
        avg(conference_rank) as mean_conference_rank
    from {{ ref('standings') }}
    group by team_number

),

expected as (

    select
        team_number,
        sum(win_probability) as expected_wins
    from (
        select home_team_number as team_number, home_win_probability as win_probability
        from {{ ref('schedule') }}
        union all
        select away_team_number, 1 - home_win_probability
        from {{ ref('schedule') }}
    )
    group by team_number

)

select
    teams.team,
    teams.city,
    teams.conference,
    teams.division,
    teams.rating,
    round(expected.expected_wins, 3) as expected_wins,
    round(simulated.mean_wins, 3) as mean_wins,
    simulated.wins_low,
    simulated.wins_median,
    simulated.wins_high,
    round(simulated.mean_conference_rank, 2) as mean_conference_rank,
    odds.playoffs,
    odds.title
from {{ ref('league_teams') }} as teams
inner join simulated on teams.team_number = simulated.team_number
inner join expected on teams.team_number = expected.team_number
inner join {{ ref('playoff_odds') }} as odds on teams.team = odds.team
order by simulated.mean_wins desc
