with meetings as (

    select
        pairs.*,
        leg.number as leg
    from {{ ref('team_pairs') }} as pairs
    inner join range(1, 5) as leg (number) on leg.number <= pairs.meetings

),

hosted as (

    select
        *,
        case
            when leg = 3 and meetings = 3 then slot_offset = 0
            else (team_number + opponent_number + leg) % 2 = 0
        end as first_team_hosts,
        case leg
            when 1 then {{ league_round() }}
            when 2 then 29 + {{ league_round() }}
            when 3 then 58 + (team_number % 15 + opponent_number % 15) % 15
            else 73 + {{ fourth_meeting_round() }}
        end as round_number
    from meetings

),

dated as (

    select
        case when first_team_hosts then team_number else opponent_number end as home_team_number,
        case when first_team_hosts then opponent_number else team_number end as away_team_number,
        is_conference,
        is_division,
        leg,
        25 * round_number % 84 + 1 as match_day
    from hosted

)

select
    (row_number() over (order by match_day, home_team_number))::smallint as game_id,
    match_day::smallint as match_day,
    date '{{ var("season_start") }}' + (2 * (match_day - 1))::integer as game_date,
    home_team_number,
    away_team_number,
    is_conference,
    is_division,
    leg::smallint as leg,
    odds.home_win_probability,
    odds.home_threshold
from dated
inner join {{ ref('matchup_odds') }} as odds
    on dated.home_team_number = odds.team_number
    and dated.away_team_number = odds.opponent_number
order by game_id
